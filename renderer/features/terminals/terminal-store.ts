/** The window's terminals, and the panel that holds them. */
import { createStore } from 'zustand/vanilla';
import type { SplitDirection } from './model/layout.ts';
import {
  activeTab,
  focusTerminal,
  withoutOne,
  withSplit,
  withTab,
  type PanelModel,
} from './model/panel-model.ts';
import {
  again,
  newTerminal,
  type Terminal,
  type TerminalNotice,
  type TerminalRequest,
} from './model/terminal.ts';

/** The terminals of the window, and how the panel is shown. */
export interface TerminalsState extends PanelModel {
  readonly isOpen: boolean;
  readonly isMaximised: boolean;
  readonly heightPx: number;
  /** Counts the requests to put the focus into the terminal that has the keyboard. */
  readonly focusRequests: number;
  /** The tab whose name is being changed. */
  readonly renamingTabId: string | undefined;
  /** The terminal in which text is being searched. */
  readonly findingId: string | undefined;
}

/** Height of a panel that was never resized, in CSS pixels. */
export const defaultPanelHeightPx = 300;

/** Makes a store without terminals. */
export function createTerminalStore() {
  return createStore<TerminalsState>(() => ({
    terminals: {},
    tabs: [],
    activeTabId: undefined,
    isOpen: false,
    isMaximised: false,
    heightPx: defaultPanelHeightPx,
    focusRequests: 0,
    renamingTabId: undefined,
    findingId: undefined,
  }));
}

/** A store of {@link createTerminalStore}. */
export type TerminalStore = ReturnType<typeof createTerminalStore>;

/** The window's terminals. */
export const terminalStore = createTerminalStore();

/** Adds a tab and shows it; with `isFocused` the focus goes into it once it is there. */
export function openTerminal(
  request: TerminalRequest,
  isFocused: boolean,
  store: TerminalStore = terminalStore,
): string {
  const terminal = newTerminal(request);
  store.setState((state) => ({
    ...withTab(state, terminal),
    isOpen: true,
    focusRequests: isFocused ? state.focusRequests + 1 : state.focusRequests,
  }));
  return terminal.id;
}

/** Opens a terminal beside the one that has the keyboard, by default in the same sandbox. */
export function splitTerminal(
  direction: SplitDirection,
  request?: TerminalRequest,
  store: TerminalStore = terminalStore,
): void {
  const beside = focusedTerminal(store.getState());
  if (beside === undefined) return;
  const { sandbox, command } = beside;
  const terminal = newTerminal(request ?? { sandbox, shell: command });
  changePanel((model) => withSplit(model, beside.id, direction, terminal), store);
}

/** Changes what is arranged how, and gives the focus to the terminal that has the keyboard then. */
export function changePanel(
  change: (model: PanelModel) => PanelModel,
  store: TerminalStore = terminalStore,
): void {
  store.setState((state) => {
    const model = change(state);
    return model === state ? state : { ...model, focusRequests: state.focusRequests + 1 };
  });
}

/** Changes what is arranged how; the focus stays where it is. */
export function arrangePanel(
  change: (model: PanelModel) => PanelModel,
  store: TerminalStore = terminalStore,
): void {
  store.setState((state) => change(state));
}

/** Changes one terminal. */
export function updateTerminal(
  id: string,
  change: Partial<Terminal> | ((terminal: Terminal) => Partial<Terminal>),
  store: TerminalStore = terminalStore,
): void {
  store.setState(({ terminals }) => {
    const terminal = terminals[id];
    if (terminal === undefined) return {};
    const changed = typeof change === 'function' ? change(terminal) : change;
    return { terminals: { ...terminals, [id]: { ...terminal, ...changed } } };
  });
}

/** Most that is said about one terminal at once. */
const maxNotices = 4;

/**
 * Says something about a terminal; what was said of the same kind before makes way. A question about
 * the clipboard stays until it is answered: a program could put another text below the pointer.
 */
export function addNotice(
  id: string,
  notice: TerminalNotice,
  store: TerminalStore = terminalStore,
): void {
  updateTerminal(
    id,
    ({ notices }) => {
      const isAsked = notices.some(({ kind }) => kind === 'clipboard');
      if (notice.kind === 'clipboard' && isAsked) return {};
      const others = notices.filter(({ kind }) => kind !== notice.kind);
      return { notices: [...others, notice].slice(-maxNotices) };
    },
    store,
  );
}

/** Takes away what was said. */
export function dismissNotice(
  id: string,
  kind: TerminalNotice['kind'],
  store: TerminalStore = terminalStore,
): void {
  updateTerminal(
    id,
    ({ notices }) => ({ notices: notices.filter((notice) => notice.kind !== kind) }),
    store,
  );
}

/** Begins a new shell in a terminal whose shell has ended. */
export function restartTerminal(id: string, store: TerminalStore = terminalStore): void {
  updateTerminal(
    id,
    (terminal) => ({
      ...again(terminal),
      sessionId: undefined,
      programTitle: undefined,
      notices: [],
    }),
    store,
  );
  changePanel((model) => focusTerminal(model, id), store);
}

/** Attaches every terminal that lost its host process to its session again. */
export function reattachTerminals(store: TerminalStore = terminalStore): void {
  mapTerminals((terminal) => (terminal.phase.kind === 'lost' ? again(terminal) : terminal), store);
}

/**
 * Looks for the sessions again that the host process did not know: after a restart of it, it knows
 * those of a sandbox only once it has found the sandbox.
 */
export function lookForGoneTerminals(sandbox: string, store: TerminalStore = terminalStore): void {
  mapTerminals((terminal) => {
    const { phase, sessionId } = terminal;
    const isSought =
      terminal.sandbox === sandbox && phase.kind === 'gone' && sessionId !== undefined;
    return isSought ? again(terminal) : terminal;
  }, store);
}

function mapTerminals(change: (terminal: Terminal) => Terminal, store: TerminalStore): void {
  store.setState(({ terminals }) => ({
    terminals: Object.fromEntries(
      Object.entries(terminals).map(([id, terminal]) => [id, change(terminal)]),
    ),
  }));
}

/** Attaches one terminal to its session again: another window had taken it over. */
export function reattachTerminal(id: string, store: TerminalStore = terminalStore): void {
  updateTerminal(id, again, store);
  changePanel((model) => focusTerminal(model, id), store);
}

/** Takes a terminal away; its neighbour gets the keyboard, and with the last the panel closes. */
export function removeTerminal(id: string, store: TerminalStore = terminalStore): void {
  store.setState((state) => {
    const model = withoutOne(state, id);
    const isLeft = model.tabs.length > 0;
    return {
      ...model,
      isOpen: state.isOpen && isLeft,
      focusRequests: isLeft ? state.focusRequests + 1 : state.focusRequests,
    };
  });
}

/** One key: opens the panel and goes into it; from inside, closes it. */
export function togglePanel(isFocusInside: boolean, store: TerminalStore = terminalStore): void {
  store.setState(({ isOpen, focusRequests }) =>
    isOpen && isFocusInside
      ? { isOpen: false }
      : { isOpen: true, focusRequests: focusRequests + 1 },
  );
}

/** The terminal that has the keyboard, or would have it. */
export function focusedTerminal(state: TerminalsState): Terminal | undefined {
  const tab = activeTab(state);
  return tab === undefined ? undefined : state.terminals[tab.focusedId];
}
