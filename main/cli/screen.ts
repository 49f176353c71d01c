import { print } from './output.ts';

/** ECMA-48: to the first place of the screen, and nothing below. */
const beginAgain = '\u001b[H\u001b[J';

/** Prints a page in the place of the one before on a terminal, and behind it elsewhere. */
export function printPage(text: string): Promise<void> {
  return print(process.stdout.isTTY ? `${beginAgain}${text}` : text);
}
