import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatMiB } from '../../ui/format.ts';
import { actOnSandbox, isAlive } from './sandbox-actions.ts';

/** Asks before a sandbox and its disk go; says what stays. */
export function RemoveDialog(props: {
  readonly sandbox: Sandbox;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRemoved?: () => void;
}) {
  const { connection } = useBridge();
  const { sandbox, isOpen, onClose, onRemoved } = props;
  const { config, name, state } = sandbox;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Remove ${name}?`}
      confirmLabel="Remove"
      isDangerous
      onConfirm={() => {
        void actOnSandbox(connection.client, sandbox, 'remove').then((isGone) => {
          if (isGone) onRemoved?.();
        });
      }}
    >
      {isAlive(state) && <p>It is {state}. It is stopped first, and its terminals end.</p>}
      <ul>
        <li>
          <strong>Goes:</strong> its disk of {formatMiB(config.rootDiskMiB)} with every file that
          was written in it. There is no way back.
        </li>
        <li>
          <strong>Stays:</strong> the image <span className="mono">{config.image}</span> in the
          store.
        </li>
      </ul>
    </ConfirmDialog>
  );
}
