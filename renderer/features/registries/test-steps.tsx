import { CircleCheck, CircleX, LoaderCircle, Minus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { RegistryTest } from '../../../main/contract/registry.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { summariseTest } from './registry-words.ts';

const marks = {
  pass: CircleCheck,
  fail: CircleX,
  skip: Minus,
} as const;

/** A test that goes on, or has ended one way or another. */
export interface TestRun {
  readonly registry: string;
  readonly test?: RegistryTest;
  readonly error?: ErrorData;
}

/** What a test found, step by step. */
export function TestSteps({ run }: { readonly run: TestRun }) {
  const { t } = useTranslation('registries');
  const { registry, test, error } = run;
  if (error !== undefined) return <ErrorNotice {...describeError(error)} />;
  if (test === undefined) {
    return (
      <p className="test-running" role="status">
        <LoaderCircle className="icon spinning" aria-hidden />
        {t('test.running', { registry })}
      </p>
    );
  }
  return (
    <div className="section">
      <p role="status">{summariseTest(test)}</p>
      <ol className="test-steps" aria-label={t('test.of', { registry })}>
        {test.steps.map(({ step, result, evidence, hint }) => {
          const Icon = marks[result];
          return (
            <li key={step} className={`test-step test-${result}`}>
              <Icon className="icon" aria-hidden />
              <span className="test-name">{t(`test.steps.${step}`)}</span>
              <span className="test-word">{t(`test.${result}`)}</span>
              <span className="test-evidence">
                {evidence}
                {hint !== undefined && <span className="test-hint">→ {hint}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
