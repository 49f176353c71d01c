import { ContextMenu } from '@base-ui/react/context-menu';
import { Tabs } from '@base-ui/react/tabs';
import { Tooltip } from '@base-ui/react/tooltip';
import { MoveLeft, MoveRight, PencilLine, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { openLayer } from '../../../ui/layer.ts';
import { tooltip } from '../../../ui/tooltip-layer.tsx';
import { useMenuFocus } from '../../../ui/use-menu-focus.ts';
import { requestClose } from '../close-terminals.ts';
import { terminalsOf } from '../model/layout.ts';
import { renameTab, shiftTab, type TerminalTab } from '../model/panel-model.ts';
import { titleOf, type Terminal } from '../model/terminal.ts';
import { arrangePanel, changePanel, terminalStore } from '../terminal-store.ts';
import { MenuItem } from '../view/menu-item.tsx';
import { EndedRemark, TerminalStateMark, wordsOfPhase } from './state-mark.tsx';

/** One tab of the strip. */
export function PanelTab(props: {
  readonly tab: TerminalTab;
  readonly isActive: boolean;
  readonly isDragged: boolean;
}) {
  const { tab, isActive, isDragged } = props;
  const { t } = useTranslation('terminals');
  const { client } = useBridge().connection;
  const terminals = useStore(terminalStore, (state) => state.terminals);
  const isRenaming = useStore(terminalStore, (state) => state.renamingTabId === tab.id);
  const element = useRef<HTMLButtonElement>(null);
  const { onOpenChange, finalFocus } = useMenuFocus();
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isActive]);

  const terminal = terminals[tab.focusedId];
  if (terminal === undefined) return null;
  const inside = terminalsOf(tab.layout);
  const title = tab.name ?? titleOf(terminal);
  const close = () => void requestClose(client, inside);
  const rename = () => {
    terminalStore.setState({ renamingTabId: tab.id });
  };
  if (isRenaming) return <TabNameInput tabId={tab.id} title={title} />;

  const about = describe(terminal, tab.name === undefined ? undefined : titleOf(terminal));
  return (
    <ContextMenu.Root onOpenChange={onOpenChange}>
      <ContextMenu.Trigger
        className="panel-tab-place"
        data-tab={tab.id}
        data-dragged={isDragged ? '' : undefined}
      >
        <Tooltip.Trigger
          handle={tooltip}
          payload={{ label: about, shortcut: undefined }}
          render={
            <Tabs.Tab
              ref={element}
              value={tab.id}
              className="panel-tab"
              aria-description={t('tab.keys')}
              onDoubleClick={(event) => {
                event.stopPropagation();
                rename();
              }}
              onKeyDown={(event) => {
                if (event.key === 'Delete') close();
                else if (event.key === 'F2') rename();
                else return;
                event.preventDefault();
              }}
              onAuxClick={(event) => {
                if (event.button === 1) close();
              }}
            >
              <TerminalStateMark phase={terminal.phase} />
              <span className="panel-tab-title">{title}</span>
              <EndedRemark terminal={terminal} />
              {inside.length > 1 && (
                <>
                  <span className="panel-tab-count" aria-hidden>
                    {inside.length}
                  </span>
                  <span className="visually-hidden">
                    {' '}
                    {t('tab.count', { count: inside.length })}
                  </span>
                </>
              )}
              {/* For the pointer alone: keys have Delete, and a tab may hold no second control. */}
              <span
                className="panel-tab-close"
                aria-hidden
                onPointerDown={(event) => {
                  event.stopPropagation();
                }}
                onClick={(event) => {
                  event.stopPropagation();
                  close();
                }}
              >
                <X className="icon" />
              </span>
            </Tabs.Tab>
          }
        />
      </ContextMenu.Trigger>
      <ContextMenu.Portal container={openLayer()}>
        <ContextMenu.Positioner className="layer">
          <ContextMenu.Popup className="menu" finalFocus={finalFocus}>
            <MenuItem icon={PencilLine} label={t('tab.rename')} shortcut="F2" onSelect={rename} />
            <MenuItem
              icon={MoveLeft}
              label={t('tab.moveLeft')}
              command="move-tab-left"
              onSelect={() => {
                arrangePanel((model) => shiftTab(model, tab.id, -1));
              }}
            />
            <MenuItem
              icon={MoveRight}
              label={t('tab.moveRight')}
              command="move-tab-right"
              onSelect={() => {
                arrangePanel((model) => shiftTab(model, tab.id, 1));
              }}
            />
            <ContextMenu.Separator className="menu-separator" />
            <MenuItem icon={X} label={t('tab.close')} onSelect={close} />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

/** `sh in web-api · Runs`, after what its terminal is called where the tab has another name. */
function describe(terminal: Terminal, title: string | undefined): string {
  const { sandbox, command, phase } = terminal;
  return [title, `${sandbox}: ${command}`, wordsOfPhase(phase)]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** In the place of a tab while its name is changed. Escape leaves it as it was. */
function TabNameInput(props: { readonly tabId: string; readonly title: string }) {
  const { tabId, title } = props;
  const { t } = useTranslation('terminals');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The menu that led here gives the focus back first.
    const frame = requestAnimationFrame(() => {
      input.current?.select();
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, []);
  const finish = (name: string | undefined) => {
    if (terminalStore.getState().renamingTabId !== tabId) return;
    terminalStore.setState({ renamingTabId: undefined });
    changePanel((model) => ({
      ...(name === undefined || name === title ? model : renameTab(model, tabId, name)),
    }));
  };
  return (
    <input
      ref={input}
      className="input panel-tab-name"
      aria-label={t('tab.name')}
      defaultValue={title}
      spellCheck={false}
      maxLength={60}
      onDoubleClick={(event) => {
        event.stopPropagation();
      }}
      onBlur={(event) => {
        finish(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        // The keyboard goes back to the terminal at once, which is not to have this key.
        event.preventDefault();
        finish(event.key === 'Enter' ? event.currentTarget.value : undefined);
      }}
    />
  );
}
