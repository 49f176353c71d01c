import { Menu } from '@base-ui/react/menu';
import { Tabs } from '@base-ui/react/tabs';
import { Check, ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { IconButton } from '../../../ui/button.tsx';
import { openLayer } from '../../../ui/layer.ts';
import { useMenuFocus } from '../../../ui/use-menu-focus.ts';
import type { PanelModel, TerminalTab } from '../model/panel-model.ts';
import { titleOf } from '../model/terminal.ts';
import { changePanel, terminalStore } from '../terminal-store.ts';
import { PanelTab } from './panel-tab.tsx';
import { TerminalStateMark } from './state-mark.tsx';
import { useTabDrag } from './tab-drag.ts';

/** All tabs: in a row that scrolls, and in a menu where the row has no room for all. */
export function TabStrip() {
  const { t } = useTranslation('terminals');
  const tabs = useStore(terminalStore, (state) => state.tabs);
  const activeTabId = useStore(terminalStore, (state) => state.activeTabId);
  const { draggedId, ...drag } = useTabDrag();
  const strip = useRef<HTMLDivElement>(null);
  const { isOverflowing, atStart, atEnd } = useOverflow(strip, tabs.length);
  const scroll = (direction: 1 | -1) => {
    const width = strip.current?.clientWidth ?? 0;
    strip.current?.scrollBy({ left: direction * width * 0.7 });
  };
  return (
    <>
      {isOverflowing && (
        <IconButton
          className="panel-scroll"
          icon={ChevronLeft}
          label={t('panel.scrollLeft')}
          disabled={atStart}
          onClick={() => {
            scroll(-1);
          }}
        />
      )}
      <Tabs.List
        ref={strip}
        className="panel-list"
        aria-label={t('panel.title')}
        onWheel={(event) => {
          if (event.deltaX === 0) event.currentTarget.scrollLeft += event.deltaY;
        }}
        {...drag}
      >
        {tabs.map((tab) => (
          <PanelTab
            key={tab.id}
            tab={tab}
            isActive={tab.id === activeTabId}
            isDragged={tab.id === draggedId}
          />
        ))}
      </Tabs.List>
      {isOverflowing && (
        <>
          <IconButton
            className="panel-scroll"
            icon={ChevronRight}
            label={t('panel.scrollRight')}
            disabled={atEnd}
            onClick={() => {
              scroll(1);
            }}
          />
          <AllTabsMenu tabs={tabs} activeTabId={activeTabId} />
        </>
      )}
    </>
  );
}

function AllTabsMenu(props: {
  readonly tabs: readonly TerminalTab[];
  readonly activeTabId: string | undefined;
}) {
  const { tabs, activeTabId } = props;
  const { t } = useTranslation('terminals');
  const terminals = useStore(terminalStore, (state) => state.terminals);
  const { onOpenChange, finalFocus } = useMenuFocus();
  return (
    <Menu.Root onOpenChange={onOpenChange}>
      <Menu.Trigger render={<IconButton icon={ChevronDown} label={t('panel.allTabs')} />} />
      <Menu.Portal container={openLayer()}>
        <Menu.Positioner className="layer" align="end" sideOffset={4}>
          <Menu.Popup className="menu" finalFocus={finalFocus}>
            <Menu.RadioGroup
              value={activeTabId}
              onValueChange={(id: string) => {
                changePanel((model) => showTab(model, id));
              }}
            >
              {tabs.map((tab) => {
                const terminal = terminals[tab.focusedId];
                if (terminal === undefined) return null;
                return (
                  <Menu.RadioItem
                    key={tab.id}
                    ref={tab.id === activeTabId ? scrollIntoSight : undefined}
                    value={tab.id}
                    className="menu-item"
                    closeOnClick
                  >
                    <span className="menu-indicator">
                      <Menu.RadioItemIndicator render={<Check className="icon" />} />
                    </span>
                    <TerminalStateMark phase={terminal.phase} />
                    <span className="panel-menu-title">{tab.name ?? titleOf(terminal)}</span>
                  </Menu.RadioItem>
                );
              })}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function scrollIntoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

function showTab(model: PanelModel, id: string): PanelModel {
  return { ...model, activeTabId: id };
}

/** Whether the row has more tabs than room, and at which end it is. */
function useOverflow(strip: { readonly current: HTMLDivElement | null }, count: number) {
  const [state, setState] = useState({ isOverflowing: false, atStart: true, atEnd: true });
  useEffect(() => {
    const element = strip.current;
    if (element === null) return;
    const look = () => {
      const { scrollWidth, clientWidth, scrollLeft } = element;
      const next = {
        isOverflowing: scrollWidth > clientWidth + 1,
        atStart: scrollLeft < 1,
        atEnd: scrollLeft + clientWidth > scrollWidth - 1,
      };
      setState((known) => (JSON.stringify(known) === JSON.stringify(next) ? known : next));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener('scroll', look);
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [strip, count]);
  return state;
}
