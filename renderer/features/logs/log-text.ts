/** Lines of a log as text. Pure. */
import type { LogLine } from '../../../main/contract/logs.ts';
import { stripSgr } from '../../ui/sgr.ts';

/** What said a line, in one word: the stream of a command, or the source. */
export function originOf({
  source,
  stream,
}: LogLine): 'console' | 'agent' | 'command' | 'stdout' | 'stderr' {
  return source === 'command' ? (stream ?? 'command') : source;
}

/** Lines for the clipboard or a file: time (RFC 3339, UTC), origin, text without colours. */
export function formatLog(lines: readonly LogLine[]): string {
  return lines
    .map((line) => {
      const time = new Date(line.atMs).toISOString();
      return `${time} ${originOf(line).padEnd(7)} ${stripSgr(line.text)}\n`;
    })
    .join('');
}

/** The time of day with milliseconds, in local time. */
export function formatClock(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${milliseconds}`;
}

/** From another moment: `+12.345`, `-3.000`; in seconds. */
export function formatOffset(atMs: number, fromMs: number): string {
  const seconds = ((atMs - fromMs) / 1000).toFixed(3);
  return atMs < fromMs ? seconds : `+${seconds}`;
}

/** Places of the lines that have a text, whatever the case. */
export function findLines(lines: readonly LogLine[], search: string): readonly number[] {
  if (search === '') return [];
  const wanted = search.toLowerCase();
  const found: number[] = [];
  for (const [index, { text }] of lines.entries()) {
    if (stripSgr(text).toLowerCase().includes(wanted)) found.push(index);
  }
  return found;
}
