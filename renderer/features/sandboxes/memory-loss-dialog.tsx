import { Trans, useTranslation } from 'react-i18next';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatBytes } from '../../ui/format.ts';
import { actOnSandbox } from './sandbox-actions.ts';

/** Asks before the memory of a suspended sandbox is given up: to stop it, or to start it anew. */
export function MemoryLossDialog(props: {
  readonly sandbox: Sandbox;
  readonly action: 'stop' | 'startFromDisk';
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { sandbox, action, isOpen, onClose } = props;
  const { name, suspended } = sandbox;
  const { t } = useTranslation('create');
  const { connection } = useBridge();
  const size = formatBytes(suspended?.memoryBytes ?? 0);
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t(`memoryLoss.title.${action}`, { name })}
      confirmLabel={t(`memoryLoss.confirm.${action}`)}
      isDangerous
      onConfirm={() => void actOnSandbox(connection.client, sandbox, action)}
    >
      <ul>
        <li>
          <Trans t={t} i18nKey="memoryLoss.goes" values={{ size }} />
        </li>
        <li>
          <Trans t={t} i18nKey="memoryLoss.stays" />
        </li>
      </ul>
    </ConfirmDialog>
  );
}
