/**
 * What every driver must do that can pause machines, save them, and let others go on from them.
 * Besides what driver-contract.ts says, the guest answers `remember WORD` with `remembered`, and
 * `recall` with that word.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SavedVm, Vm, VmSpec } from '../vm/driver.ts';
import { ask, endAfterTest, filesIn, startForTest, type DriverHarness } from './driver-contract.ts';

/** What these tests need besides. */
export interface SavingHarness extends DriverHarness {
  /** Makes an empty qcow2 file for a disk of {@link DriverHarness.makeSpec}. */
  readonly makeOverlay: (path: string) => Promise<void>;
}

/** Declares the suite for one driver; `harness` is called within each test. */
export function describeSavingContract(name: string, harness: () => SavingHarness): void {
  describe(`${name} keeps the contract of drivers that save machines`, () => {
    it('says that it can', () => {
      expect(harness().driver.capabilities.save).toBe(true);
    });

    it('pauses and resumes, as often as it is asked', async () => {
      const { driver, makeSpec } = harness();
      const vm = await startForTest(driver, await makeSpec('pause'));
      expect(vm.isPaused).toBe(false);
      await vm.resume();
      const port = await vm.openAgentPort();
      expect(await ask(port, 'echo before')).toBe('before');
      await vm.pause();
      await vm.pause();
      expect(vm.isPaused).toBe(true);
      const answer = ask(port, 'echo meanwhile');
      await vm.resume();
      expect(vm.isPaused).toBe(false);
      expect(await answer).toBe('meanwhile');
    });

    it('finds a paused machine again, which is paused still', async () => {
      const { driver, laterDriver, makeSpec } = harness();
      const spec = await makeSpec('pause-later');
      const vm = await startForTest(driver, spec);
      await vm.pause();
      await vm.release();
      await expect(vm.resume()).rejects.toMatchObject({ code: 'vm/unsupported' });
      const again = await laterDriver.reattach(spec);
      if (again === undefined) throw new Error('The machine was not found.');
      endAfterTest(again);
      expect(again.isPaused).toBe(true);
      await again.resume();
      expect(await ask(await again.openAgentPort(), 'echo again')).toBe('again');
    });

    it('hears when the guest opens the agent’s port, before and after it is asked', async () => {
      const { driver, makeSpec, crash } = harness();
      const vm = await startForTest(driver, await makeSpec('port'));
      await expect(vm.agentPortOpened(AbortSignal.abort())).rejects.toMatchObject({
        code: 'operation/cancelled',
      });
      await vm.agentPortOpened();
      await vm.agentPortOpened();
      crash(vm);
      await vm.exited;
      await expect(vm.agentPortOpened()).rejects.toMatchObject({ code: 'vm/crashed' });
      await expect(vm.pause()).rejects.toMatchObject({ code: 'vm/crashed' });
    });

    it('saves a machine that goes on, here and elsewhere', async () => {
      const { driver, makeSpec } = harness();
      const spec = await makeSpec('save');
      const vm = await startForTest(driver, spec);
      const port = await vm.openAgentPort();
      expect(await ask(port, 'remember amber')).toBe('remembered');
      await vm.pause();
      const statePath = join(await makeFolder(), 'state');
      const progress: number[] = [];
      await vm.save(statePath, { onProgress: (bytes) => progress.push(bytes) });
      const size = (await readFile(statePath)).length;
      expect(progress.at(-1)).toBe(size);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(vm.isPaused).toBe(true);
      await vm.resume();
      expect(await ask(port, 'recall')).toBe('amber');
      expect(await ask(port, 'remember basalt')).toBe('remembered');
      const other = await startForTest(driver, {
        ...(await makeSpec('go-on')),
        from: { statePath },
      });
      expect(await ask(await other.openAgentPort(), 'recall')).toBe('amber');
      expect(await ask(port, 'recall')).toBe('basalt');
    });

    it('has all of a machine before any of it runs, where that is asked for', async () => {
      const { driver, makeSpec } = harness();
      const spec = await makeSpec('standing');
      const vm = await startForTest(driver, spec);
      expect(await ask(await vm.openAgentPort(), 'remember jade')).toBe('remembered');
      await vm.pause();
      const statePath = join(await makeFolder(), 'state');
      await vm.save(statePath);
      await vm.kill();
      const later = await startForTest(driver, {
        ...spec,
        from: { statePath },
        startsPaused: true,
      });
      expect(later.isPaused).toBe(true);
      const answer = ask(await later.openAgentPort(), 'recall');
      expect(later.isPaused).toBe(true);
      await later.resume();
      expect(await answer).toBe('jade');
    });

    it('saves a machine a second time once it was paused again', async () => {
      const { driver, makeSpec } = harness();
      const vm = await startForTest(driver, await makeSpec('save-twice'));
      const port = await vm.openAgentPort();
      const folder = await makeFolder();
      await vm.pause();
      await vm.save(join(folder, 'first'));
      await vm.pause();
      await vm.save(join(folder, 'second'));
      await vm.resume();
      expect(await ask(port, 'remember coral')).toBe('remembered');
      await vm.pause();
      await vm.save(join(folder, 'third'));
      const from = { statePath: join(folder, 'third') };
      const other = await startForTest(driver, { ...(await makeSpec('third')), from });
      expect(await ask(await other.openAgentPort(), 'recall')).toBe('coral');
    });

    it('lets many go on from one memory, which stays as it is', async () => {
      const { driver, makeSpec } = harness();
      const { saved, memoryHash } = await saveWithMemory(harness(), 'template', 'dune');
      const vms: Vm[] = [];
      for (const id of ['one', 'two']) {
        const vm = await startForTest(driver, { ...(await makeSpec(id)), from: saved });
        const port = await vm.openAgentPort();
        expect(await ask(port, 'recall')).toBe('dune');
        expect(await ask(port, `remember ${id}`)).toBe('remembered');
        vms.push(vm);
      }
      const [first] = vms;
      if (first === undefined) throw new Error('There are two.');
      expect(await ask(await first.openAgentPort(), 'recall')).toBe('one');
      expect(await hashOf(saved.memoryPath ?? '')).toBe(memoryHash);
      // What was changed since belongs to the machine alone, and is saved with it.
      await first.pause();
      const statePath = join(await makeFolder(), 'state');
      await first.save(statePath);
      const again = await startForTest(driver, {
        ...(await makeSpec('again')),
        from: { statePath },
      });
      expect(await ask(await again.openAgentPort(), 'recall')).toBe('one');
      expect(await hashOf(saved.memoryPath ?? '')).toBe(memoryHash);
    });

    it('saves nothing of a machine that runs, and nothing in the place of a file', async () => {
      const { driver, makeSpec } = harness();
      const vm = await startForTest(driver, await makeSpec('save-wrong'));
      const folder = await makeFolder();
      const statePath = join(folder, 'state');
      await expect(vm.save(statePath)).rejects.toMatchObject({ code: 'vm/save-failed' });
      await vm.pause();
      await writeFile(statePath, 'mine');
      await expect(vm.save(statePath)).rejects.toMatchObject({ code: 'vm/save-failed' });
      expect(await readFile(statePath, 'utf8')).toBe('mine');
      const nowhere = join(folder, 'nowhere', 'state');
      await expect(vm.save(nowhere)).rejects.toMatchObject({ code: 'vm/save-failed' });
      expect(await readdir(folder)).toEqual(['state']);
      await vm.resume();
      expect(await ask(await vm.openAgentPort(), 'echo alive')).toBe('alive');
    });

    it('leaves nothing of a save that is cancelled, and the machine as it was', async () => {
      const { driver, makeSpec } = harness();
      const vm = await startForTest(driver, await makeSpec('save-cancel'));
      const port = await vm.openAgentPort();
      expect(await ask(port, 'remember ember')).toBe('remembered');
      await vm.pause();
      const folder = await makeFolder();
      const statePath = join(folder, 'state');
      const early = vm.save(statePath, { signal: AbortSignal.abort() });
      await expect(early).rejects.toMatchObject({ code: 'operation/cancelled' });
      const cancel = new AbortController();
      const late = vm.save(statePath, {
        signal: cancel.signal,
        onProgress: () => {
          cancel.abort();
        },
      });
      await expect(late).rejects.toMatchObject({ code: 'operation/cancelled' });
      expect(await readdir(folder)).toEqual([]);
      expect(vm.isPaused).toBe(true);
      await vm.pause();
      await vm.save(statePath);
      await vm.resume();
      expect(await ask(port, 'recall')).toBe('ember');
    });

    it('fails to save a machine that ends meanwhile', async () => {
      const { driver, makeSpec, crash } = harness();
      const vm = await startForTest(driver, await makeSpec('save-crash'));
      await vm.pause();
      const folder = await makeFolder();
      const saving = vm.save(join(folder, 'state'), {
        onProgress: () => {
          crash(vm);
        },
      });
      await expect(saving).rejects.toMatchObject({ code: 'vm/save-failed' });
      expect(await readdir(folder)).toEqual([]);
      expect(await vm.exited).toMatchObject({ reason: 'crash' });
    });

    it.each([
      ['is not there', (path: string) => rm(path)],
      ['is empty', (path: string) => truncate(path)],
      ['is cut off', cutOff],
      ['is something else', (path: string) => writeFile(path, 'x'.repeat(100_000))],
    ])('does not go on from a state that %s', async (_how, damage) => {
      const context = harness();
      const { saved } = await saveWithMemory(context, 'damaged', 'flint');
      await damage(saved.statePath);
      await expectRestoreFails(context, { ...(await context.makeSpec('go-on')), from: saved });
    });

    it('does not go on without the memory, or in a machine that is not the same', async () => {
      const context = harness();
      const { saved } = await saveWithMemory(context, 'other', 'garnet');
      const spec = { ...(await context.makeSpec('go-on')), from: saved };
      await expectRestoreFails(context, { ...spec, memoryMiB: spec.memoryMiB + 32 });
      await expectRestoreFails(context, { ...spec, from: { statePath: saved.statePath } });
      const without = { ...saved, memoryPath: `${saved.statePath}-nowhere` };
      await expectRestoreFails(context, { ...spec, from: without });
      const vm = await startForTest(context.driver, spec);
      expect(await ask(await vm.openAgentPort(), 'recall')).toBe('garnet');
    });

    it('does not go on with more memory than is in the state', async () => {
      const context = harness();
      const vm = await startForTest(context.driver, await context.makeSpec('small'));
      await vm.pause();
      const statePath = join(await makeFolder(), 'state');
      await vm.save(statePath);
      const spec = { ...(await context.makeSpec('large')), from: { statePath } };
      await expectRestoreFails(context, { ...spec, memoryMiB: spec.memoryMiB + 32 });
    });

    it('switches a disk to a new file, and gives the one below to others to read', async () => {
      const { driver, makeSpec, makeOverlay } = harness();
      const spec = await makeSpec('switch');
      const vm = await startForTest(driver, spec);
      const [disk] = spec.disks;
      if (disk === undefined || disk.format === 'none') throw new Error('There is one disk.');
      const folder = await makeFolder();
      const paths = ['first', 'second', 'other'].map((name) => join(folder, name));
      const [first = '', second = '', other = ''] = paths;
      for (const path of paths) await makeOverlay(path);
      const wrong = [
        { serial: disk.serial, path: first },
        { serial: 'none', path: second },
      ];
      await expect(vm.switchDisks(wrong)).rejects.toMatchObject({ code: 'vm/save-failed' });
      const missing = [{ serial: disk.serial, path: join(folder, 'nowhere') }];
      await expect(vm.switchDisks(missing)).rejects.toMatchObject({ code: 'vm/save-failed' });
      await vm.switchDisks([{ serial: disk.serial, path: first }]);
      await vm.pause();
      await vm.switchDisks([{ serial: disk.serial, path: second }]);
      await vm.resume();
      const backing = [
        { path: first, format: 'qcow2' },
        { path: disk.path, format: disk.format },
      ] as const;
      const above = { ...disk, path: other, format: 'qcow2', backing } as const;
      const reader = await startForTest(driver, { ...(await makeSpec('reader')), disks: [above] });
      expect(await ask(await reader.openAgentPort(), 'echo reads')).toBe('reads');
      expect(await ask(await vm.openAgentPort(), 'echo alive')).toBe('alive');
      const writer = { ...(await makeSpec('writer')), disks: [{ ...disk, path: second }] };
      await expect(driver.start(writer)).rejects.toMatchObject({ code: 'vm/start-failed' });
    });
  });
}

