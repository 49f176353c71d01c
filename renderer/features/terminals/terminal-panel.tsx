import { Tabs } from '@base-ui/react/tabs';
import { lazy, Suspense, useEffect, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../../bridge/bridge-context.tsx';
import type { TerminalTarget } from './panel/new-terminal-menu.tsx';
import { handlePanelKey } from './panel/panel-keys.ts';
import { PanelQuestions } from './panel/panel-questions-view.tsx';
import { PanelSeparator } from './panel/panel-separator.tsx';
import { PanelTools } from './panel/panel-tools.tsx';
import { TabStrip } from './panel/tab-strip.tsx';
import type { ScreenLook } from './screen/screen.ts';
import { seenLookStore } from './seen-look.ts';
import { toggleMaximised } from './terminal-commands.ts';
import { standstillStore, type Standstills } from './standstill.ts';
import { lookForGoneTerminals, terminalStore } from './terminal-store.ts';
import './terminal-panel.css';

// xterm.js is half of the window's code, and the first paint needs none of it.
const SplitView = lazy(async () => {
  const { SplitView: component } = await import('./panel/split-view.tsx');
  return { default: component };
});

/** The terminals of all sandboxes, below whatever page is open. */
export function TerminalPanel(props: {
  readonly targets: readonly TerminalTarget[];
  readonly look: ScreenLook;
  readonly standstills: Standstills;
}) {
  const { targets, look, standstills } = props;
  const { t } = useTranslation('terminals');
  const { client } = useBridge().connection;
  const { tabs, activeTabId, isOpen, isMaximised, heightPx } = useStore(terminalStore);
  useReturningSandboxes(targets);
  useEffect(() => {
    seenLookStore.setState(look);
  }, [look]);
  useEffect(() => {
    standstillStore.setState(standstills);
  }, [standstills]);
  return (
    <section
      className={isMaximised ? 'panel panel-maximised' : 'panel'}
      aria-label={t('panel.title')}
      hidden={!isOpen}
      style={{ height: isMaximised ? undefined : heightPx }}
      onKeyDown={(event) => {
        handlePanelKey(event, client);
      }}
    >
      <PanelSeparator />
      <Tabs.Root
        className="panel-tabs"
        value={activeTabId ?? null}
        onValueChange={(value: unknown) => {
          // The focus stays on the tab, for who goes through them with the arrow keys.
          if (typeof value === 'string') terminalStore.setState({ activeTabId: value });
        }}
      >
        <div
          className="panel-bar"
          onMouseDown={(event) => {
            // The keyboard stays in the terminal: there is nothing here that could take it.
            if (isEmptyPart(event)) event.preventDefault();
          }}
          onDoubleClick={(event) => {
            if (isEmptyPart(event)) toggleMaximised();
          }}
        >
          <TabStrip />
          <PanelTools targets={targets} />
        </div>
        {tabs.length === 0 && <p className="panel-empty quiet">{t('panel.empty')}</p>}
        {tabs.map((tab) => (
          <Tabs.Panel key={tab.id} value={tab.id} className="panel-pane" keepMounted tabIndex={-1}>
            <Suspense fallback={<p className="panel-empty quiet">{t('panel.opening')}</p>}>
              <SplitView tab={tab} look={look} isVisible={isOpen && tab.id === activeTabId} />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs.Root>
      <PanelQuestions />
    </section>
  );
}

/** Whether it is on the bar itself: events of menus that were opened from it come here too. */
function isEmptyPart({ target, currentTarget }: MouseEvent): boolean {
  return (
    target instanceof Element &&
    currentTarget.contains(target) &&
    target.closest('button, input, [role="tab"]') === null
  );
}

/** A sandbox that runs again may have the sessions that could not be found before. */
function useReturningSandboxes(targets: readonly TerminalTarget[]): void {
  const names = targets
    .map(({ name }) => name)
    .sort()
    .join();
  useEffect(() => {
    for (const name of names.split(',')) lookForGoneTerminals(name);
  }, [names]);
}
