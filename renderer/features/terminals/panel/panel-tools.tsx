import {
  ChevronsDown,
  ChevronsUp,
  PanelBottomClose,
  Radio,
  Search,
  SplitSquareHorizontal,
  SplitSquareVertical,
  Trash2,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { activeTab } from '../model/panel-model.ts';
import { runTerminalCommand } from '../terminal-commands.ts';
import type { TerminalCommand } from '../terminal-shortcuts.ts';
import { terminalStore } from '../terminal-store.ts';
import { keysOf } from '../view/menu-item.tsx';
import { NewTerminalMenu, type TerminalTarget } from './new-terminal-menu.tsx';

/** What can be done with the panel and the terminal that has the keyboard. */
export function PanelTools({ targets }: { readonly targets: readonly TerminalTarget[] }) {
  const { t } = useTranslation('terminals');
  const { client } = useBridge().connection;
  const isMaximised = useStore(terminalStore, (state) => state.isMaximised);
  const tab = useStore(terminalStore, activeTab);
  const isEmpty = tab === undefined;
  const isBroadcasting = tab?.isBroadcasting === true;
  const run = (command: TerminalCommand) => () => {
    runTerminalCommand(command, client);
  };
  return (
    <div
      className="panel-tools"
      onDoubleClick={(event) => {
        event.stopPropagation();
      }}
    >
      <NewTerminalMenu targets={targets} />
      <IconButton
        icon={SplitSquareHorizontal}
        label={t('panel.splitRight')}
        shortcut={keysOf('split-right')}
        disabled={isEmpty}
        onClick={run('split-right')}
      />
      <IconButton
        icon={SplitSquareVertical}
        label={t('panel.splitDown')}
        shortcut={keysOf('split-down')}
        disabled={isEmpty}
        onClick={run('split-down')}
      />
      {tab?.layout.kind === 'split' && (
        <IconButton
          icon={Radio}
          className={isBroadcasting ? 'panel-broadcasting' : undefined}
          label={isBroadcasting ? t('panel.broadcastOff') : t('panel.broadcastOn')}
          shortcut={keysOf('broadcast')}
          aria-pressed={isBroadcasting}
          onClick={run('broadcast')}
        />
      )}
      <IconButton
        icon={Search}
        label={t('panel.find')}
        shortcut={keysOf('find')}
        disabled={isEmpty}
        onClick={run('find')}
      />
      <IconButton
        icon={Trash2}
        label={t('menu.close')}
        shortcut={keysOf('close-terminal')}
        disabled={isEmpty}
        onClick={run('close-terminal')}
      />
      <IconButton
        icon={isMaximised ? ChevronsDown : ChevronsUp}
        label={isMaximised ? t('panel.restore') : t('panel.maximise')}
        shortcut={keysOf('maximise')}
        onClick={run('maximise')}
      />
      <IconButton
        icon={PanelBottomClose}
        label={t('panel.hide')}
        shortcut="Ctrl+`"
        onClick={() => {
          terminalStore.setState({ isOpen: false });
        }}
      />
    </div>
  );
}
