import { expect, it } from 'vitest';
import { isTerminalReport } from './terminal-report.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

it.each([
  '\x1b[?1;2c',
  '\x1b[>0;276;0c',
  '\x1b[24;80R',
  '\x1b[0n',
  '\x1b[?2004;1$y',
  '\x1b[I',
  '\x1b]11;rgb:1212/1414/1717\x1b\\',
  '\x1bP1$r0m\x1b\\',
])('knows %j as an answer of the terminal', (text) => {
  expect(isTerminalReport(bytes(text))).toBe(true);
});

it.each(['a', '\x1b', '\x1b[A', '\x1bOA', '\x1b[3~', '\x1b[200~x\x1b[201~', '\x1bc', '\r', ''])(
  'knows %j as typed',
  (text) => {
    expect(isTerminalReport(bytes(text))).toBe(false);
  },
);
