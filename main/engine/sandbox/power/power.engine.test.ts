/** Pausing and suspending real machines. */
import { cp, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sandbox } from '../../../contract/sandbox.ts';
import type { Engine } from '../../engine.ts';
import { createSandbox, runScript, succeed, TestHome } from '../../testing/test-engine.ts';
import { watchSession } from '../session/testing/watch-session.ts';

const tty = { rows: 24, columns: 80 };
const name = 'main';
// Several machines are started and read, one after the other, on a host that may be busy.
vi.setConfig({ testTimeout: 300_000 });

describe('a real machine', () => {
  let home: TestHome;
  let engine: Engine;
  beforeAll(async () => {
    home = await TestHome.make();
    engine = await home.open();
    await createSandbox(engine, { name, memoryMiB: 256, rootDiskMiB: 256 });
  });
  afterAll(async () => {
    await home[Symbol.asyncDispose]();
  });

  const read = async (script: string): Promise<string> =>
    (await runScript(engine, name, script)).stdout.trim();
  const inspect = (): Sandbox => engine.sandboxes.inspect(name);
  const suspend = async () => succeed(engine, await engine.sandboxes.suspend(name));
  const start = async (options = {}) =>
    succeed(engine, await engine.sandboxes.start(name, options));
  const folder = (): string => path.join(home.dir, 'sandboxes', inspect().id);
  const reopen = async (): Promise<void> => {
    await home.close();
    engine = await home.open();
  };
  /** The guest's clock is between these, give or take what it takes to say so. */
  const expectRightTime = async (): Promise<void> => {
    const before = Date.now();
    const guestMs = Number(await read('date +%s')) * 1000;
    expect(guestMs).toBeGreaterThan(before - 3_000);
    expect(guestMs).toBeLessThan(Date.now() + 3_000);
  };

  it('stands still while it is paused, and knows the time after', async () => {
    const uptimeMs = async (): Promise<number> =>
      Number((await read('cat /proc/uptime')).split(' ')[0]) * 1000;
    const beganAt = performance.now();
    const before = await uptimeMs();
    await engine.sandboxes.pause(name);
    const pausedAt = performance.now();
    expect(inspect().state).toBe('paused');
    await expect(runScript(engine, name, 'true')).rejects.toMatchObject({ code: 'sandbox/paused' });
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const resumedAt = performance.now();
    await engine.sandboxes.resume(name);
    await expectRightTime();
    const passed = (await uptimeMs()) - before;
    const withoutPause = performance.now() - beganAt - (resumedAt - pausedAt);
    expect(passed).toBeLessThan(withoutPause + 1_000);
  });

  it('goes on in the same terminals and processes after the host process and the machine were gone', async () => {
    const session = await engine.sandboxes.shell({ name, tty });
    const before = watchSession(engine, session);
    await before.until(/[#$] ?$/);
    await before.type('echo pid $$; n=0; printf "\\033]2;my title\\007"\n');
    await before.until(/pid \d+/);
    const pid = /pid (\d+)/.exec(before.screen.shown)?.[1] ?? '';
    await before.type(
      'printf "\\033[?1049h\\033[2J\\033[5;10Hfull screen\\033[7;1H"; read line; echo "got $line by $$"\n',
    );
    await before.until(/full screen/);
    await runScript(
      engine,
      name,
      '(while :; do echo x >> /tmp/count; sleep 1; done) >/dev/null 2>&1 & echo $! > /tmp/counter',
    );
    const counter = await read('cat /tmp/counter');
    await read('echo kept > /root/file');
    const { startedAtMs } = inspect();
    const { vmPid } = inspect();
    // Whoever comes later is shown what the mirror has drawn, which is what the guest is told is used.
    await watchSession(engine, session).until(/full screen/);
    const shown = before.screen.shown;

    await suspend();
    expect(inspect()).toMatchObject({ state: 'suspended' });
    expect(inspect().suspended?.memoryBytes).toBeGreaterThan(1024 * 1024);
    expect(() => process.kill(vmPid ?? 0, 0)).toThrow('ESRCH');
    await reopen();
    expect(inspect()).toMatchObject({ state: 'suspended' });
    await start();
    expect(inspect()).toMatchObject({ state: 'running', beganBy: 'resumed', startedAtMs });

    await expectRightTime();
    expect(engine.sandboxes.sessions(name).map(({ id }) => id)).toContain(session.id);
    const after = watchSession(engine, session);
    await after.until(/full screen/);
    expect(after.screen.shown).toBe(shown);
    await after.type('hello\n');
    await after.until(new RegExp(`got hello by ${pid}`));
    expect(await read(`cat /proc/${counter}/stat | cut -d' ' -f1; cat /root/file`)).toBe(
      `${counter}\nkept`,
    );
    const lines = Number(await read('wc -l < /tmp/count'));
    while (Number(await read('wc -l < /tmp/count')) === lines);
    expect(await readdir(folder())).not.toContain('suspend');
    await engine.sessions.close(session.id);
  });

  it('keeps a client attached to a terminal that waits', async () => {
    const session = await engine.sandboxes.shell({ name, tty });
    const terminal = watchSession(engine, session);
    await terminal.until(/[#$] ?$/);
    await suspend();
    const typed = terminal.type('echo still $((40 + 2))\n');
    await start();
    await typed;
    await terminal.until(/still 42/);
    expect(terminal.screen.heard.filter((what) => what.startsWith('error'))).toEqual([]);
    await engine.sessions.close(session.id);
  });

  it('reaches its network again, which reaches nothing of before', async () => {
    await suspend();
    await start();
    expect(inspect().network).toBe('up');
    expect(
      await read('nslookup host.skerry.internal >/dev/null 2>&1; ip route | head -1'),
    ).toContain('default');
  });

  it('never says the same random numbers twice, though it goes on twice from one state', async () => {
    await suspend();
    const kept = path.join(home.dir, 'kept');
    await home.close();
    const { dir } = home;
    engine = await home.open();
    const own = folder();
    await home.close();
    await cp(own, kept, { recursive: true });
    engine = await home.open();
    await start();
    const random = 'head -c 32 /dev/urandom | sha256sum';
    const first = await read(random);
    await engine.sandboxes.stop(name, { graceMs: 0 });
    await home.close();
    await cp(kept, own, { recursive: true, force: true });
    engine = await home.open();
    expect(inspect()).toMatchObject({ state: 'suspended' });
    await start();
    expect(await read(random)).not.toBe(first);
    expect(dir).toBe(home.dir);
  });

  it('runs on as it was where a suspend is cancelled', async () => {
    const { vmPid } = inspect();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const off = engine.subscribe((event) => {
      if (event.type !== 'operation' || event.operation.kind !== 'suspend') return;
      const save = event.operation.stages.find(({ key }) => key === 'save');
      if (save?.state !== 'active') return;
      resolve(undefined);
      void engine.operations.cancel(event.operation.id);
    });
    const operation = await engine.sandboxes.suspend(name);
    await promise;
    off();
    expect(await engine.operations.wait(operation.id)).toMatchObject({ state: 'cancelled' });
    expect(inspect()).toMatchObject({ state: 'running', vmPid });
    await expectRightTime();
    expect(await read('echo on > /root/on; cat /root/on')).toBe('on');
    expect(await readdir(folder())).not.toContain('suspend');
  });

  it('says that a damaged memory cannot be used, and starts from its disk', async () => {
    await read('echo synced > /root/synced; sync');
    await suspend();
    const state = await open(path.join(folder(), 'suspend/state'), 'r+');
    await state.write(Buffer.alloc(512, 0x55), 0, 512, 0);
    await state.close();
    await expect(start()).rejects.toMatchObject({ code: 'suspend/unusable' });
    expect(inspect()).toMatchObject({
      state: 'suspended',
      lastError: { code: 'suspend/unusable' },
    });
    await start({ fromDisk: true });
    expect(inspect()).toMatchObject({ state: 'running' });
    expect(inspect().beganBy).not.toBe('resumed');
    expect(await read('cat /root/synced')).toBe('synced');
  });
});
