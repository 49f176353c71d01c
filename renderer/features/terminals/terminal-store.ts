import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { ExitStatus } from '../../../main/contract/session.ts';

/** Where a terminal stands. */
export type TerminalPhase =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' }
  | { readonly kind: 'exited'; readonly status: ExitStatus }
  | { readonly kind: 'failed'; readonly error: ErrorData }
  /** The host process is away; the command goes on in the sandbox. */
  | { readonly kind: 'lost' };

/** One terminal of the panel. */
export interface TerminalTab {
  readonly id: string;
  /** Name of the sandbox. */
  readonly sandbox: string;
  /** `web-api: sh`. */
  readonly title: string;
  /** Known from the moment that the shell runs. */
  readonly sessionId: string | undefined;
  readonly phase: TerminalPhase;
  /** Counts the shells and attachments this tab has had; a change begins the next one. */
  readonly attempt: number;
  /** Input that the sandbox did not take, in words. */
  readonly notice: string | undefined;
}

/** The terminals of the window, and the panel that holds them. */
export interface TerminalsState {
  readonly tabs: readonly TerminalTab[];
  readonly activeId: string | undefined;
  readonly isOpen: boolean;
  readonly isMaximised: boolean;
  readonly heightPx: number;
  /** Counts the requests to put the focus into the active terminal. */
  readonly focusRequests: number;
}

/** Height of a panel that was never resized, in CSS pixels. */
export const defaultPanelHeightPx = 300;

/** Makes a store without terminals. */
export function createTerminalStore() {
  return createStore<TerminalsState>(() => ({
    tabs: [],
    activeId: undefined,
    isOpen: false,
    isMaximised: false,
    heightPx: defaultPanelHeightPx,
    focusRequests: 0,
  }));
}

/** A store of {@link createTerminalStore}. */
export type TerminalStore = ReturnType<typeof createTerminalStore>;

/** The window's terminals. */
export const terminalStore = createTerminalStore();

/** What a new tab begins from. */
export interface TerminalRequest {
  readonly sandbox: string;
  /** Absolute path of the shell; its last part is in the title. */
  readonly shell: string;
  /** A session to attach to; a new shell without it. */
  readonly sessionId?: string;
}

/** Adds a tab and shows it; with `isFocused` the focus goes into it once it is there. */
export function openTerminal(
  request: TerminalRequest,
  isFocused: boolean,
  store: TerminalStore = terminalStore,
): string {
  const id = crypto.randomUUID();
  const tab: TerminalTab = {
    id,
    sandbox: request.sandbox,
    title: `${request.sandbox}: ${request.shell.split('/').at(-1) ?? request.shell}`,
    sessionId: request.sessionId,
    phase: { kind: 'opening' },
    attempt: 0,
    notice: undefined,
  };
  store.setState(({ tabs, focusRequests }) => ({
    tabs: [...tabs, tab],
    activeId: id,
    isOpen: true,
    focusRequests: isFocused ? focusRequests + 1 : focusRequests,
  }));
  return id;
}

/** Changes one tab. */
export function updateTerminal(
  id: string,
  change: Partial<TerminalTab>,
  store: TerminalStore = terminalStore,
): void {
  store.setState(({ tabs }) => ({
    tabs: tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)),
  }));
}

/** Begins a new shell in a tab whose shell has ended. */
export function restartTerminal(id: string, store: TerminalStore = terminalStore): void {
  store.setState(({ tabs, focusRequests }) => ({
    tabs: tabs.map((tab) =>
      tab.id === id ? { ...again(tab), sessionId: undefined, notice: undefined } : tab,
    ),
    focusRequests: focusRequests + 1,
  }));
}

/** Attaches every tab that lost its host process to its session again. */
export function reattachTerminals(store: TerminalStore = terminalStore): void {
  store.setState(({ tabs }) => ({
    tabs: tabs.map((tab) => (tab.phase.kind === 'lost' ? again(tab) : tab)),
  }));
}

/** Attaches one tab to its session again: another window had taken it over. */
export function reattachTerminal(id: string, store: TerminalStore = terminalStore): void {
  store.setState(({ tabs, focusRequests }) => ({
    tabs: tabs.map((tab) => (tab.id === id ? again(tab) : tab)),
    focusRequests: focusRequests + 1,
  }));
}

function again(tab: TerminalTab): TerminalTab {
  return { ...tab, phase: { kind: 'opening' }, attempt: tab.attempt + 1 };
}

/** Takes a tab away; its neighbour is shown, and with the last one the panel closes. */
export function removeTerminal(id: string, store: TerminalStore = terminalStore): void {
  store.setState(({ tabs, activeId, isOpen, focusRequests }) => {
    const index = tabs.findIndex((tab) => tab.id === id);
    const rest = tabs.filter((tab) => tab.id !== id);
    const next = activeId === id ? (rest[index] ?? rest.at(-1))?.id : activeId;
    return {
      tabs: rest,
      activeId: next,
      isOpen: isOpen && rest.length > 0,
      focusRequests: rest.length > 0 ? focusRequests + 1 : focusRequests,
    };
  });
}

/** Shows a tab; the keyboard stays where it is. */
export function showTerminal(id: string, store: TerminalStore = terminalStore): void {
  store.setState({ activeId: id });
}

/** One key: opens the panel and goes into it; from inside, closes it. */
export function togglePanel(isFocusInside: boolean, store: TerminalStore = terminalStore): void {
  store.setState(({ isOpen, focusRequests }) =>
    isOpen && isFocusInside
      ? { isOpen: false }
      : { isOpen: true, focusRequests: focusRequests + 1 },
  );
}
