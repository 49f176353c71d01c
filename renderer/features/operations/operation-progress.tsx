import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Operation, Stage } from '../../../main/contract/operation.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes, formatBytesOf, formatDuration } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { translate } from '../../words/language.ts';
import { cancelOperation } from './operation-actions.ts';
import { describeOperation } from './operation-selectors.ts';
import { operationStore } from './operation-store.ts';
import { StageList } from './stage-list.tsx';
import { addUpStages, type StageRate } from '../../../main/contract/stage-rate.ts';

/** Ends an operation; worded, and disabled once it was asked. */
export function CancelButton({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation('operations');
  const { connection } = useBridge();
  const isCancelling = useStore(operationStore, ({ cancelling }) =>
    cancelling.includes(operation.id),
  );
  if (operation.state !== 'running') return null;
  return (
    <Button
      icon={X}
      disabled={isCancelling}
      onClick={() => {
        void cancelOperation(connection.client, operation.id);
      }}
    >
      {isCancelling ? t('cancelling') : t('cancel')}
    </Button>
  );
}

/** An operation's stages, and what went wrong; `actions` are the ways on after a failure. */
export function OperationProgress(props: {
  readonly operation: Operation;
  readonly actions?: ReactNode;
}) {
  const { operation, actions } = props;
  const { t } = useTranslation('operations');
  const rates = useStore(operationStore, (state) => state.rates[operation.id]);
  const cancelError = useStore(operationStore, (state) => state.cancelErrors[operation.id]);
  const error = operation.error ?? cancelError;
  const active = operation.stages.find((stage) => stage.state === 'active');
  return (
    <div className="section">
      {operation.state === 'running' && <Overall stages={operation.stages} rates={rates} />}
      <StageList stages={operation.stages} rates={rates} />
      <p className="visually-hidden" role="status">
        {active === undefined ? summariseOperation(operation) : active.label}
      </p>
      {operation.state === 'cancelled' ? (
        <div className="error-notice-actions">
          <span>
            {t('wasCancelled', { task: describeOperation(operation) })} {describeRest(operation)}
          </span>
          {actions}
        </div>
      ) : (
        error !== undefined && (
          <ErrorNotice {...describeError(withoutOutput(error, operation))} actions={actions} />
        )
      )}
    </div>
  );
}

/** The error without the end of what was printed, where that is shown whole. */
function withoutOutput(error: ErrorData, { hasOutput = false }: Operation): ErrorData {
  if (!hasOutput || error.details === undefined) return error;
  const { outputTail: _shown, ...details } = error.details;
  return { ...error, details };
}

/** All layers together, where there are several. */
function Overall(props: {
  readonly stages: readonly Stage[];
  readonly rates: Readonly<Record<string, StageRate>> | undefined;
}) {
  const { t } = useTranslation('operations');
  const overall = addUpStages(props.stages, props.rates);
  if (overall === undefined) return null;
  const { bytesDone, bytesTotal, bytesPerSecond, leftMs } = overall;
  return (
    <div className="overall">
      <ProgressBar label={t('allOfIt')} value={bytesDone} max={bytesTotal} />
      <span>{formatBytesOf(bytesDone, bytesTotal)}</span>
      {bytesPerSecond !== undefined && (
        <span className="quiet">{formatBytes(bytesPerSecond)}/s</span>
      )}
      {leftMs !== undefined && bytesDone < bytesTotal && (
        <span className="quiet">{t('left', { time: formatDuration(leftMs) })}</span>
      )}
    </div>
  );
}

/** What a cancelled operation leaves behind, in one sentence. */
export function describeRest({ kind }: Pick<Operation, 'kind'>): string {
  if (kind === 'pull') return translate('operations:rest.pull');
  if (kind === 'upload' || kind === 'download') return translate('operations:rest.transfer');
  return translate('operations:rest.nothing');
}

/** How an operation stands, in one short phrase. */
export function summariseOperation(operation: Operation): string {
  const { state, startedAtMs, endedAtMs } = operation;
  if (state === 'running' || endedAtMs === undefined)
    return translate(`operations:states.${state}`);
  const time = formatDuration(endedAtMs - startedAtMs);
  return translate(`operations:statesAfter.${state}`, { time });
}
