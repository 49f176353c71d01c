/** Lines that a program printed, made fit to be read: no colours, no cursor movements. Pure. */

/** Most lines that are kept; the oldest go first. */
export const maxOutputLines = 5_000;

/** Longest line that is shown whole. */
const maxLineLength = 4_000;

// Control sequences (ECMA-48, 5.4) and operating system commands up to their end.
const escapePattern =
  // eslint-disable-next-line no-control-regex -- what it looks for are control characters
  /\u001b(?:\[[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u0020-\u002f]*[\u0030-\u007e])/g;
const controlPattern =
  // eslint-disable-next-line no-control-regex -- see above
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text of one line as a terminal would leave it: what a carriage return writes over is gone. */
function plainLine(line: string): string {
  const overwritten = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  const plain = overwritten.replaceAll(escapePattern, '').replaceAll(controlPattern, '');
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
