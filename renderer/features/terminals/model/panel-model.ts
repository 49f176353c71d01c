/** Tabs, their splits and their terminals: what can be done with them. Pure. */
import {
  leafOf,
  neighbourOf,
  splitBeside,
  terminalsOf,
  terminalTowards,
  withoutTerminal,
  withSizes,
  type FocusDirection,
  type LayoutNode,
  type SplitDirection,
} from './layout.ts';
import type { Terminal } from './terminal.ts';

/** One tab of the panel. */
export interface TerminalTab {
  readonly id: string;
  /** Given by the user; without it the tab is named after its terminal. */
  readonly name: string | undefined;
  readonly layout: LayoutNode;
  /** The terminal that has, or had last, the keyboard. */
  readonly focusedId: string;
  /** What is typed into one of its terminals goes to all. */
  readonly isBroadcasting: boolean;
}

/** The terminals of a window and how they are arranged. */
export interface PanelModel {
  readonly terminals: Readonly<Record<string, Terminal>>;
  readonly tabs: readonly TerminalTab[];
  readonly activeTabId: string | undefined;
}

/** Most terminals side by side in one tab. */
export const maxTerminalsInTab = 12;
const maxNameLength = 60;

/** Adds a tab of one terminal, and shows it. */
export function withTab(model: PanelModel, terminal: Terminal): PanelModel {
  const tab = tabOf(crypto.randomUUID(), terminal.id);
  return {
    terminals: { ...model.terminals, [terminal.id]: terminal },
    tabs: [...model.tabs, tab],
    activeTabId: tab.id,
  };
}

function tabOf(id: string, terminalId: string): TerminalTab {
  return {
    id,
    name: undefined,
    layout: leafOf(terminalId),
    focusedId: terminalId,
    isBroadcasting: false,
  };
}

/** Puts a new terminal beside another one and gives it the keyboard. */
export function withSplit(
  model: PanelModel,
  besideId: string,
  direction: SplitDirection,
  terminal: Terminal,
): PanelModel {
  const tab = tabWith(model, besideId);
  if (tab === undefined || terminalsOf(tab.layout).length >= maxTerminalsInTab) return model;
  const layout = splitBeside(tab.layout, besideId, terminal.id, direction);
  return {
    terminals: { ...model.terminals, [terminal.id]: terminal },
    tabs: replace(model.tabs, { ...tab, layout, focusedId: terminal.id }),
    activeTabId: tab.id,
  };
}

/** Takes a terminal away; its neighbour gets the keyboard, and an empty tab goes. */
export function withoutOne(model: PanelModel, terminalId: string): PanelModel {
  const { [terminalId]: _gone, ...terminals } = model.terminals;
  return { ...takeOut(model, terminalId), terminals };
}

function takeOut(model: PanelModel, terminalId: string): PanelModel {
  const tab = tabWith(model, terminalId);
  if (tab === undefined) return model;
  const layout = withoutTerminal(tab.layout, terminalId);
  if (layout === undefined) {
    const index = model.tabs.indexOf(tab);
    const tabs = model.tabs.filter((one) => one !== tab);
    const next = (tabs[index] ?? tabs.at(-1))?.id;
    return { ...model, tabs, activeTabId: model.activeTabId === tab.id ? next : model.activeTabId };
  }
  const focusedId =
    tab.focusedId === terminalId
      ? (neighbourOf(tab.layout, terminalId) ?? tab.focusedId)
      : tab.focusedId;
  const isBroadcasting = tab.isBroadcasting && layout.kind === 'split';
  return { ...model, tabs: replace(model.tabs, { ...tab, layout, focusedId, isBroadcasting }) };
}

/** Moves a terminal beside another one, in the same tab or in another. */
export function moveBeside(
  model: PanelModel,
  terminalId: string,
  besideId: string,
  direction: SplitDirection,
): PanelModel {
  if (terminalId === besideId || model.terminals[terminalId] === undefined) return model;
  const target = tabWith(model, besideId);
  if (target === undefined) return model;
  const isWithin = terminalsOf(target.layout).includes(terminalId);
  if (!isWithin && terminalsOf(target.layout).length >= maxTerminalsInTab) return model;
  const taken = takeOut(model, terminalId);
  const tab = tabWith(taken, besideId);
  if (tab === undefined) return model;
  const layout = splitBeside(tab.layout, besideId, terminalId, direction);
  return {
    ...taken,
    tabs: replace(taken.tabs, { ...tab, layout, focusedId: terminalId }),
    activeTabId: tab.id,
  };
}

