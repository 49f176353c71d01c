/**
 * What every driver must do, whatever runs its machines. The guest answers lines on its agent
 * port: `echo WORD` with the word, and `poweroff` by powering off.
 */
import { readdir } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Vm, VmDriver, VmSpec } from '../vm/driver.ts';

/** A driver under test, and what lets a test see and disturb what it runs. */
export interface DriverHarness {
  readonly driver: VmDriver;
  /** The driver that a later host process would have. */
  readonly laterDriver: VmDriver;
  /** A machine with a runtime directory and a writable disk of its own. */
  readonly makeSpec: (id: string) => Promise<VmSpec>;
  /** Ends a machine as a fault would: the driver is not asked. */
  readonly crash: (vm: Vm) => void;
  /** How many machines of this runtime directory run, seen from outside the driver. */
  readonly countRunning: (runtimeDir: string) => Promise<number>;
}

/** Declares the suite for one driver; `harness` is called within each test. */
export function describeDriverContract(name: string, harness: () => DriverHarness): void {
  describe(`${name} keeps the contract of drivers`, () => {
    it('starts a machine whose agent answers, and sees the guest power off', async () => {
      const { driver, makeSpec, countRunning } = harness();
      const spec = await makeSpec('whole-run');
      const vm = await startForTest(driver, spec);
      expect(vm.pid).toBeGreaterThan(0);
      expect(vm.accelerator).toBe(spec.accelerator);
      expect(await countRunning(spec.runtimeDir)).toBe(1);
      const port = await vm.openAgentPort();
      expect(await ask(port, 'echo hello')).toBe('hello');
      port.write('poweroff\n');
      expect(await vm.exited).toMatchObject({ reason: 'shutdown' });
      expect(await countRunning(spec.runtimeDir)).toBe(0);
      await expect(vm.openAgentPort()).rejects.toMatchObject({ code: 'agent/disconnected' });
    });

    it('quits when it is asked to', async () => {
      const { driver, makeSpec, countRunning } = harness();
      const spec = await makeSpec('quit');
      const vm = await startForTest(driver, spec);
      await vm.quit();
      expect(await vm.exited).toMatchObject({ reason: 'shutdown' });
      expect(await countRunning(spec.runtimeDir)).toBe(0);
      await vm.quit();
      await vm.kill();
    });

    it('kills, and leaves nothing in the runtime directory', async () => {
      const { driver, makeSpec, countRunning } = harness();
      const spec = await makeSpec('kill');
      const vm = await startForTest(driver, spec);
      await Promise.all([vm.kill(), vm.kill()]);
      expect(await vm.exited).toMatchObject({ reason: 'killed' });
      expect(await countRunning(spec.runtimeDir)).toBe(0);
      expect(await filesIn(spec.runtimeDir)).toEqual([]);
    });

    it('reports a crash, and the port of the agent ends with it', async () => {
      const { driver, makeSpec, crash } = harness();
      const spec = await makeSpec('crash');
      const vm = await startForTest(driver, spec);
      const port = await vm.openAgentPort();
      const portClosed = closeOf(port);
      crash(vm);
      const exit = await vm.exited;
      expect(exit.reason).toBe('crash');
      expect(exit.detail).not.toBe('');
      await portClosed;
    });

    it('gives the agent port to whoever opened it last', async () => {
      const { driver, makeSpec } = harness();
      const vm = await startForTest(driver, await makeSpec('takeover'));
      const first = await vm.openAgentPort();
      expect(await ask(first, 'echo first')).toBe('first');
      const firstClosed = closeOf(first);
      const second = await vm.openAgentPort();
      await firstClosed;
      expect(await ask(second, 'echo second')).toBe('second');
    });

    it('finds a machine again that it let go of', async () => {
      const { driver, laterDriver, makeSpec } = harness();
      const spec = await makeSpec('reattach');
      const vm = await startForTest(driver, spec);
      await vm.release();
      await expect(vm.openAgentPort()).rejects.toMatchObject({ code: 'vm/unsupported' });
      const again = await laterDriver.reattach(spec);
      if (again === undefined) throw new Error('The machine was not found.');
      endAfterTest(again);
      expect(again.pid).toBe(vm.pid);
      expect(await ask(await again.openAgentPort(), 'echo again')).toBe('again');
      await again.kill();
      expect(await laterDriver.reattach(spec)).toBeUndefined();
    });

    it('finds nothing where nothing runs, or something else does', async () => {
      const { driver, laterDriver, makeSpec, crash } = harness();
      const spec = await makeSpec('other');
      expect(await laterDriver.reattach(spec)).toBeUndefined();
      const vm = await startForTest(driver, spec);
      expect(await laterDriver.reattach({ ...spec, id: 'another' })).toBeUndefined();
      expect(await ask(await vm.openAgentPort(), 'echo alive')).toBe('alive');
      crash(vm);
      await vm.exited;
      expect(await laterDriver.reattach(spec)).toBeUndefined();
    });

    it('reports the crash of a machine that was found again', async () => {
      const { driver, laterDriver, makeSpec, crash } = harness();
      const spec = await makeSpec('crash-later');
      const vm = await startForTest(driver, spec);
      await vm.release();
      const again = await laterDriver.reattach(spec);
      if (again === undefined) throw new Error('The machine was not found.');
      endAfterTest(again);
      crash(again);
      expect(await again.exited).toMatchObject({ reason: 'crash' });
    });

    it('leaves nothing behind when its start is cancelled, and can start again', async () => {
      const { driver, makeSpec, countRunning } = harness();
      const spec = await makeSpec('cancel');
      await expect(driver.start(spec, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'operation/cancelled',
      });
      const cancel = new AbortController();
      const starting = driver.start(spec, { signal: cancel.signal });
      cancel.abort();
      await expect(starting).rejects.toMatchObject({ code: 'operation/cancelled' });
      expect(await countRunning(spec.runtimeDir)).toBe(0);
      expect(await filesIn(spec.runtimeDir)).toEqual([]);
      await startForTest(driver, spec);
    });

    it('refuses a disk that another machine writes to', async () => {
      const { driver, makeSpec, countRunning } = harness();
      const first = await makeSpec('disk-first');
      const second = { ...(await makeSpec('disk-second')), disks: first.disks };
      const vm = await startForTest(driver, first);
      await expect(driver.start(second)).rejects.toMatchObject({
        code: 'vm/start-failed',
        message: expect.stringMatching(/^Another machine uses the disk \/.*\.$/) as string,
        details: expect.objectContaining({ disk: first.disks[0]?.path }) as object,
      });
      expect(await countRunning(second.runtimeDir)).toBe(0);
      expect(await filesIn(second.runtimeDir)).toEqual([]);
      await vm.kill();
      await startForTest(driver, second);
    });

    it('refuses a second machine in one runtime directory and leaves the first alone', async () => {
      const { driver, makeSpec } = harness();
      const spec = await makeSpec('twice');
      const vm = await startForTest(driver, spec);
      const other = { ...(await makeSpec('twice-other')), runtimeDir: spec.runtimeDir };
      await expect(driver.start(other)).rejects.toMatchObject({ code: 'vm/start-failed' });
      expect(await ask(await vm.openAgentPort(), 'echo alive')).toBe('alive');
    });
  });
}

