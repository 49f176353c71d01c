/** The part of a log that is shown: without gaps, bounded, growing at both ends. Pure. */
import type { LogLine, LogPage } from '../../../main/contract/logs.ts';

/** Lines that are held at once; what is earlier makes way for what comes. */
export const maxWindowLines = 100_000;

/** See the head of this file. */
export interface LogWindow {
  /** Oldest first; sequences count up. */
  readonly lines: readonly LogLine[];
  /** The host has earlier ones that match. */
  readonly hasEarlier: boolean;
}

/** Nothing. */
export const emptyWindow: LogWindow = { lines: [], hasEarlier: false };

/** With what came; lines that are there already are left out. */
export function appendLines(
  window: LogWindow,
  more: readonly LogLine[],
  max = maxWindowLines,
): LogWindow {
  const last = window.lines.at(-1)?.sequence ?? -Infinity;
  const fresh = more.filter(({ sequence }) => sequence > last);
  if (fresh.length === 0) return window;
  const lines = [...window.lines, ...fresh];
  return lines.length <= max
    ? { ...window, lines }
    : { lines: lines.slice(-max), hasEarlier: true };
}

/**
 * With the latest lines as the host has them: after earlier ones that are there, unless lines may
 * be missing between. What the host has no more goes.
 */
export function joinLatest(window: LogWindow, latest: LogPage, max = maxWindowLines): LogWindow {
  const { lines, hasEarlier, oldestSequence } = latest;
  const last = window.lines.at(-1)?.sequence;
  const first = lines[0]?.sequence ?? Infinity;
  if (!hasEarlier || last === undefined || first > last) return { lines, hasEarlier };
  const earlier = window.lines.filter(
    ({ sequence }) => sequence >= oldestSequence && sequence < first,
  );
  return appendLines({ ...window, lines: earlier }, lines, max);
}

/** Without what the host has cleared. */
export function clearLines({ lines }: LogWindow, oldestSequence: number): LogWindow {
  return { lines: lines.filter(({ sequence }) => sequence >= oldestSequence), hasEarlier: false };
}

/** Without what a run has said; the same window where it said nothing. */
export function removeRunLines(window: LogWindow, id: string): LogWindow {
  const lines = window.lines.filter(({ commandId }) => commandId !== id);
  return lines.length === window.lines.length ? window : { ...window, lines };
}

/** With earlier lines before the first. */
export function prependPage(
  window: LogWindow,
  { lines, hasEarlier }: Pick<LogPage, 'lines' | 'hasEarlier'>,
): LogWindow {
  const first = window.lines[0]?.sequence ?? Infinity;
  const earlier = lines.filter(({ sequence }) => sequence < first);
  return { lines: [...earlier, ...window.lines], hasEarlier };
}
