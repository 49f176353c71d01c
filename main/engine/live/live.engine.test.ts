/** What real guests say, run and use, and what is left of it after them and after the host process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandOutput } from '../../contract/commands.ts';
import type { StatsEvent, StatsSample } from '../../contract/stats.ts';
import type { Engine } from '../engine.ts';
import { createSandbox, readSession, runScript, TestHome } from '../testing/test-engine.ts';

const timeoutMs = 300_000;

let home: TestHome;
let engine: Engine;

beforeAll(async () => {
  home = await TestHome.make();
  engine = await home.open();
  await createSandbox(engine, { name: 'web', scripts: { greet: 'echo "hello $1"; exit 4' } });
}, timeoutMs);

afterAll(async () => {
  await home[Symbol.asyncDispose]();
}, timeoutMs);

/** The host process ends, and another one takes its place. */
async function restartHost(): Promise<void> {
  await home.close();
  engine = await home.open();
}

async function outputOf(id: string): Promise<CommandOutput[]> {
  const all: CommandOutput[] = [];
  for await (const piece of engine.commands.output('web', id)) all.push(piece);
  return all;
}

const textOf = (output: readonly CommandOutput[]): string =>
  output.map(({ text }) => text).join('');

/** The first sample from now on that is like this. */
async function sampleWhere(isWanted: (sample: StatsSample) => boolean): Promise<StatsSample> {
  const found = Promise.withResolvers<StatsSample>();
  const off = engine.stats.watch('web', (event: StatsEvent) => {
    if (event.type === 'sample' && isWanted(event.sample)) found.resolve(event.sample);
  });
  try {
    return await found.promise;
  } finally {
    off();
  }
}

/** The first line of the log that has this text. */
async function lineWith(text: string): Promise<string> {
  const found = Promise.withResolvers<string>();
  const off = engine.logs.follow({ name: 'web', search: text, tail: 1 }, (event) => {
    const [line] = 'lines' in event ? event.lines : [];
    if (line !== undefined) found.resolve(`${line.source} ${line.text}`);
  });
  try {
    return await found.promise;
  } finally {
    off();
  }
}

