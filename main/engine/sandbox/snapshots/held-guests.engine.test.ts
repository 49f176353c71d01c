/** What programs of a guest see that goes on from its memory, more than once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { createSandbox, runScript, succeed, TestHome } from '../../testing/test-engine.ts';

const testTimeoutMs = 900_000;

/** A random number and the time before it was drawn, again and again, in a file in memory. */
const draw = (number: string, file: string): string =>
  `(while :; do t=$EPOCHREALTIME; ${number}; echo "$t $u"; done) </dev/null >${file} 2>/dev/null & echo $! >>/run/drawers`;

/**
 * One draws without another process, in a group of its own; the other begins three processes for
 * each number, where the agent itself is. A third process is in a group that stands still.
 */
const draws = [
  'mkdir /sys/fs/cgroup/runs /sys/fs/cgroup/rests',
  draw('read -r u </proc/sys/kernel/random/uuid', '/run/quick'),
  'echo $! >/sys/fs/cgroup/runs/cgroup.procs',
  draw("u=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' ')", '/run/slow'),
  'sleep 100000 </dev/null >/dev/null 2>&1 & echo $! >/sys/fs/cgroup/rests/cgroup.procs',
  'echo 1 >/sys/fs/cgroup/rests/cgroup.freeze',
].join('\n');

/** Waits until both have drawn some more. */
const drawSome = [
  'for file in /run/quick /run/slow; do',
  '  n=$(wc -l <$file); while [ $(wc -l <$file) -lt $((n + 5)) ]; do sleep 0.05; done',
  'done',
].join('\n');

/** Groups, and in which of them is what. */
const groups = [
  'ls -d /sys/fs/cgroup/*/',
  'cat /proc/1/cgroup /proc/self/cgroup',
  'for pid in $(cat /run/drawers /sys/fs/cgroup/rests/cgroup.procs); do cat /proc/$pid/cgroup; done',
  'grep -H . /sys/fs/cgroup/*/cgroup.freeze; grep -h frozen /sys/fs/cgroup/*/cgroup.events',
].join('\n');

interface Draw {
  readonly line: string;
  readonly atMs: number;
  readonly number: string;
}

describe('guests that go on from one memory', { timeout: testTimeoutMs }, () => {
  let home: TestHome;
  let engine: Engine;

  beforeAll(async () => {
    home = await TestHome.make();
    engine = await home.open();
    await createSandbox(engine, { name: 'origin', memoryMiB: 256 });
    await run('origin', `${draws}\n${drawSome}`);
  }, testTimeoutMs);

  afterAll(async () => {
    await home[Symbol.asyncDispose]();
  }, testTimeoutMs);

  async function run(name: string, script: string): Promise<string> {
    const { stdout, stderr, exit } = await runScript(engine, name, script);
    expect({ stderr, exit }).toEqual({ stderr: '', exit: { kind: 'exited', code: 0 } });
    return stdout.trim();
  }

  async function drawsOf(name: string, file: string): Promise<Draw[]> {
    const lines = (await run(name, `cat ${file}`)).split('\n');
    return lines.map((line) => {
      const [seconds = '', number = ''] = line.split(' ');
      return { line, atMs: Number(seconds) * 1000, number };
    });
  }

  it('never draw the same random numbers, and know the time from the first moment', async () => {
    const before = await run('origin', groups);
    const { outcome } = await succeed(
      engine,
      await engine.snapshots.create({ name: 'origin', as: 'of all', withMemory: true }),
    );
    const id = outcome?.snapshotId ?? '';
    // So that the time of the snapshot is none that a branch could have.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const branchedAtMs = Date.now();
    const branches = ['one', 'two'];
    await succeed(engine, await engine.snapshots.branch({ from: { id }, as: branches }));
    const all = ['origin', ...branches];
    for (const name of all) {
      await run(name, drawSome);
      expect(await run(name, groups)).toBe(before);
      await run(name, 'kill $(cat /run/drawers)');
    }

    for (const file of ['/run/quick', '/run/slow']) {
      const drawn = await Promise.all(all.map((name) => drawsOf(name, file)));
      const first = drawn[0] ?? [];
      const isCommon = (at: number): boolean =>
        drawn.every((one) => one[at]?.line === first[at]?.line);
      const shared = first.findIndex((_, at) => !isCommon(at));
      // They are of one guest.
      expect(shared).toBeGreaterThan(0);
      const own = drawn.map((one) => one.slice(shared));
      const numbers = own.flat().map(({ number }) => number);
      expect(new Set(numbers).size).toBe(numbers.length);
      for (const [index, name] of all.entries()) {
        const [early, ...later] = own[index] ?? [];
        expect(later.length, name).toBeGreaterThan(1);
        if (name === 'origin') continue;
        // What a program had read already before the snapshot is in its memory.
        const wrong = later.filter(({ atMs }) => atMs < branchedAtMs || atMs > Date.now() + 1_000);
        expect(wrong.length, `${name}, from ${String(early?.line)}`).toBe(0);
      }
    }
  });

  it('are kept all the same where what runs in them cannot be held', async () => {
    // Whoever has threads of one process in several groups is not put back as it was.
    await run('two', 'mkdir /sys/fs/cgroup/t; echo threaded >/sys/fs/cgroup/t/cgroup.type');
    await run('two', 'echo 1 >/run/here');
    await succeed(
      engine,
      await engine.snapshots.create({ name: 'two', as: 'not held', withMemory: true }),
    );
    expect(await run('two', 'cat /run/here /sys/fs/cgroup/runs/cgroup.freeze')).toBe('1\n0');
    expect(await run('two', 'ls -d /sys/fs/cgroup/skerry* 2>/dev/null || :')).toBe('');
  });
});
