import { describe, expect, it } from 'vitest';
import { isTerminalAnswer } from './terminal-answers.ts';

describe('isTerminalAnswer', () => {
  it.each([
    ...['\x1b[?1;2c', '\x1b[>0;276;0c', '\x1b[0n', '\x1b[12;40R', '\x1b[?2004;1$y'],
    ...['\x1bP1$r0m\x1b\\', '\x1bP>|xterm.js(6.0.0)\x1b\\', '\x1b]10;rgb:ff/ff/ff\x07'],
    ...['\x1b]4;1;rgb:1234/5678/9abc\x1b\\', '\x1b[8;24;80t'],
  ])('knows %j', (text) => {
    expect(isTerminalAnswer(Buffer.from(text))).toBe(true);
  });

  it.each([
    ...[
      'a',
      '\x1b',
      '\x1b[A',
      '\x1bOR',
      '\x1b[1;2R',
      '\x1b[1;16R',
      '\x1b[15~',
      '\x1b[1;5C',
      '\x1b[I',
    ],
    ...['\x1b[<0;1;1M', '\x1b[200~c\x1b[201~', '\x1b[cx', '', 'x\x1b[0n', '\x1bP'],
  ])('takes %j for what somebody types', (text) => {
    expect(isTerminalAnswer(Buffer.from(text))).toBe(false);
  });
});
