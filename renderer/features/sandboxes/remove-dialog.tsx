import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatMiB } from '../../ui/format.ts';
import { actOnSandbox, isAlive } from './sandbox-actions.ts';

function whatGoes({ root, config }: Sandbox): string {
  const written = 'with every file that was written in it';
  if (root?.kind === 'disk') {
    return config.root.fork === true
      ? `its overlay of the disk ${written}`
      : 'its record and its logs';
  }
  if (root?.kind === 'directory' && config.root.access !== 'ro') return 'its record and its logs';
  return `its disk of ${formatMiB(config.rootDiskMiB)} ${written}`;
}

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
  const hasVolumes = Object.values(config.volumes).some(({ tmpfs }) => tmpfs === undefined);
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
          <strong>Goes:</strong> {whatGoes(sandbox)}. There is no way back.
        </li>
        <li>
          <strong>Stays:</strong> {sandbox.root?.kind === 'image' ? 'the image ' : ''}
          <span className="mono">{config.image}</span>
          {sandbox.root?.kind === 'image' && ' in the store'}
          {hasVolumes && ', and what it wrote to its volumes'}.
        </li>
      </ul>
    </ConfirmDialog>
  );
}
