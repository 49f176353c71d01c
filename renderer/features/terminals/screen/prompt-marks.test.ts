import xterm, { type Terminal } from '@xterm/headless';
import type { Terminal as WindowTerminal } from '@xterm/xterm';
import { describe, expect, it } from 'vitest';
import { PromptMarks } from './prompt-marks.ts';

const size = { rows: 6, cols: 20 };

/** A terminal in which a shell has written this, and the marks of it. */
async function marksOf(stream: string): Promise<{ terminal: Terminal; marks: PromptMarks }> {
  const terminal = new xterm.Terminal({ ...size, scrollback: 100, allowProposedApi: true });
  const marks = new PromptMarks(terminal as unknown as WindowTerminal);
  await new Promise<void>((resolve) => {
    terminal.write(stream, resolve);
  });
  return { terminal, marks };
}

const lastOutput = async (stream: string) => (await marksOf(stream)).marks.lastOutput();

const mark = (what: string) => `\x1b]133;${what}\x07`;
/** As a shell does that has nothing but its prompt to mark with. */
const prompt = `${mark('D;0')}${mark('A')}$ ${mark('B')}`;
const secondPrompt = `${mark('A;k=s')}> ${mark('B')}`;

describe('the output of the last command', () => {
  it('is between the marks before and after it', async () => {
    const stream = `${mark('A')}$ ls\r\n${mark('C')}one\r\ntwo\r\n${mark('D;0')}${mark('A')}$ `;
    expect(await lastOutput(stream)).toBe('one\ntwo\n');
  });

  it('begins below the command where the shell does not say so', async () => {
    expect(await lastOutput(`${prompt}ls\r\none\r\ntwo\r\n${prompt}`)).toBe('one\ntwo\n');
  });

  it('begins below a command that is longer than a line, or has several', async () => {
    const long = 'echo 90123456789012345678901234567890';
    expect(await lastOutput(`${prompt}${long}\r\nout\r\n${prompt}`)).toBe('out\n');
    // As the shell of BusyBox begins the next line.
    const broken = `${'x'.repeat(18)}\r\nyyy`;
    expect(await lastOutput(`${prompt}${broken}\r\nout\r\n${prompt}`)).toBe('out\n');
    const several = `for i in 1 2\r\n${secondPrompt}do echo $i\r\n${secondPrompt}done\r\n`;
    expect(await lastOutput(`${prompt}${several}1\r\n2\r\n${prompt}`)).toBe('1\n2\n');
  });

  it('has the last line that had no end, and those that have scrolled away', async () => {
    expect(await lastOutput(`${prompt}printf x\r\nx${prompt}`)).toBe('x');
    const lines = Array.from({ length: 30 }, (_, index) => `line ${String(index)}`);
    const stream = `${prompt}cat\r\n${lines.join('\r\n')}\r\n${prompt}`;
    expect(await lastOutput(stream)).toBe(`${lines.join('\n')}\n`);
  });

  it('stays that of the command before where nothing was typed at a prompt', async () => {
    expect(await lastOutput(`${prompt}ls\r\none\r\n${prompt}\r\n${prompt}`)).toBe('one\n');
  });

  it('is found below a prompt that was drawn twice', async () => {
    expect(await lastOutput(`${prompt}\r${prompt}ls\r\none\r\n${prompt}`)).toBe('one\n');
  });

  it('is found where the screen was cleared before the command ran', async () => {
    const start = `${mark('D;0')}${mark('A')}$ `;
    const cleared = `${start}ls\r\n${start}\x1b[H\x1b[2J\x1b[3J$ `;
    const stream = `${cleared}ls\r\n${mark('C')}one${mark('D;0')}${mark('A')}$ `;
    expect(await lastOutput(stream)).toBe('one');
  });

  it('is empty where a command wrote nothing, and unknown where none has ended', async () => {
    expect(await lastOutput(`${prompt}true\r\n${prompt}`)).toBe('');
    expect(await lastOutput(`${prompt}sleep 1\r\nhalf`)).toBeUndefined();
    expect(await lastOutput('no marks at all\r\n')).toBeUndefined();
  });
});

describe('prompts', () => {
  it('are gone to one after the other, a second prompt not', async () => {
    const block = (name: string) =>
      `${prompt}${name}\r\n${secondPrompt}more\r\n${'out\r\n'.repeat(8)}`;
    const { terminal, marks } = await marksOf(`${block('one')}${block('two')}${prompt}`);
    const top = () =>
      terminal.buffer.active.getLine(terminal.buffer.active.viewportY)?.translateToString(true);
    expect(marks.jump('previous')).toBe(true);
    expect(top()).toBe('$ two');
    expect(marks.jump('previous')).toBe(true);
    expect(top()).toBe('$ one');
    expect(marks.jump('previous')).toBe(false);
    expect(marks.jump('next')).toBe(true);
    expect(top()).toBe('$ two');
  });
});
