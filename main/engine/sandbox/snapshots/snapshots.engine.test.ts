import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { createSandbox, runScript, succeed, TestHome } from '../../testing/test-engine.ts';

const testTimeoutMs = 900_000;

/** Counts into a file in memory, and says so on the disk now and then. */
const counter = [
  'mkdir -p /run/count',
  '(n=0; while :; do n=$((n+1)); echo $n > /run/count/n.new; mv /run/count/n.new /run/count/n; sleep 0.05; done) </dev/null >/dev/null 2>&1 &',
  'echo before > /state; sync',
].join('\n');

describe('snapshots of a machine that runs', { timeout: testTimeoutMs }, () => {
  let home: TestHome;
  let engine: Engine;

  beforeAll(async () => {
    home = await TestHome.make();
    engine = await home.open();
    await createSandbox(engine, { name: 'origin' });
    await run('origin', counter);
  }, testTimeoutMs);

  afterAll(async () => {
    await home[Symbol.asyncDispose]();
  }, testTimeoutMs);

  async function run(name: string, script: string): Promise<string> {
    const { stdout, stderr, exit } = await runScript(engine, name, script);
    expect({ stderr, exit }).toEqual({ stderr: '', exit: { kind: 'exited', code: 0 } });
    return stdout.trim();
  }

  const count = async (name: string): Promise<number> =>
    Number(await run(name, 'cat /run/count/n'));

  async function snapshot(name: string, as: string, withMemory?: boolean): Promise<string> {
    const request = { name, as, ...(withMemory === undefined ? {} : { withMemory }) };
    const { outcome } = await succeed(engine, await engine.snapshots.create(request));
    return outcome?.snapshotId ?? '';
  }

  it('brings memory and disk back as they were', async () => {
    const atLeast = await count('origin');
    const id = await snapshot('origin', 'first');
    const taken = engine.snapshots.list().find((one) => one.id === id);
    expect(taken).toMatchObject({ name: 'first', hasMemory: true });
    expect(taken?.memoryProblem).toBeUndefined();
    expect(taken?.memoryBytes).toBeGreaterThan(0);
    expect(engine.sandboxes.inspect('origin')).toMatchObject({ state: 'running', basedOn: id });

    await run('origin', 'echo after > /state; echo new > /added; sync; echo 1000000 > /run/mark');
    const later = await count('origin');
    expect(later).toBeGreaterThan(atLeast);

    await succeed(engine, await engine.snapshots.restore({ id }));
    expect(engine.sandboxes.inspect('origin')).toMatchObject({ state: 'running', basedOn: id });
    expect(await run('origin', 'cat /state; ls /added /run/mark 2>/dev/null || :')).toBe('before');
    const pid = await run('origin', 'cat /run/count/n >/dev/null; echo $$');
    expect(Number(pid)).toBeGreaterThan(0);
    // The process that counts goes on.
    const [one, other] = (await run('origin', 'cat /run/count/n; sleep 1; cat /run/count/n')).split(
      '\n',
    );
    expect(Number(other)).toBeGreaterThan(Number(one));
  });

  it('brings the disk alone back, and leaves the sandbox stopped', async () => {
    const id = await snapshot('origin', 'disk alone', false);
    expect(engine.snapshots.list().find((one) => one.id === id)?.hasMemory).toBe(false);
    await run('origin', 'echo later > /state; sync');
    await succeed(engine, await engine.snapshots.restore({ id }));
    expect(engine.sandboxes.inspect('origin').state).toBe('stopped');
    await succeed(engine, await engine.sandboxes.start('origin'));
    expect(await run('origin', 'cat /state')).toBe('before');
    await run('origin', counter);
  });

  it('branches one that runs into several, each by itself', async () => {
    await run('origin', 'echo 0123456789abcdef0123456789abcdef > /etc/machine-id');
    const names = ['one', 'two', 'three'];
    const operation = await succeed(
      engine,
      await engine.snapshots.branch({ from: { sandbox: 'origin' }, as: names }),
    );
    expect(operation.outcome?.sandboxes).toEqual(names);
    const all = ['origin', ...names];
    for (const name of all) expect(engine.sandboxes.inspect(name).state).toBe('running');
    for (const name of names) {
      expect(engine.sandboxes.inspect(name)).toMatchObject({
        beganBy: 'branched',
        branchedFrom: { name: 'origin' },
      });
    }

    // Each goes on counting, and writes to a disk of its own.
    await Promise.all(all.map((name) => run(name, `echo ${name} > /mine; sync`)));
    for (const name of all) {
      expect(await run(name, 'cat /mine /state')).toBe(`${name}\nbefore`);
      const [a, b] = (await run(name, 'cat /run/count/n; sleep 1; cat /run/count/n')).split('\n');
      expect(Number(b)).toBeGreaterThan(Number(a));
    }

    // Who they are, and what time it is.
    const hostNames = await Promise.all(all.map((name) => run(name, 'hostname')));
    expect(hostNames).toEqual(all);
    const ids = await Promise.all(all.map((name) => run(name, 'cat /etc/machine-id')));
    expect(new Set(ids).size).toBe(all.length);
    for (const name of all) {
      const before = Date.now() / 1000;
      const now = Number(await run(name, 'date +%s'));
      expect(now).toBeGreaterThanOrEqual(Math.floor(before) - 5);
      expect(now).toBeLessThanOrEqual(Date.now() / 1000 + 5);
    }

    // A mebibyte of each, in blocks of 16 bytes.
    const blocks = new Set<string>();
    let total = 0;
    for (const name of all) {
      const { stdout } = await runScript(engine, name, 'head -c 1048576 /dev/urandom');
      expect(stdout.length).toBe(1_048_576);
      for (let at = 0; at < stdout.length; at += 16) {
        blocks.add(stdout.slice(at, at + 16));
        total += 1;
      }
    }
    expect(blocks.size).toBe(total);
  });

  it('shares the files of disks, and keeps what others need, whoever is removed first', async () => {
    const id = await snapshot('one', 'of one', false);
    const { dir } = homeOf(home, engine.sandboxes.inspect('one').id);
    expect((await stat(path.join(dir, 'upper.img'))).nlink).toBeGreaterThan(1);
    const before = engine.snapshots.list().find((each) => each.id === id);
    expect(before?.ownDiskBytes).toBeLessThan(before?.diskBytes ?? 0);

    await engine.sandboxes.remove('origin', { force: true });
    await succeed(engine, await engine.snapshots.branch({ from: { id }, as: ['four'] }));
    await engine.snapshots.remove(id);
    expect(engine.sandboxes.inspect('four').basedOn).toBeUndefined();
    await engine.sandboxes.remove('one', { force: true });
    expect(await run('two', 'cat /mine')).toBe('two');
    expect(await run('four', 'cat /mine')).toBe('one');
    await succeed(engine, await engine.sandboxes.restart('four'));
    expect(await run('four', 'cat /mine /state')).toBe('one\nbefore');
  });

  it('says which files differ', async () => {
    const first = await snapshot('two', 'before', false);
    await run('two', 'echo longer than before > /mine; rm /state; echo x > /another; sync');
    await succeed(
      engine,
      await engine.snapshots.compare({ from: { id: first }, to: { sandbox: 'two' } }),
    );
    const { files } = await engine.snapshots.changes({
      from: { id: first },
      to: { sandbox: 'two' },
    });
    const changed = new Map(files.map((file) => [file.path, file.change]));
    expect(changed.get('/mine')).toBe('modified');
    expect(changed.get('/state')).toBe('removed');
    expect(changed.get('/another')).toBe('added');
    const below = await engine.snapshots.changes({ to: { id: first } });
    expect(below.files.find(({ path: file }) => file === '/mine')?.change).toBe('added');
  });

  it('finds snapshots again after the host process, and cleans up what was cut off', async () => {
    const before = engine.snapshots.list();
    await home.close();
    engine = await home.open();
    expect(engine.snapshots.list()).toEqual(before);
    expect(await run('two', 'cat /another')).toBe('x');
  });
});

function homeOf(home: TestHome, id: string): { readonly dir: string } {
  return { dir: path.join(home.dir, 'sandboxes', id) };
}
