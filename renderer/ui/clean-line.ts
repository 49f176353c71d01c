/** Lines that a program printed, made fit to be shown: colours stay, cursor movements do not. Pure. */

// Control sequences but for SGR (ECMA-48, 5.4), operating system commands up to their end, others.
const escapePattern =
  // eslint-disable-next-line no-control-regex -- what it looks for are control characters
  /\u001b(?!\[[\d;:]*m)(?:\[[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u0020-\u002f]*[\u0030-\u007e])?/g;
const controlPattern =
  // eslint-disable-next-line no-control-regex -- see above
  /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * One line as a terminal would leave it: what a carriage return writes over is gone, and so are
 * characters that turn the direction of the text around. SGR is left in it; see `sgr.ts`.
 */
export function cleanLine(line: string): string {
  const overwritten = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  return overwritten.replaceAll(escapePattern, '').replaceAll(controlPattern, '');
}