/** A machine that was booted to be saved, remembers a word, and has ended. */
async function saveWithMemory(
  { driver, makeSpec }: SavingHarness,
  id: string,
  word: string,
): Promise<{ saved: SavedVm; memoryHash: string }> {
  const folder = await makeFolder();
  const saved = { statePath: join(folder, 'state'), memoryPath: join(folder, 'memory') };
  const spec = { ...(await makeSpec(id)), memoryPath: saved.memoryPath };
  const vm = await startForTest(driver, spec);
  await vm.agentPortOpened();
  expect(await ask(await vm.openAgentPort(), `remember ${word}`)).toBe('remembered');
  await vm.pause();
  await vm.save(saved.statePath);
  const memoryHash = await hashOf(saved.memoryPath);
  await vm.kill();
  expect(await hashOf(saved.memoryPath)).toBe(memoryHash);
  return { saved, memoryHash };
}

async function expectRestoreFails(context: SavingHarness, spec: VmSpec): Promise<void> {
  const { driver, countRunning } = context;
  await expect(driver.start(spec)).rejects.toMatchObject({ code: 'vm/restore-failed' });
  expect(await countRunning(spec.runtimeDir)).toBe(0);
  expect(await filesIn(spec.runtimeDir)).toEqual([]);
}

async function cutOff(path: string): Promise<void> {
  await truncate(path, Math.floor((await readFile(path)).length / 2));
}

async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skerry-saved-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
