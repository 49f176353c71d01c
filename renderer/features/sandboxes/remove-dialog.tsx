import { Trans, useTranslation } from 'react-i18next';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatMiB } from '../../ui/format.ts';
import { actOnSandbox } from './sandbox-actions.ts';
import { holdsMemory } from './state-rules.ts';

function whatGoes({ root, config }: Sandbox) {
  if (root?.kind === 'disk') return config.root.fork === true ? 'goesOverlay' : 'goesRecord';
  return root?.kind === 'directory' && config.root.access !== 'ro' ? 'goesRecord' : 'goesDisk';
}

/** Asks before a sandbox and its disk go; says what stays. */
export function RemoveDialog(props: {
  readonly sandbox: Sandbox;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRemoved?: () => void;
}) {
  const { t } = useTranslation('create');
  const { connection } = useBridge();
  const { sandbox, isOpen, onClose, onRemoved } = props;
  const { config, name, state } = sandbox;
  const hasVolumes = Object.values(config.volumes).some(({ tmpfs }) => tmpfs === undefined);
  const isImage = sandbox.root?.kind === 'image';
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('remove.title', { name })}
      confirmLabel={t('remove.confirm')}
      isDangerous
      onConfirm={() => {
        void actOnSandbox(connection.client, sandbox, 'remove').then((isGone) => {
          if (isGone) onRemoved?.();
        });
      }}
    >
      {holdsMemory(state) && <p>{t(`remove.alive.${state}`)}</p>}
      <ul>
        <li>
          <Trans
            t={t}
            i18nKey={`remove.${whatGoes(sandbox)}`}
            values={{ size: formatMiB(config.rootDiskMiB) }}
          />
        </li>
        <li>
          <Trans
            t={t}
            i18nKey={`remove.${isImage ? 'staysImage' : 'staysRoot'}${hasVolumes ? 'Volumes' : ''}`}
            components={{ root: <span className="mono">{config.image}</span> }}
          />
        </li>
      </ul>
    </ConfirmDialog>
  );
}
