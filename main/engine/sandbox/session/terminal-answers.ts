/**
 * Answers of a terminal to a program's questions (ECMA-48 and xterm's control sequences), told apart
 * from what a person types. A question is answered once, however many screens heard it. Pure.
 */

/** Device attributes, status, modes, settings, the cursor's place, colours, the size of the window. */
// Control characters are what these sequences begin and end with.
/* eslint-disable no-control-regex */
const answers = [
  /^\x1b\[[?>=][\d;]*c$/,
  /^\x1b\[\??[03]n$/,
  /^\x1b\[\?[\d;]+n$/,
  /^\x1b\[\??[\d;]+\$y$/,
  /^\x1bP[01]\$r[^\x1b]*\x1b\\$/,
  /^\x1bP[>!][^\x1b]*\x1b\\$/,
  /^\x1b\[\d+;\d+R$/,
  /^\x1b\](?:4;\d+|1[0-9]);rgba?:[\da-f/]+(?:\x07|\x1b\\)$/i,
  /^\x1b\[[4-9];\d+;\d+t$/,
];
/** F3 with a modifier looks like a cursor in the first row. */
const functionKey = /^\x1b\[1;(?:[2-9]|1[0-6])R$/;
/* eslint-enable no-control-regex */
const maxAnswerBytes = 256;

/** Whether this input is such an answer and nothing else. */
export function isTerminalAnswer(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x1b || bytes.length > maxAnswerBytes) return false;
  const text = Buffer.from(bytes).toString('latin1');
  return !functionKey.test(text) && answers.some((answer) => answer.test(text));
}