describe('a sandbox that is looked at', () => {
  it(
    'has said how it booted, from the first line of its kernel',
    async () => {
      expect(await lineWith('Linux version')).toMatch(/^console \[ +0\.000000\] Linux version 6/);
      expect(await lineWith('root assembled')).toMatch(/^agent \[ .*skerry-agent: root assembled/);
      const { lines } = await engine.logs.read({ name: 'web', limit: 5000 });
      expect(lines.length).toBeGreaterThan(100);
      expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, index) => index + 1));
    },
    timeoutMs,
  );

  it(
    'has the steps of its start on record, which come to its time',
    async () => {
      const [boot] = await engine.sandboxes.boots('web');
      const steps = new Map(boot?.steps.map((step) => [step.key, step]));
      const ends = [...steps.values()].map(({ startMs, durationMs }) => startMs + durationMs);
      const totalMs = boot?.totalMs ?? 0;
      expect(Math.max(...ends)).toBeLessThanOrEqual(totalMs + 1);
      const parts = ['prepare', 'qemu', 'monitor'];
      for (const [index, key] of parts.slice(1).entries()) {
        const { startMs = NaN, durationMs = NaN } = steps.get(parts[index] ?? '') ?? {};
        expect(steps.get(key)?.startMs).toBeCloseTo(startMs + durationMs, 0);
      }
      const inTurn = [...parts, 'firmware', 'kernel', 'root'].map(
        (key) => steps.get(key)?.durationMs ?? NaN,
      );
      const sum = inTurn.reduce((all, each) => all + each, 0);
      expect(sum).toBeGreaterThan(totalMs / 2);
      expect(sum).toBeLessThanOrEqual(totalMs + 1);
      const longest = Math.max(...[...steps.values()].map(({ durationMs }) => durationMs));
      expect(steps.get(boot?.slowest ?? '')?.durationMs).toBe(longest);
      const { bootMs = 0 } = engine.sandboxes.inspect('web');
      expect(totalMs).toBeGreaterThanOrEqual(bootMs);
    },
    timeoutMs,
  );

  it(
    'runs commands whose streams are told apart, and keeps them over a stop and a restart',
    async () => {
      const line = 'echo one; echo two >&2; printf three; exit 3';
      const { id } = await engine.commands.run({ name: 'web', line });
      const output = await outputOf(id);
      const of = (stream: string): string =>
        textOf(output.filter((piece) => piece.stream === stream));
      expect([of('stdout'), of('stderr')]).toEqual(['one\nthree', 'two\n']);
      const script = await engine.commands.run({ name: 'web', script: 'greet' });
      expect(textOf(await outputOf(script.id))).toBe('hello \n');
      const client = await runScript(engine, 'web', 'echo by a client; echo wrong >&2; exit 5');
      expect(client).toMatchObject({ stdout: 'by a client\n', stderr: 'wrong\n' });
      await lineWith('wrong');
      const before = { runs: engine.commands.list('web'), output };
      expect(before.runs).toMatchObject([
        { origin: 'client', exit: { kind: 'exited', code: 5 } },
        { origin: 'window', script: 'greet', exit: { kind: 'exited', code: 4 } },
        { origin: 'window', line, exit: { kind: 'exited', code: 3 } },
      ]);
      const missing = await engine.commands.run({ name: 'web', command: ['no-such-command'] });
      expect(missing.failure).toContain('no-such-command');
      await engine.sandboxes.stop('web');
      await restartHost();
      expect(engine.commands.list('web').slice(1)).toEqual(before.runs);
      expect(
        textOf(await outputOf(id))
          .split('\n')
          .sort(),
      ).toEqual(['one', 'three', 'two'].sort());
      expect(await lineWith('Linux version')).toContain('0.000000');
      expect(await lineWith('Power down')).toMatch(/^console /);
      const { id: started } = await engine.sandboxes.start('web');
      await engine.operations.wait(started);
    },
    timeoutMs,
  );

  it(
    'goes on with a command while there is no host process',
    async () => {
      const line = 'echo began; read go < /tmp/gate; echo "$go"; exit 6';
      await runScript(engine, 'web', 'mkfifo /tmp/gate');
      const { id } = await engine.commands.run({ name: 'web', line });
      await lineWith('began');
      await restartHost();
      expect(engine.commands.list('web')[0]).not.toHaveProperty('endedAtMs');
      await runScript(engine, 'web', 'echo opened > /tmp/gate');
      expect(textOf(await outputOf(id))).toBe('began\nopened\n');
      expect(engine.commands.list('web').find((run) => run.id === id)).toMatchObject({
        exit: { kind: 'exited', code: 6 },
      });
    },
    timeoutMs,
  );

  it(
    'shows what it uses: processor, memory, disk, network and processes',
    async () => {
      const known = await sampleWhere(({ guestMemoryBytes }) => guestMemoryBytes !== undefined);
      expect(known.guestMemoryBytes).toBeGreaterThan(1024 * 1024);
      expect(known.guestMemoryBytes).toBeLessThan(known.guestMemoryTotalBytes ?? 0);
      expect(known.hostMemoryBytes).toBeGreaterThan(16 * 1024 * 1024);
      expect(known.diskUsedBytes).toBeLessThan(known.diskTotalBytes ?? 0);
      expect(known.processes).toBeGreaterThanOrEqual(1);
      const idle = await sampleWhere(({ cpuPercent }) => cpuPercent < 5);
      const busy = await engine.commands.run({ name: 'web', line: 'while :; do :; done' });
      // A busy host gives it little; what it gets is still a multiple of nothing.
      await sampleWhere(({ cpuPercent }) => cpuPercent > 2 * idle.cpuPercent + 2);
      const busyProcess = (await engine.stats.processes('web')).find(({ pid }) => pid > 1);
      expect(busyProcess).toMatchObject({ command: 'sh', userId: 0 });
      await engine.commands.signal({ name: 'web', id: busy.id, signal: 9 });
      await outputOf(busy.id);

      const writes = sampleWhere(
        ({ diskWriteBytesPerSecond }) => diskWriteBytesPerSecond > 100_000,
      );
      await runScript(engine, 'web', 'dd if=/dev/zero of=/big bs=1M count=16 conv=fsync');
      await writes;
      await sampleWhere(
        ({ diskUsedBytes = 0 }) => diskUsedBytes > (known.diskUsedBytes ?? 0) + 8e6,
      );

      const sends = sampleWhere(({ networkSentBytesPerSecond }) => networkSentBytesPerSecond > 0);
      await runScript(engine, 'web', 'nslookup example.org; true');
      await sends;
    },
    timeoutMs,
  );

  it(
    'floods neither the host nor its log, and answers meanwhile',
    async () => {
      const { id } = await engine.commands.run({ name: 'web', line: 'yes' });
      const told = await lineWith('left out: too much came at once');
      expect(told).toMatch(/^agent … [\d,]+ lines left out/);
      const session = await engine.sandboxes.exec({ name: 'web', command: ['echo', 'still here'] });
      expect(await readSession(engine, session)).toMatchObject({ stdout: 'still here\n' });
      await engine.commands.signal({ name: 'web', id, signal: 15 });
      await outputOf(id);
      const { lines } = await engine.logs.read({ name: 'web', commandId: id, limit: 5000 });
      expect(lines).toHaveLength(5000);
      // Twice it has booted, and neither host process read what another one had.
      const boots = await engine.logs.read({ name: 'web', search: 'Linux version', limit: 9 });
      expect(boots.lines).toHaveLength(2);
      await engine.commands.remove('web', id);
      expect(await engine.logs.read({ name: 'web', commandId: id, limit: 1 })).toMatchObject({
        lines: [],
      });
    },
    timeoutMs,
  );
});