/** Starts a machine that ends with the test. */
export async function startForTest(driver: VmDriver, spec: VmSpec): Promise<Vm> {
  const vm = await driver.start(spec);
  endAfterTest(vm);
  return vm;
}

/** Ends a machine with the test. */
export function endAfterTest(vm: Vm): void {
  onTestFinished(async () => {
    // A handle that was let go of has nothing to end.
    await vm.kill().catch(() => undefined);
  });
}

/** Sends one line and returns the next one that comes. */
export async function ask(port: Duplex, line: string): Promise<string> {
  port.write(`${line}\n`);
  let answer = '';
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const onData = (chunk: Buffer): void => {
    answer += chunk.toString();
    const end = answer.indexOf('\n');
    if (end >= 0) resolve(answer.slice(0, end));
  };
  const onClose = (): void => {
    reject(new Error(`The port closed before it answered ${line}.`));
  };
  port.on('data', onData);
  port.on('close', onClose);
  try {
    return await promise;
  } finally {
    port.off('data', onData);
    port.off('close', onClose);
  }
}

/** Resolves when the port is closed, by an error or without. */
function closeOf(port: Duplex): Promise<void> {
  return new Promise((resolve) => {
    port.on('error', () => undefined);
    port.on('close', resolve);
    port.resume();
  });
}

/** The names in a directory; none where there is no directory. */
export async function filesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
