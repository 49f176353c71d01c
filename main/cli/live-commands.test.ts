/** `logs`, `stats`, `top`, `commands` and `boot`, against a real host process; the engine is a fake. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture, finish } from './testing/cli-fixture.ts';

// Some of them are processes of their own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let engine: FakeEngine;
let cli: CliFixture;

beforeEach(async () => {
  engine = new FakeEngine();
  cli = await CliFixture.start(engine);
  const { id } = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
  await engine.operations.wait(id);
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

async function output(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.call(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.toString();
}

describe('logs', () => {
  it('tells where each line comes from, and drives no terminal', async () => {
    engine.live.say('web', { text: '[    0.000000] Linux\u001b[2J' });
    engine.live.say('web', { source: 'agent', text: 'ready' });
    const command = { source: 'command', commandId: 'c1', atMs: 1000 } as const;
    engine.live.say('web', { ...command, stream: 'stdout', text: '\u001b[31mred\u001b[0m out' });
    engine.live.say('web', { ...command, stream: 'stderr', text: 'wrong' });
    expect(await output(['logs', 'web'])).toBe(
      'console  [    0.000000] Linux\ufffd[2J\n' +
        'agent    ready\nstdout   red out\nstderr   wrong\n',
    );
    expect(await output(['logs', 'web', '--source', 'agent'])).toBe('ready\n');
    expect(await output(['logs', 'web', '--tail', '1', '--timestamps'])).toBe(
      '1970-01-01T00:00:01.000Z  stderr   wrong\n',
    );
    expect(await output(['logs', 'web', '--command', 'c1', '--search', 'RED'])).toBe(
      'stdout   red out\n',
    );
    expect(JSON.parse(await output(['logs', 'web', '--json', '-n', '1']))).toMatchObject({
      sequence: 4,
      stream: 'stderr',
    });
    expect(await output(['logs', 'web', '--tail', '0'])).toBe('');
  });

  it('reads more than one answer holds, in its order', async () => {
    for (let count = 1; count <= 5003; count++) engine.live.say('web', { text: String(count) });
    const lines = (await output(['logs', 'web', '--source', 'console'])).trimEnd().split('\n');
    expect(lines).toEqual(Array.from({ length: 5003 }, (_, index) => String(index + 1)));
  });

  it('takes times as they are said', async () => {
    const now = Date.now();
    engine.live.say('web', { atMs: now - 3_600_000, text: 'an hour ago' });
    engine.live.say('web', { atMs: now, text: 'now' });
    expect(await output(['logs', 'web', '--since', '10m'])).toBe('console  now\n');
    expect(await output(['logs', 'web', '--until', '10m'])).toBe('console  an hour ago\n');
    expect(await output(['logs', 'web', '--until', '2001-01-01'])).toBe('');
    const wrong = await cli.call(['logs', 'web', '--since', 'yesterday']);
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('A time is 90s, 10m, 2h or 3d ago, or 2026-01-31T08:00.');
  });

  it('refuses what is no source, and a sandbox that is not there', async () => {
    const source = await cli.call(['logs', 'web', '--source', 'kernel']);
    expect(source).toMatchObject({ code: 2 });
    expect(source.stderr).toContain('not "kernel"');
    const missing = await cli.call(['logs', 'nothing']);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stderr).toContain('sandbox/not-found');
  });

  it('follows until Ctrl+C', async () => {
    engine.live.say('web', { text: 'before' });
    const child = cli.begin(['logs', 'web', '--follow']);
    const ended = finish(child);
    await once(child.stdout, 'data');
    engine.live.say('web', { text: 'after' });
    await once(child.stdout, 'data');
    await engine.logs.clear('web');
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'skerry: The log of web was cleared.\n' });
    expect(stdout.toString()).toBe('console  before\nconsole  after\n');
    expect(engine.live.subscriptions).toBe(0);
  });
});

describe('stats', () => {
  it('shows once what is used, and what is not known as such', async () => {
    engine.live.sample('web', {
      ...{ cpuPercent: 150.26, hostMemoryBytes: 300 * 1024 * 1024 },
      ...{ guestMemoryBytes: 100 * 1024 * 1024, guestMemoryTotalBytes: 512 * 1024 * 1024 },
      ...{ diskWriteBytesPerSecond: 2048, networkReceivedBytesPerSecond: 10 },
    });
    const text = await output(['stats', '--no-stream']);
    expect(text).toMatch(
      /\nweb +150 % +100 MiB +512 MiB +300 MiB +0 B\/s +2 KiB\/s +10 B\/s +0 B\/s +-\n$/,
    );
    expect(JSON.parse(await output(['stats', 'web', '--no-stream', '--json']))).toMatchObject({
      web: { cpuPercent: 150.26 },
    });
  });

  it('waits for the first sample of what runs, and for nothing where nothing does', async () => {
    const child = cli.begin(['stats', '--no-stream', '--json']);
    const ended = finish(child);
    await vi.waitUntil(() => engine.live.subscriptions === 1, { timeout: 60_000 });
    engine.live.sample('web', { cpuPercent: 7 });
    expect(JSON.parse((await ended).stdout.toString())).toMatchObject({ web: { cpuPercent: 7 } });
    await engine.sandboxes.stop('web');
    expect(await output(['stats', '--no-stream'])).toMatch(/^NAME [^\n]*\n$/);
    const missing = await cli.call(['stats', 'nothing']);
    expect(missing.stderr).toContain('sandbox/not-found');
  });

  it('goes on with a line for each second, until Ctrl+C', async () => {
    engine.live.sample('web', { cpuPercent: 1 });
    const child = cli.begin(['stats', 'web', '--json']);
    const ended = finish(child);
    await once(child.stdout, 'data');
    engine.live.sample('web', { cpuPercent: 2 });
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    const lines = stdout.toString().trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { web: { cpuPercent: 1 } },
      { web: { cpuPercent: 2 } },
    ]);
    expect(engine.live.subscriptions).toBe(0);
  });
});

describe('top', () => {
  it('lists the processes, the busiest first', async () => {
    const idle = { parentPid: 0, userId: 0, state: 'S', residentBytes: 4096, cpuMs: 10 };
    engine.live.running = [
      { ...idle, pid: 1, command: 'init' },
      { ...idle, pid: 7, parentPid: 1, userId: 1000, state: 'R', cpuMs: 2500, command: 'node' },
    ];
    expect(await output(['top', 'web'])).toBe(
      'PID  PPID  UID   S  CPU  TIME    MEMORY  COMMAND\n' +
        '7    1     1000  R  -    2.50 s  4 KiB   node\n' +
        '1    0     0     S  -    0.01 s  4 KiB   init\n',
    );
    expect(JSON.parse(await output(['top', 'web', '--json']))).toEqual(engine.live.running);
  });

  it('says that a sandbox does not run', async () => {
    await engine.sandboxes.stop('web');
    const { code, stderr } = await cli.call(['top', 'web']);
    expect(code).toBe(1);
    expect(stderr).toContain('sandbox/not-running');
  });
});

describe('commands', () => {
  it('lists what ran, and how it ended', async () => {
    await engine.commands.run({ name: 'web', line: 'fail' });
    await engine.commands.run({ name: 'web', command: ['make', 'all\nand more'] });
    const { id } = await engine.commands.run({ name: 'web', line: 'sleep' });
    expect(await output(['commands', 'web'])).toMatch(/\ncommand-3 .* runs +sleep\n/);
    await engine.commands.signal({ name: 'web', id, signal: 15 });
    const text = await output(['commands', 'web']);
    expect(text).toMatch(
      /\ncommand-3 .* signal 15 +sleep\ncommand-2 .* exit 0 +make all and more\n/,
    );
    expect(text).toMatch(/\ncommand-1 .* exit 3 +fail\n$/);
    expect(JSON.parse(await output(['commands', 'web', '--json']))).toHaveLength(3);
  });
});

describe('boot', () => {
  it('shows where the time went, and names the slowest step', async () => {
    expect(await output(['boot', 'web'])).toBe('There is no start on record.\n');
    engine.live.starts = [
      {
        ...{ startedAtMs: 0, totalMs: 4000, slowest: 'kernel' },
        steps: [
          { key: 'qemu', label: 'Start QEMU', startMs: 0, durationMs: 1000 },
          { key: 'kernel', label: 'Boot the kernel', startMs: 1000, durationMs: 3000 },
        ],
      },
    ];
    expect(await output(['boot', 'web'])).toBe(
      'The start at 1970-01-01T00:00:00.000Z took 4.00 s\n' +
        `1000 ms  ${'█'.repeat(10)}${' '.repeat(30)}  Start QEMU\n` +
        `3000 ms  ${' '.repeat(10)}${'█'.repeat(30)}  Boot the kernel  ← took longest\n`,
    );
    engine.live.starts = [{ startedAtMs: 0, totalMs: 1, steps: [], failure: 'No disk.' }];
    expect(await output(['boot', 'web'])).toMatch(/ failed: No disk\.\n$/);
    expect(JSON.parse(await output(['boot', 'web', '--json']))).toEqual(engine.live.starts);
  });
});
