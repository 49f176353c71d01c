import { Ban, CircleCheck, Download, Upload, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { describeError } from '../../bridge/bridge-error.ts';
import { IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes, formatBytesOf } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useFilesScope } from './files-scope.tsx';
import { cancelTransfer } from './run-transfer.ts';
import { dismissTransfer, type Transfer } from './transfer-store.ts';
import './transfers.css';

const sentences = {
  upload: {
    running: 'uploading',
    succeeded: 'uploaded',
    failed: 'uploadFailed',
    cancelled: 'uploadCancelled',
  },
  download: {
    running: 'downloading',
    succeeded: 'downloaded',
    failed: 'downloadFailed',
    cancelled: 'downloadCancelled',
  },
} as const;

/** Transfers that run, and those that have ended until they are dismissed. */
export function TransferStrip() {
  const { t } = useTranslation('files');
  const { transfers: store } = useFilesScope();
  const transfers = useStore(store, (state) => state.transfers);
  if (transfers.length === 0) return null;
  return (
    <ul className="transfers" aria-label={t('transfers')}>
      {transfers.map((transfer) => (
        <li key={transfer.id}>
          <TransferLine transfer={transfer} />
        </li>
      ))}
    </ul>
  );
}

function TransferLine({ transfer }: { readonly transfer: Transfer }) {
  const { id, kind, subject, others, directory, bytesDone, bytesTotal, state, error } = transfer;
  const { leftOut } = transfer;
  const { t } = useTranslation('files');
  const { transfers: store } = useFilesScope();
  const what = others === 0 ? subject : t('whatAndOthers', { name: subject, count: others });
  const title = t(sentences[kind][state], { what, path: directory });
  const dismiss = () => {
    dismissTransfer(store, id);
  };
  if (state === 'failed' && error !== undefined) {
    const described = describeError(error);
    return (
      <ErrorNotice {...described} message={`${title}. ${described.message}`} onDismiss={dismiss} />
    );
  }
  const Icon = {
    running: kind === 'upload' ? Upload : Download,
    succeeded: CircleCheck,
    cancelled: Ban,
    failed: Ban,
  }[state];
  return (
    <>
      <div className={`transfer transfer-${state}`}>
        <Icon className="icon" aria-hidden />
        <span className="transfer-title" role="status">
          {title}
        </span>
        {state === 'running' && bytesTotal !== undefined && (
          <ProgressBar label={title} value={bytesDone} max={bytesTotal} />
        )}
        <span className="quiet">
          {state !== 'running' || bytesTotal === undefined
            ? formatBytes(bytesDone)
            : formatBytesOf(Math.min(bytesDone, bytesTotal), bytesTotal)}
        </span>
        {state === 'running' ? (
          <IconButton
            icon={X}
            label={t('cancelTransfer', { title })}
            onClick={() => {
              cancelTransfer(id);
            }}
          />
        ) : (
          <IconButton icon={X} label={t('dismiss', { title })} onClick={dismiss} />
        )}
      </div>
      {leftOut.length > 0 && (
        <details className="transfer-left-out">
          <summary>{t('leftOut', { count: leftOut.length })}</summary>
          <pre>{leftOut.join('\n')}</pre>
        </details>
      )}
    </>
  );
}
