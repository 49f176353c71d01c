import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCommandLine } from '../../../main/contract/config/command-line.ts';
import type { ConfigRemark } from '../../../main/contract/config/config-report.ts';
import { formatConfigYaml } from '../../../main/contract/config/config-text.ts';
import type { SandboxConfig } from '../../../main/contract/sandbox-config.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { formatMiB } from '../../ui/format.ts';
import { describeNetwork } from '../../words/network-words.ts';

/** What will be made, in words, as a command line and as YAML; and the button that makes it. */
export function CreateSummary(props: {
  /** Undefined while a field is wrong. */
  readonly config: SandboxConfig | undefined;
  /** What the host has to say of it. */
  readonly notes: readonly ConfigRemark[];
  readonly problems: readonly ConfigRemark[];
  readonly submitLabel: string;
  readonly isSubmitting: boolean;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation('create');
  const { config, notes, problems, isSubmitting } = props;
  return (
    <section className="create-summary card" aria-labelledby="create-summary-title">
      <h2 id="create-summary-title">{t('summary.title')}</h2>
      {config !== undefined && (
        <>
          <Words config={config} />
          <details>
            <summary>{t('summary.commandLine')}</summary>
            <CopyBlock text={formatCommandLine(config)} what={t('summary.copyCommandLine')} />
          </details>
          <details>
            <summary>YAML</summary>
            <CopyBlock text={formatConfigYaml(config)} what="YAML" />
          </details>
        </>
      )}
      {problems.length > 0 && (
        <p className="quiet">{t('summary.correct', { count: problems.length })}</p>
      )}
      {notes.map(({ path, message }) => (
        <p key={`${path} ${message}`} className="quiet">
          {message}
        </p>
      ))}
      {props.children}
      <Button type="submit" variant="primary" icon={Plus} disabled={isSubmitting}>
        {props.submitLabel}
      </Button>
    </section>
  );
}

function Words({ config }: { readonly config: SandboxConfig }) {
  const { t } = useTranslation('create');
  const counts = [
    [Object.keys(config.volumes).length, 'volumes'],
    [Object.keys(config.scripts).length, 'scripts'],
    [config.patches.length, 'patches'],
    [Object.keys(config.env).length, 'variables'],
  ] as const;
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => t(`summary.${what}`, { count }));
  return (
    <div>
      <p className="create-summary-name mono">{config.name}</p>
      <p className="mono create-summary-image">{config.image}</p>
      <p>
        {t('cpus', { count: config.cpus })} · {formatMiB(config.memoryMiB)} ·{' '}
        {t('summary.disk', { size: formatMiB(config.rootDiskMiB) })}
      </p>
      {parts.length > 0 && <p>{parts.join(', ')}</p>}
      <p>{describeNetwork(config.network)}</p>
    </div>
  );
}