/** Moves a terminal out of its split into a tab of its own, after the one it was in. */
export function moveToOwnTab(model: PanelModel, terminalId: string): PanelModel {
  const tab = tabWith(model, terminalId);
  if (tab === undefined || tab.layout.kind === 'leaf') return model;
  const taken = takeOut(model, terminalId);
  const own = tabOf(crypto.randomUUID(), terminalId);
  const at = taken.tabs.findIndex(({ id }) => id === tab.id) + 1;
  return { ...taken, tabs: taken.tabs.toSpliced(at, 0, own), activeTabId: own.id };
}

/** Puts a tab at another place in the strip. */
export function moveTab(model: PanelModel, tabId: string, toIndex: number): PanelModel {
  const from = model.tabs.findIndex(({ id }) => id === tabId);
  const tab = model.tabs[from];
  if (tab === undefined) return model;
  const to = Math.max(0, Math.min(toIndex, model.tabs.length - 1));
  return { ...model, tabs: model.tabs.toSpliced(from, 1).toSpliced(to, 0, tab) };
}

/** Moves a tab by some places; it stops at the ends. */
export function shiftTab(model: PanelModel, tabId: string, by: number): PanelModel {
  const from = model.tabs.findIndex(({ id }) => id === tabId);
  return moveTab(model, tabId, from + by);
}

/** Names a tab; an empty name gives it the name of its terminal again. */
export function renameTab(model: PanelModel, tabId: string, name: string): PanelModel {
  const trimmed = name.trim().slice(0, maxNameLength);
  return changeTab(model, tabId, { name: trimmed === '' ? undefined : trimmed });
}

/** Gives the parts of a split other sizes, in percent. */
export function resizeSplit(
  model: PanelModel,
  splitId: string,
  sizes: readonly number[],
): PanelModel {
  const tabs = model.tabs.map((tab) => ({ ...tab, layout: withSizes(tab.layout, splitId, sizes) }));
  return { ...model, tabs };
}

/** Shows the tab of a terminal and gives the keyboard to it. */
export function focusTerminal(model: PanelModel, terminalId: string): PanelModel {
  const tab = tabWith(model, terminalId);
  if (tab === undefined) return model;
  return { ...changeTab(model, tab.id, { focusedId: terminalId }), activeTabId: tab.id };
}

/** The terminal in a direction from the one with the keyboard gets it. */
export function focusTowards(model: PanelModel, direction: FocusDirection): PanelModel {
  const tab = activeTab(model);
  if (tab === undefined) return model;
  const next = terminalTowards(tab.layout, tab.focusedId, direction);
  return next === undefined ? model : changeTab(model, tab.id, { focusedId: next });
}

/** Shows the tab that is some places further; after the last one comes the first. */
export function cycleTab(model: PanelModel, by: number): PanelModel {
  const { tabs, activeTabId } = model;
  const index = tabs.findIndex(({ id }) => id === activeTabId);
  const next = tabs[(((index + by) % tabs.length) + tabs.length) % tabs.length];
  return next === undefined ? model : { ...model, activeTabId: next.id };
}

/** Switches whether what is typed goes to all of a tab; never on where there is but one. */
export function setBroadcasting(model: PanelModel, tabId: string, isOn: boolean): PanelModel {
  const tab = model.tabs.find(({ id }) => id === tabId);
  return changeTab(model, tabId, { isBroadcasting: isOn && tab?.layout.kind === 'split' });
}

/** The tab that is shown. */
export function activeTab({ tabs, activeTabId }: PanelModel): TerminalTab | undefined {
  return tabs.find(({ id }) => id === activeTabId);
}

/** The tab that a terminal is in. */
export function tabWith({ tabs }: PanelModel, terminalId: string): TerminalTab | undefined {
  return tabs.find(({ layout }) => terminalsOf(layout).includes(terminalId));
}

function changeTab(model: PanelModel, tabId: string, change: Partial<TerminalTab>): PanelModel {
  const tabs = model.tabs.map((tab) => (tab.id === tabId ? { ...tab, ...change } : tab));
  return { ...model, tabs };
}

function replace(tabs: readonly TerminalTab[], changed: TerminalTab): readonly TerminalTab[] {
  return tabs.map((tab) => (tab.id === changed.id ? changed : tab));
}
