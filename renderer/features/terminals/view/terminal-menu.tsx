import { ContextMenu } from '@base-ui/react/context-menu';
import {
  ArrowDownToLine,
  ArrowUpToLine,
  ClipboardPaste,
  Copy,
  Eraser,
  ExternalLink,
  Search,
  SplitSquareHorizontal,
  SplitSquareVertical,
  SquareArrowOutUpRight,
  SquareTerminal,
  TextSelect,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { liveTerminals } from '../live-terminals.ts';
import { moveBeside, moveToOwnTab, tabWith } from '../model/panel-model.ts';
import { titleOf, type Terminal } from '../model/terminal.ts';
import { openBesideWindow } from '../system-terminal.ts';
import { copyLastOutput, runTerminalCommand } from '../terminal-commands.ts';
import type { TerminalCommand } from '../terminal-shortcuts.ts';
import { changePanel, terminalStore } from '../terminal-store.ts';
import { MenuItem } from './menu-item.tsx';
import { openLayer } from '../../../ui/layer.ts';

/** Everything that can be done with a terminal, by the right button or the menu key. */
export function TerminalMenu(props: {
  readonly terminal: Terminal;
  /** What the menu is for. */
  readonly children: ReactNode;
}) {
  const { id } = props.terminal;
  const { t } = useTranslation('terminals');
  const { client } = useBridge().connection;
  const screen = () => liveTerminals.get(id)?.screen;
  const run = (command: TerminalCommand) => () => {
    runTerminalCommand(command, client);
  };
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger className="terminal-screen">{props.children}</ContextMenu.Trigger>
      <ContextMenu.Portal container={openLayer()}>
        <ContextMenu.Positioner className="layer">
          <ContextMenu.Popup className="menu terminal-menu">
            <MenuItem icon={Copy} label={t('menu.copy')} command="copy" onSelect={run('copy')} />
            <MenuItem
              icon={ClipboardPaste}
              label={t('menu.paste')}
              command="paste"
              onSelect={run('paste')}
            />
            <MenuItem
              icon={TextSelect}
              label={t('menu.selectAll')}
              onSelect={() => screen()?.selectAll()}
            />
            <MenuItem
              icon={SquareTerminal}
              label={t('menu.copyOutput')}
              onSelect={() => void copyLastOutput(id)}
            />
            <ContextMenu.Separator className="menu-separator" />
            <MenuItem icon={Search} label={t('menu.find')} command="find" onSelect={run('find')} />
            <MenuItem
              icon={ArrowUpToLine}
              label={t('menu.previousPrompt')}
              command="previous-prompt"
              onSelect={run('previous-prompt')}
            />
            <MenuItem
              icon={ArrowDownToLine}
              label={t('menu.nextPrompt')}
              command="next-prompt"
              onSelect={run('next-prompt')}
            />
            <MenuItem icon={Eraser} label={t('menu.clear')} onSelect={() => screen()?.clear()} />
            <ContextMenu.Separator className="menu-separator" />
            <MenuItem
              icon={SplitSquareHorizontal}
              label={t('panel.splitRight')}
              command="split-right"
              onSelect={run('split-right')}
            />
            <MenuItem
              icon={SplitSquareVertical}
              label={t('panel.splitDown')}
              command="split-down"
              onSelect={run('split-down')}
            />
            <PlaceItems terminalId={id} />
            <MenuItem
              icon={ExternalLink}
              label={t('menu.systemTerminal')}
              onSelect={() => void openBesideWindow(client, id)}
            />
            <ContextMenu.Separator className="menu-separator" />
            <MenuItem
              icon={X}
              label={t('menu.close')}
              command="close-terminal"
              onSelect={run('close-terminal')}
            />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

/** Most tabs that are offered as a place; the others are reached by way of them. */
const maxOffered = 8;

/** Where else the terminal may go. */
function PlaceItems({ terminalId }: { readonly terminalId: string }) {
  const { t } = useTranslation('terminals');
  const { tabs, terminals, activeTabId } = useStore(terminalStore);
  const own = tabWith({ tabs, terminals, activeTabId }, terminalId);
  return (
    <>
      {own?.layout.kind === 'split' && (
        <MenuItem
          icon={SquareArrowOutUpRight}
          label={t('menu.ownTab')}
          onSelect={() => {
            changePanel((model) => moveToOwnTab(model, terminalId));
          }}
        />
      )}
      {tabs
        .filter(({ id }) => id !== own?.id)
        .slice(0, maxOffered)
        .map(({ id, name, focusedId }) => {
          const beside = terminals[focusedId];
          const title = name ?? (beside === undefined ? '' : titleOf(beside));
          return (
            <MenuItem
              key={id}
              icon={SplitSquareHorizontal}
              label={t('menu.joinTab', { title })}
              onSelect={() => {
                changePanel((model) => moveBeside(model, terminalId, focusedId, 'row'));
              }}
            />
          );
        })}
    </>
  );
}
