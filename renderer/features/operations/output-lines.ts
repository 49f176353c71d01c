/** Lines that a program printed, made fit to be read: no colours, no cursor movements. Pure. */
import { cleanLine } from '../../ui/clean-line.ts';
import { stripSgr } from '../../ui/sgr.ts';

/** Most lines that are kept; the oldest go first. */
export const maxOutputLines = 5_000;

/** Longest line that is shown whole. */
const maxLineLength = 4_000;

/** The text of one line as a terminal would leave it, without colours. */
function plainLine(line: string): string {
  const plain = stripSgr(cleanLine(line));
  return plain.length > maxLineLength ? `${plain.slice(0, maxLineLength)}…` : plain;
}

/** What was printed so far. */
export interface Output {
  readonly lines: readonly string[];
  /** The line that has no end yet, as it came. */
  readonly unfinished: string;
}

/** Nothing yet. */
export const noOutput: Output = { lines: [], unfinished: '' };

/** The output with more of it; a chunk may begin and end anywhere. */
export function appendOutput({ lines, unfinished }: Output, chunk: string): Output {
  const more = (unfinished + chunk).split('\n');
  const rest = more.pop() ?? '';
  return {
    lines: [...lines, ...more.map(plainLine)].slice(-maxOutputLines),
    // What came before the last carriage return is written over anyhow.
    unfinished: rest.slice(-2 * maxLineLength),
  };
}

/** All of it, for the screen and the clipboard. */
export function textOfOutput({ lines, unfinished }: Output): string {
  const last = plainLine(unfinished);
  return (last === '' ? lines : [...lines, last]).join('\n');
}
