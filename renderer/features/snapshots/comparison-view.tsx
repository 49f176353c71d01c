import { FileCheck, RefreshCw, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { ChangedList } from '../../ui/changed-list.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { EmptyState } from '../../ui/page.tsx';
import { closeComparison, compare, comparisonStore } from './comparison-store.ts';

/** What differs between two points: how far the work is, then the paths. */
export function ComparisonView(props: {
  readonly sandboxId: string;
  readonly progressOf: (operationId: string) => ReactNode;
}) {
  const { sandboxId, progressOf } = props;
  const { t } = useTranslation('snapshots');
  const { client } = useBridge().connection;
  const comparison = useStore(comparisonStore, (state) => state[sandboxId]);
  if (comparison === undefined) return null;
  const { from, to, operationId, changes, error } = comparison;
  const title = t('compare.title', { from, to });
  return (
    <section className="comparison card" aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
        <div className="comparison-tools">
          {error !== undefined && (
            <Button icon={RefreshCw} onClick={() => void compare(client, sandboxId, comparison)}>
              {t('compare.again')}
            </Button>
          )}
          <IconButton
            icon={X}
            label={t('compare.close')}
            onClick={() => {
              closeComparison(sandboxId);
            }}
          />
        </div>
      </div>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {changes === undefined && error === undefined && (
        <div role="status">
          {operationId === undefined ? (
            <p className="quiet">{t('compare.comparing')}</p>
          ) : (
            progressOf(operationId)
          )}
        </div>
      )}
      {changes !== undefined &&
        (changes.files.length === 0 ? (
          <EmptyState icon={FileCheck} title={t('compare.noneTitle')}>
            {t('compare.none')}
          </EmptyState>
        ) : (
          <ChangedList
            {...changes}
            label={t('compare.label')}
            note={t('compare.note', { from, to })}
          />
        ))}
    </section>
  );
}
