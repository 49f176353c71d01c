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
 * With the latest lines as the host has them: after those that are there, or in their place where
 * lines may be missing between.
 */
export function joinLatest(window: LogWindow, latest: LogWindow, max = maxWindowLines): LogWindow {
  const last = window.lines.at(-1)?.sequence;
  const first = latest.lines[0]?.sequence;
  if (last === undefined || first === undefined) {
    return last === undefined ? latest : window;
  }
  return first > last && latest.hasEarlier ? latest : appendLines(window, latest.lines, max);
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
