import { Trans, useTranslation } from 'react-i18next';
import type { Snapshot } from '../../../main/contract/snapshot.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatBytes } from '../../ui/format.ts';
import { removeSnapshot } from './snapshot-actions.ts';

/** Asks before a snapshot goes, and says what space is free then. */
export function RemoveSnapshotDialog(props: {
  /** Of the sandbox whose page asks. */
  readonly sandboxId: string;
  readonly snapshot: Snapshot;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('snapshots');
  const { sandboxId, snapshot, isOpen, onClose } = props;
  const { client } = useBridge().connection;
  const { id, name, ownDiskBytes, memoryBytes, diskBytes } = snapshot;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('remove.title', { name })}
      confirmLabel={t('remove.submit')}
      isDangerous
      onConfirm={() => void removeSnapshot(client, sandboxId, id)}
    >
      <ul>
        <li>
          <Trans
            t={t}
            i18nKey="remove.frees"
            values={{ size: formatBytes(ownDiskBytes + memoryBytes) }}
          />
        </li>
        <li>
          <Trans
            t={t}
            i18nKey="remove.stays"
            values={{ size: formatBytes(Math.max(0, diskBytes - ownDiskBytes)) }}
          />
        </li>
      </ul>
    </ConfirmDialog>
  );
}
