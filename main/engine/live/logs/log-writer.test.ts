import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { describeGuestLine, kernelLineText } from './guest-lines.ts';
import { LogWriter } from './log-writer.ts';
import { SandboxLog } from './sandbox-log.ts';

describe('LogWriter', () => {
  const temporary = useTemporaryDirectory();
  let log: SandboxLog;

  beforeEach(() => {
    log = new SandboxLog(path.join(temporary.path, 'log'));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const lines = async () => (await log.read({ limit: 5000 })).lines;
  const aCommand = () => ({ source: 'command', stream: 'stdout', commandId: 'c' }) as const;

  it('says of each line where it comes from', async () => {
    const writer = new LogWriter(log, { describe: describeGuestLine, now: () => 5 });
    await writer.write(Buffer.from('[    0.1] Linux\r\n[    1.234567] skerry-agent: rea'));
    await writer.write(Buffer.from('dy\nlogin: '));
    await writer.end();
    expect(await lines()).toEqual([
      { sequence: 1, atMs: 5, source: 'console', text: '[    0.1] Linux' },
      { sequence: 2, atMs: 5, source: 'agent', text: '[    1.234567] skerry-agent: ready' },
      { sequence: 3, atMs: 5, source: 'console', text: 'login: ' },
    ]);
  });

  it('keeps the beginning of a line when nothing follows for a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const writer = new LogWriter(log, { describe: aCommand });
    await writer.write(Buffer.from('Password: '));
    expect(await lines()).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await lines()).toMatchObject([{ text: 'Password: ' }]);
    await writer.write(Buffer.from('wrong\n'));
    expect(await lines()).toMatchObject([{ text: 'Password: ' }, { text: 'wrong' }]);
  });

  it('leaves out what is too much, says how much, and goes on', async () => {
    let nowMs = 0;
    const limits = { burstBytes: 100_000, bytesPerSecond: 10_000 };
    const writer = new LogWriter(log, { describe: aCommand, limits, now: () => nowMs });
    for (let count = 0; count < 100; count++) await writer.write(Buffer.from('y\n'.repeat(1000)));
    const during = await lines();
    expect(during.length).toBeLessThan(1100);
    nowMs = 60_000;
    await writer.write(Buffer.from('quiet again\n'));
    const all = await lines();
    expect(all.at(-1)).toMatchObject({ source: 'command', text: 'quiet again' });
    const said = all.at(-2);
    expect(said).toMatchObject({ source: 'agent', commandId: 'c' });
    const leftOut = /^… ([\d,]+) lines left out/.exec(said?.text ?? '')?.[1]?.replaceAll(',', '');
    // What was begun when the gate shut is one line that is neither whole nor counted.
    expect(Number(leftOut) + all.length - 2).toBe(100_000);
  });

  it('says so too when nothing comes after the flood', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const limits = { burstBytes: 1000, bytesPerSecond: 1 };
    const writer = new LogWriter(log, { describe: aCommand, limits, now: () => 0 });
    await writer.write(Buffer.from('y\n'.repeat(12)));
    await writer.write(Buffer.from('y\n'.repeat(3)));
    await vi.advanceTimersByTimeAsync(3000);
    expect((await lines()).at(-1)?.text).toMatch(/^… 5 lines left out/);
  });

  it('takes a flood of anything at the pace of a processor', async () => {
    const writer = new LogWriter(log, { describe: aCommand, now: () => 0 });
    const noise = Buffer.alloc(1024 * 1024);
    for (let at = 0; at < noise.length; at++) noise[at] = (at * 2_654_435_761) >>> 24;
    for (let count = 0; count < 64; count++) await writer.write(noise);
    await writer.end();
    const { lines: last } = await log.read({ limit: 1 });
    expect(last[0]?.text).toMatch(/lines left out/);
  });
});

describe('the lines of a guest', () => {
  it.each([
    ['skerry-agent: ready', 'agent'],
    ['<3>skerry-agent: cannot start', 'agent'],
    ['[   12.000001] skerry-agent: ready', 'agent'],
    ['[   12.000001] systemd: skerry-agent: ready', 'console'],
    ['', 'console'],
  ])('%j is of the %s', (text, source) => {
    expect(describeGuestLine(text)).toEqual({ source });
  });

  it('have the time of the kernel as its console has it', () => {
    expect(kernelLineText({ sinceBootUs: 5_140_900, text: 'x' })).toBe('[    5.140900] x');
    expect(kernelLineText({ sinceBootUs: 12_345_678_900, text: 'x' })).toBe('[12345.678900] x');
  });
});
