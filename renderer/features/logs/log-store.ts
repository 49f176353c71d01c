/** A log as the window has it: followed, and read backwards as one scrolls. */
import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { LogEvent, LogLine } from '../../../main/contract/logs.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import type { LogQuestion } from './log-filter.ts';
import {
  appendLines,
  clearLines,
  emptyWindow,
  joinLatest,
  maxWindowLines,
  prependPage,
  removeRunLines,
  type LogWindow,
} from './log-window.ts';

/** Lines that are asked for at once. */
export const pageLines = 1_000;

/** See the head of this file. */
export interface LogState {
  readonly window: LogWindow;
  /** The host has answered, if only that there is nothing. */
  readonly isLoaded: boolean;
  readonly isLoadingEarlier: boolean;
  readonly error: ErrorData | undefined;
}

/** Makes a store without lines. */
export function createLogStore() {
  return createStore<LogState>(() => ({
    window: emptyWindow,
    isLoaded: false,
    isLoadingEarlier: false,
    error: undefined,
  }));
}

/** A store of {@link createLogStore}. */
export type LogStore = ReturnType<typeof createLogStore>;

/** The part of the client that logs need. */
export type LogClient = Pick<SkerryClient['logs'], 'read' | 'follow'>;

/**
 * Takes over the latest lines, then what comes, until the signal aborts.
 * @param later runs its work soon, once for what came meanwhile: with the next frame
 */
export async function followLog(
  logs: LogClient,
  question: LogQuestion,
  store: LogStore,
  signal: AbortSignal,
  later: (work: () => void) => void,
): Promise<void> {
  let waiting: LogLine[] = [];
  const takeOver = () => {
    const more = waiting;
    waiting = [];
    if (!signal.aborted) store.setState(({ window }) => ({ window: appendLines(window, more) }));
  };
  try {
    for await (const event of await logs.follow({ ...question, tail: pageLines }, { signal })) {
      if (event.type === 'lines') {
        const isAsked = waiting.length > 0;
        waiting = [...waiting, ...event.lines].slice(-maxWindowLines);
        if (!isAsked) later(takeOver);
        continue;
      }
      takeOver();
      store.setState(({ window }) => ({ window: changed(window, event) }));
      if (event.type === 'latest') store.setState({ isLoaded: true, error: undefined });
    }
  } catch (thrown) {
    if (!signal.aborted) store.setState({ isLoaded: true, error: toErrorData(thrown) });
  }
}

function changed(window: LogWindow, event: Exclude<LogEvent, { type: 'lines' }>): LogWindow {
  switch (event.type) {
    case 'latest':
      return joinLatest(window, event);
    case 'removed':
      return removeRunLines(window, event.commandId);
    case 'cleared':
      return clearLines(window, event.oldestSequence);
  }
}

/** Whether one more page of earlier lines may be held. */
export function hasRoomForPage({ lines }: LogWindow): boolean {
  return lines.length + pageLines <= maxWindowLines;
}

/** Reads the page before the first line, unless it is being read or the window is full. */
export async function loadEarlier(
  logs: Pick<LogClient, 'read'>,
  question: LogQuestion,
  store: LogStore,
): Promise<void> {
  const { window, isLoadingEarlier } = store.getState();
  const first = window.lines[0]?.sequence;
  if (isLoadingEarlier || !window.hasEarlier || first === undefined) return;
  if (!hasRoomForPage(window)) return;
  store.setState({ isLoadingEarlier: true });
  try {
    const page = await logs.read({ ...question, beforeSequence: first, limit: pageLines });
    store.setState((state) =>
      // Meanwhile it may have begun anew.
      state.window.lines[0]?.sequence === first
        ? { window: prependPage(state.window, page) }
        : state,
    );
  } catch (thrown) {
    store.setState({ error: toErrorData(thrown) });
  } finally {
    store.setState({ isLoadingEarlier: false });
  }
}
