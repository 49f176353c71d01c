import { Menu } from '@base-ui/react/menu';
import { Tabs } from '@base-ui/react/tabs';
import {
  ChevronsDown,
  ChevronsUp,
  PanelBottomClose,
  Plus,
  SquareTerminal,
  Trash2,
  X,
} from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui/button.tsx';
import { closeTerminal } from './live-sessions.ts';
import { PanelSeparator } from './panel-separator.tsx';
import type { ScreenLook } from './screen.ts';
import { openTerminal, showTerminal, terminalStore, type TerminalTab } from './terminal-store.ts';
import '../../ui/menu.css';
import './terminal-panel.css';

// xterm.js is half of the window's code, and the first paint needs none of it.
const TerminalPane = lazy(async () => {
  const { TerminalPane: component } = await import('./terminal-view.tsx');
  return { default: component };
});

/** A sandbox in which a terminal can be opened. */
export interface TerminalTarget {
  readonly name: string;
  readonly shell: string;
}

/** The terminals of all sandboxes, below whatever page is open. */
export function TerminalPanel(props: {
  readonly targets: readonly TerminalTarget[];
  readonly look: ScreenLook;
}) {
  const { tabs, activeId, isOpen, isMaximised, heightPx } = useStore(terminalStore);
  return (
    <section
      className={isMaximised ? 'panel panel-maximised' : 'panel'}
      aria-label="Terminals"
      hidden={!isOpen}
      style={{ height: isMaximised ? undefined : heightPx }}
    >
      <PanelSeparator />
      <Tabs.Root
        className="panel-tabs"
        value={activeId ?? null}
        onValueChange={(value: unknown) => {
          if (typeof value === 'string') showTerminal(value);
        }}
      >
        <div className="panel-bar" onDoubleClick={toggleMaximised}>
          <Tabs.List className="panel-list" aria-label="Terminals">
            {tabs.map((tab) => (
              <PanelTab key={tab.id} tab={tab} />
            ))}
          </Tabs.List>
          <PanelTools targets={props.targets} isMaximised={isMaximised} activeId={activeId} />
        </div>
        {tabs.length === 0 && (
          <p className="panel-empty quiet">
            No terminal is open. Open one with + in any sandbox that runs.
          </p>
        )}
        {tabs.map((tab) => (
          <Tabs.Panel key={tab.id} value={tab.id} className="panel-pane" keepMounted tabIndex={-1}>
            <Suspense fallback={<p className="panel-empty quiet">Opening the terminal…</p>}>
              <TerminalPane tab={tab} look={props.look} isVisible={isOpen && tab.id === activeId} />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </section>
  );
}

function toggleMaximised() {
  terminalStore.setState(({ isMaximised }) => ({ isMaximised: !isMaximised }));
}

function PanelTab({ tab }: { readonly tab: TerminalTab }) {
  return (
    <Tabs.Tab
      value={tab.id}
      className="panel-tab"
      onKeyDown={(event) => {
        if (event.key === 'Delete') closeTerminal(tab.id);
      }}
      onAuxClick={(event) => {
        if (event.button === 1) closeTerminal(tab.id);
      }}
    >
      <SquareTerminal className="icon" aria-hidden />
      {tab.title}
      {(tab.phase.kind === 'exited' || tab.phase.kind === 'failed') && (
        <span className="quiet"> (ended)</span>
      )}
      {/* For the pointer alone: keys have Delete, and a tab may hold no second control. */}
      <span
        className="panel-tab-close"
        aria-hidden
        onClick={(event) => {
          event.stopPropagation();
          closeTerminal(tab.id);
        }}
      >
        <X className="icon" />
      </span>
    </Tabs.Tab>
  );
}

function PanelTools(props: {
  readonly targets: readonly TerminalTarget[];
  readonly isMaximised: boolean;
  readonly activeId: string | undefined;
}) {
  const { targets, isMaximised, activeId } = props;
  return (
    <div
      className="panel-tools"
      onDoubleClick={(event) => {
        event.stopPropagation();
      }}
    >
      <Menu.Root>
        <Menu.Trigger render={<IconButton icon={Plus} label="New terminal" />} />
        <Menu.Portal>
          <Menu.Positioner className="layer" align="end" sideOffset={4}>
            <Menu.Popup className="menu" finalFocus={false}>
              {targets.length === 0 && (
                <Menu.Item className="menu-item" disabled>
                  No sandbox runs
                </Menu.Item>
              )}
              {targets.map(({ name, shell }) => (
                <Menu.Item
                  key={name}
                  className="menu-item"
                  onClick={() => {
                    openTerminal({ sandbox: name, shell }, true);
                  }}
                >
                  {name}
                  <span className="menu-remark mono">{shell}</span>
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <IconButton
        icon={Trash2}
        label="Close terminal"
        shortcut="Delete on its tab"
        disabled={activeId === undefined}
        onClick={() => {
          if (activeId !== undefined) closeTerminal(activeId);
        }}
      />
      <IconButton
        icon={isMaximised ? ChevronsDown : ChevronsUp}
        label={isMaximised ? 'Restore panel' : 'Maximise panel'}
        onClick={toggleMaximised}
      />
      <IconButton
        icon={PanelBottomClose}
        label="Hide panel"
        shortcut="Ctrl+`"
        onClick={() => {
          terminalStore.setState({ isOpen: false });
        }}
      />
    </div>
  );
}
