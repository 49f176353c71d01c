import { Copy, Download, EllipsisVertical, Eraser } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useCall } from '../../bridge/use-call.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/clipboard.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ActionMenu } from '../../ui/menu.tsx';
import { saveText } from '../../ui/save-text.ts';
import { collectLog } from './collect-log.ts';
import type { LogQuestion } from './log-filter.ts';
import type { LogStore } from './log-store.ts';
import { formatLog } from './log-text.ts';

/** What can be done with the lines that are shown: copied, saved, cleared. */
export function LogActions(props: { readonly question: LogQuestion; readonly store: LogStore }) {
  const { question, store } = props;
  const { name } = question;
  const { t } = useTranslation('logs');
  const { connection } = useBridge();
  const { logs } = connection.client;
  const call = useCall();
  const [isClearing, setIsClearing] = useState(false);
  const [collecting, setCollecting] = useState<{ count: number; cancel: AbortController }>();

  const download = async () => {
    const cancel = new AbortController();
    setCollecting({ count: 0, cancel });
    await call.run(async () => {
      try {
        const text = await collectLog(logs, question, cancel.signal, (count) => {
          setCollecting({ count, cancel });
        });
        saveText(`${name}.log`, text);
      } catch (error) {
        if (!cancel.signal.aborted) throw error;
      }
    });
    setCollecting(undefined);
  };
  return (
    <>
      {collecting !== undefined && (
        <span className="log-collecting" role="status">
          {t('collecting', { count: collecting.count })}
          <Button
            onClick={() => {
              collecting.cancel.abort();
            }}
          >
            {t('cancel')}
          </Button>
        </span>
      )}
      <ActionMenu
        trigger={<IconButton icon={EllipsisVertical} label={t('more')} />}
        entries={[
          {
            label: t('copy'),
            icon: Copy,
            onSelect: () => void copyText(formatLog(store.getState().window.lines)),
          },
          {
            label: t('download'),
            icon: Download,
            isDisabled: collecting !== undefined,
            onSelect: () => void download(),
          },
          {
            label: t('clear'),
            icon: Eraser,
            isDangerous: true,
            onSelect: () => {
              setIsClearing(true);
            },
          },
        ]}
      />
      <ConfirmDialog
        isOpen={isClearing}
        onClose={() => {
          setIsClearing(false);
        }}
        title={t('clearTitle', { name })}
        confirmLabel={t('clearConfirm')}
        isDangerous
        onConfirm={() => {
          // It is emptied as every window is, by what the host says of it.
          void call.run(() => logs.clear({ name }));
        }}
      >
        <p>{t('clearGoes')}</p>
        <p>{t('clearStays')}</p>
      </ConfirmDialog>
      {call.error !== undefined && (
        <ErrorNotice {...describeError(call.error)} onDismiss={call.clearError} />
      )}
    </>
  );
}
