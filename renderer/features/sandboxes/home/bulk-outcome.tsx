import { CircleCheck, LoaderCircle, TriangleAlert, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { describeError } from '../../../bridge/bridge-error.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy.tsx';
import { bulkStore, type BulkWork } from './bulk-store.ts';

/** How far the work on several is, and what came of it, until it is dismissed. */
export function BulkOutcome() {
  const work = useStore(bulkStore, (state) => state.work);
  return work === undefined ? null : <Outcome work={work} />;
}

function Outcome({ work }: { readonly work: BulkWork }) {
  const { action, total, done, failed, isOver, isCancelled, cancel } = work;
  const { t } = useTranslation('sandboxes');
  const left = total - done.length - failed.length;
  const Mark = !isOver ? LoaderCircle : failed.length > 0 ? TriangleAlert : CircleCheck;
  const kind = !isOver ? 'busy' : failed.length > 0 ? 'error' : 'ok';
  const parts = [
    t(`bulkDone.${action}`, { count: done.length }),
    ...(failed.length > 0 ? [t('bulkFailed', { count: failed.length })] : []),
    ...(left > 0 ? [isOver ? t('bulkLeft', { count: left }) : t('bulkToGo', { count: left })] : []),
  ];
  return (
    <section className={`bulk-outcome bulk-outcome-${kind}`} aria-label={t('bulkOutcome')}>
      <div className="bulk-outcome-head">
        <Mark className={isOver ? 'icon' : 'icon spinning'} aria-hidden />
        <span role="status">{parts.join(', ')}</span>
        {!isOver && (
          <Button disabled={isCancelled} onClick={cancel}>
            {t('bulkCancel')}
          </Button>
        )}
        {failed.length > 0 && (
          <CopyButton
            label={t('bulkCopy')}
            text={() =>
              failed
                .map(({ name, error }) => `${name}\n${describeError(error).report()}`)
                .join('\n\n')
            }
          />
        )}
        {isOver && (
          <IconButton
            icon={X}
            label={t('dismiss')}
            onClick={() => {
              bulkStore.setState({ work: undefined });
            }}
          />
        )}
      </div>
      {failed.length > 0 && (
        <ul className="bulk-errors">
          {failed.map(({ name, error }) => (
            <li key={name}>
              <strong className="mono">{name}</strong> {error.message}{' '}
              <span className="quiet">→ {error.hint}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
