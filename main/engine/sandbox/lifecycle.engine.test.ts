import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../contract/sandbox.ts';
import type { Engine } from '../engine.ts';
import { processStartTime } from '../host/process-identity.ts';
import {
  createSandbox,
  readSession,
  runScript,
  succeed,
  TestHome,
} from '../testing/test-engine.ts';

/** Resolves when the sandbox is in that state. */
async function reach(engine: Engine, name: string, state: Sandbox['state']): Promise<Sandbox> {
  const { promise, resolve } = Promise.withResolvers<Sandbox>();
  const unsubscribe = engine.subscribe((event) => {
    const seen = event.type === 'snapshot' ? event.sandboxes : [];
    for (const sandbox of event.type === 'sandbox' ? [event.sandbox] : seen) {
      if (sandbox.name === name && sandbox.state === state) resolve(sandbox);
    }
  });
  const sandbox = await promise;
  unsubscribe();
  return sandbox;
}

describe('a sandbox of a real machine', () => {
  let home: TestHome;
  let engine: Engine;
  beforeAll(async () => {
    home = await TestHome.make();
    engine = await home.open();
    await createSandbox(engine, { name: 'main', env: { GREETING: 'hello' } });
  });
  afterAll(async () => {
    await home[Symbol.asyncDispose]();
  });

  it('runs commands with stdout, stderr and exit code apart', async () => {
    const script = 'echo "$GREETING"; echo oops >&2; exit 7';
    expect(await runScript(engine, 'main', script)).toEqual({
      stdout: 'hello\n',
      stderr: 'oops\n',
      exit: { kind: 'exited', code: 7 },
    });
  });

  it('is its own kernel, with its name, its memory and one network device', async () => {
    const script = 'hostname; uname -s; ls /sys/class/net; nproc; cat /proc/1/comm';
    const { stdout } = await runScript(engine, 'main', script);
    expect(stdout).toMatch(/^main\nLinux\neth0\nlo\n1\n/);
    expect(engine.sandboxes.inspect('main')).toMatchObject({ state: 'running', network: 'up' });
  });

  it.each([
    [['missing-command'], 'exec/not-found'],
    [['/etc/passwd'], 'exec/not-executable'],
  ])('says why %j cannot be started', async (command, code) => {
    await expect(engine.sandboxes.exec({ name: 'main', command })).rejects.toMatchObject({ code });
  });

  it('refuses a directory that is not there, apart from any exit code', async () => {
    const request = { name: 'main', command: ['true'], workdir: '/nowhere' };
    await expect(engine.sandboxes.exec(request)).rejects.toMatchObject({
      code: 'exec/bad-workdir',
    });
  });

  it('gives a terminal of the size that was asked for', async () => {
    const tty = { rows: 33, columns: 111 };
    const session = await engine.sandboxes.shell({ name: 'main', tty, script: 'tty; stty size' });
    const { stdout } = await readSession(engine, session);
    expect(stdout).toMatch(/\/dev\/pts\/\d+\r\n33 111\r\n/);
  });

  it('refuses a taken name before anything is made', async () => {
    const again = engine.sandboxes.create({ name: 'main', image: 'skerry/starter' });
    await expect(again).rejects.toMatchObject({ code: 'sandbox/name-taken' });
  });

  it('keeps its files over stop and start, and to itself', async () => {
    await runScript(engine, 'main', 'echo kept > /root/file; sync');
    await createSandbox(engine, { name: 'other' });
    const other = await runScript(engine, 'other', 'cat /root/file');
    expect(other.exit).toEqual({ kind: 'exited', code: 1 });
    expect(await engine.sandboxes.stop('main')).toMatchObject({ state: 'stopped' });
    await expect(engine.sandboxes.shell({ name: 'main' })).rejects.toMatchObject({
      code: 'sandbox/not-running',
    });
    await succeed(engine, await engine.sandboxes.start('main'));
    expect((await runScript(engine, 'main', 'cat /root/file')).stdout).toBe('kept\n');
    await engine.sandboxes.remove('other', { force: true });
    expect(engine.sandboxes.list().map(({ name }) => name)).toEqual(['main']);
  });

  it('has a writable disk of the size that was asked for, and costs only what is used', async () => {
    await createSandbox(engine, { name: 'small', rootDiskMiB: 300 });
    const { stdout } = await runScript(engine, 'small', "df -m / | awk 'NR==2 {print $2}'");
    expect(Number(stdout)).toBeGreaterThan(230);
    expect(Number(stdout)).toBeLessThanOrEqual(300);
    const { id } = engine.sandboxes.inspect('small');
    const disk = await stat(path.join(home.dir, 'sandboxes', id, 'upper.img'));
    expect(disk.size).toBe(300 * 1024 * 1024);
    expect(disk.blocks * 512).toBeLessThan(100 * 1024 * 1024);
    await engine.sandboxes.remove('small', { force: true });
  });

  it('is crashed at once when its process dies, says so, and starts again', async () => {
    const { vmPid } = engine.sandboxes.inspect('main');
    const session = await engine.sandboxes.shell({ name: 'main', script: 'sleep 1000' });
    const reading = readSession(engine, session);
    const failed = expect(reading).rejects.toMatchObject({ code: 'vm/crashed' });
    const crashed = reach(engine, 'main', 'crashed');
    process.kill(vmPid ?? 0, 'SIGKILL');
    expect(await crashed).toMatchObject({ lastError: { code: 'vm/crashed' } });
    await failed;
    await succeed(engine, await engine.sandboxes.start('main'));
    expect((await runScript(engine, 'main', 'cat /root/file')).stdout).toBe('kept\n');
  });

  it('stops when its guest powers itself off', async () => {
    const stopped = reach(engine, 'main', 'stopped');
    await engine.sandboxes.shell({ name: 'main', script: 'poweroff -f' });
    expect(await stopped).not.toHaveProperty('lastError');
    await succeed(engine, await engine.sandboxes.start('main'));
  });

  it('goes on while no engine is there, with its terminals', async () => {
    const before = engine.sandboxes.inspect('main');
    const tty = { rows: 24, columns: 80 };
    const shell = await engine.sandboxes.shell({ name: 'main', tty });
    await readSession(engine, shell, /[#$] /);
    await home.close();
    engine = await home.open();
    expect(engine.sandboxes.inspect('main')).toMatchObject({
      state: 'running',
      vmPid: before.vmPid,
      startedAtMs: before.startedAtMs,
    });
    expect(engine.sandboxes.sessions('main').map(({ id }) => id)).toContain(shell.id);
    expect((await runScript(engine, 'main', 'echo here')).stdout).toBe('here\n');
  });

  it('leaves nothing of a creation that was cancelled', async () => {
    const operation = await engine.sandboxes.create({ name: 'never', image: 'skerry/starter' });
    await reachStage(engine, operation.id, 'boot');
    await engine.operations.cancel(operation.id);
    expect(engine.operations.get(operation.id).state).toBe('cancelled');
    const names = engine.sandboxes.list().map(({ name }) => name);
    expect(names).toEqual(['main']);
    const folders = await readdir(path.join(home.dir, 'sandboxes'));
    expect(folders).toEqual([engine.sandboxes.inspect('main').id]);
  });

  it('is gone with its process after a forced removal', async () => {
    const { vmPid } = engine.sandboxes.inspect('main');
    await expect(engine.sandboxes.remove('main')).rejects.toMatchObject({
      code: 'sandbox/running',
    });
    await engine.sandboxes.remove('main', { force: true });
    expect(engine.sandboxes.list()).toEqual([]);
    expect(await processStartTime(vmPid ?? 0)).toBeUndefined();
    expect(await readdir(path.join(home.dir, 'sandboxes'))).toEqual([]);
  });
});

/** Resolves when that stage of an operation is under way. */
async function reachStage(engine: Engine, id: string, key: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const unsubscribe = engine.subscribe((event) => {
    const seen = event.type === 'snapshot' ? event.operations : [];
    for (const operation of event.type === 'operation' ? [event.operation] : seen) {
      const stage = operation.stages.find((one) => one.key === key);
      if (operation.id === id && stage?.state === 'active') resolve(undefined);
    }
  });
  await promise;
  unsubscribe();
}
