import xterm, { type Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { guardParser } from './parser-guard.ts';

function aTerminal(): Terminal {
  const terminal = new xterm.Terminal({ rows: 3, cols: 5, scrollback: 0, allowProposedApi: true });
  guardParser(terminal);
  return terminal;
}

/** Resolves once it is drawn; a queue that is stuck never does. */
async function write(terminal: Terminal, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    terminal.write(text, resolve);
  });
}

function linesOf(terminal: Terminal): string[] {
  return Array.from(
    { length: terminal.rows },
    (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '',
  );
}

describe('a guarded terminal', () => {
  it('erases above at the end of its last line, and goes on', async () => {
    const terminal = aTerminal();
    await write(terminal, 'one\r\ntwo\r\nthree\x1b[1Jmore');
    await write(terminal, '\x1b[Hnext');
    expect(linesOf(terminal)).toEqual(['next', '', 'more']);
  });

  it('loses no more than the piece that xterm.js throws at', async () => {
    const terminal = aTerminal();
    terminal.parser.registerCsiHandler({ final: 'y' }, () => {
      throw new Error('A fault of xterm.js.');
    });
    await write(terminal, 'one\x1b[ylost');
    await write(terminal, '\r\ntwo');
    expect(linesOf(terminal)).toEqual(['one', 'two', '']);
  });
});
