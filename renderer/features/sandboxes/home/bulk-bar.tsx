import {
  Moon,
  Pause,
  Play,
  RotateCw,
  Square,
  StepForward,
  Trash2,
  X,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { BulkRemoveDialog } from './bulk-remove-dialog.tsx';
import { actOnAll, bulkStore, canAct } from './bulk-store.ts';

const actions = [
  { action: 'start', icon: Play },
  { action: 'resume', icon: StepForward },
  { action: 'pause', icon: Pause },
  { action: 'suspend', icon: Moon },
  { action: 'stop', icon: Square },
  { action: 'restart', icon: RotateCw },
  { action: 'remove', icon: Trash2 },
] as const satisfies readonly { readonly action: string; readonly icon: LucideIcon }[];

/** What can be done with all that are selected; each button says with how many of them. */
export function BulkBar(props: {
  readonly selected: readonly Sandbox[];
  readonly onClear: () => void;
}) {
  const { selected, onClear } = props;
  const { t } = useTranslation('sandboxes');
  const { connection } = useBridge();
  const isBusy = useStore(bulkStore, ({ work }) => work?.isOver === false);
  const [removing, setRemoving] = useState<readonly Sandbox[]>([]);
  return (
    <div className="bulk-bar" role="toolbar" aria-label={t('bulk')}>
      <strong role="status">{t('selected', { count: selected.length })}</strong>
      {actions.map(({ action, icon }) => {
        const able = selected.filter((sandbox) => canAct(sandbox, action));
        // The bar stays short: what is for paused ones shows where there are some.
        if (action === 'resume' && able.length === 0) return null;
        return (
          <Button
            key={action}
            icon={icon}
            {...(action === 'stop' ? { iconClassName: 'icon-solid' } : {})}
            disabled={isBusy || able.length === 0}
            onClick={() => {
              if (action === 'remove') setRemoving(able);
              else void actOnAll(connection.client, able, action);
            }}
          >
            {t(`bulkActions.${action}`, { count: able.length })}
          </Button>
        );
      })}
      <IconButton icon={X} label={t('clearSelection')} shortcut="Esc" onClick={onClear} />
      <BulkRemoveDialog
        sandboxes={removing}
        onClose={() => {
          setRemoving([]);
        }}
        onConfirm={() => {
          void actOnAll(connection.client, removing, 'remove');
        }}
      />
    </div>
  );
}
