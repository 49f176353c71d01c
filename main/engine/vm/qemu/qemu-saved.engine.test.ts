/** Saved machines of QEMU: what is on their disks, in their files, and left of a process that died. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { readBootId } from '../../host/probe-cache.ts';
import { processStartTime } from '../../host/process-identity.ts';
import { findQemu } from '../../host/qemu-probe.ts';
import { connectUnixSocket, waitForFile } from '../../host/unix-socket.ts';
import { ask, endAfterTest, startForTest } from '../../testing/driver-contract.ts';
import { makeLineGuest, type LineGuest } from '../../testing/line-guest.ts';
import { makeEmptyOverlay, makeLineMachine, type LineMachine } from '../../testing/line-machine.ts';
import { findShareTools } from '../../testing/share-tools.ts';
import type { SavedVm, Vm, VmSpec } from '../driver.ts';
import { planVm } from '../plan.ts';
import { buildQemuArguments } from './qemu-arguments.ts';
import { QemuDriver } from './qemu-driver.ts';
import { QmpClient } from './qmp.ts';
import { restoreMachine } from './restore-machine.ts';
import { runtimeFiles, writeRecord } from './runtime-files.ts';

const driver = new QemuDriver({ logger: silentLogger });
let folder: string;
let guest: LineGuest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skerry-saved-'));
  guest = await makeLineGuest(folder);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function makeMachine(id: string): Promise<LineMachine> {
  return makeLineMachine(folder, guest, id);
}

/** Saves a machine with its memory by itself, and ends it. */
async function makeTemplate(machine: LineMachine, before?: string): Promise<SavedVm> {
  const saved = { statePath: machine.at('state'), memoryPath: machine.at('memory') };
  const vm = await startForTest(driver, { ...machine.spec, memoryPath: saved.memoryPath });
  await vm.agentPortOpened();
  if (before !== undefined) expect(await askGuest(vm, before)).toBe('done');
  await vm.pause();
  await vm.save(saved.statePath);
  await vm.kill();
  return saved;
}

async function askGuest(vm: Vm, line: string): Promise<string> {
  return ask(await vm.openAgentPort(), line);
}

/** A line that writes a word into a block of the disk, for good. */
function writeLine(word: string, block: number): string {
  const to = `dd of=/dev/vda bs=512 seek=${String(block)} conv=notrunc,fsync 2>/dev/null`;
  return `printf ${word} | ${to}; echo written`;
}

function readLine(block: number): string {
  return `dd if=/dev/vda bs=512 skip=${String(block)} count=1 iflag=direct 2>/dev/null | head -c 5; echo`;
}

async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function textAt(path: string, block: number): Promise<string> {
  return (await readFile(path)).toString('latin1', block * 512, block * 512 + 5);
}

describe('a saved machine', () => {
  it('has its memory to its owner alone, whose bytes twenty starts leave as they are', async () => {
    const saved = await makeTemplate(await makeMachine('template'));
    const paths = [saved.statePath, saved.memoryPath ?? ''];
    for (const path of paths) expect((await stat(path)).mode & 0o777).toBe(0o600);
    const hashes = await Promise.all(paths.map(hashOf));
    for (let count = 0; count < 20; count += 1) {
      const { spec } = await makeMachine('clone');
      const vm = await driver.start({ ...spec, from: saved });
      endAfterTest(vm);
      expect(await askGuest(vm, 'echo alive')).toBe('alive');
      await vm.kill();
      expect(await readdir(spec.runtimeDir)).toEqual([]);
    }
    expect(await Promise.all(paths.map(hashOf))).toEqual(hashes);
  });

  it('writes to its disks when it goes on', async () => {
    const { spec, disk, at } = await makeMachine('disks');
    const vm = await startForTest(driver, spec);
    expect(await askGuest(vm, writeLine('first', 0))).toBe('written');
    await vm.pause();
    expect(await textAt(disk.path, 0)).toBe('first');
    await vm.save(at('state'));
    await vm.resume();
    expect(await askGuest(vm, writeLine('later', 1))).toBe('written');
    await vm.kill();
    expect(await textAt(disk.path, 1)).toBe('later');
    const again = await startForTest(driver, { ...spec, from: { statePath: at('state') } });
    expect(await askGuest(again, writeLine('again', 2))).toBe('written');
    await again.kill();
    expect(await textAt(disk.path, 2)).toBe('again');
  });

  it('does not go on while another machine writes to its disk', async () => {
    const { spec, disk, at } = await makeMachine('locked');
    const vm = await startForTest(driver, spec);
    await vm.pause();
    await vm.save(at('state'));
    const other = { ...(await makeMachine('other')).spec, from: { statePath: at('state') } };
    // It let go of its disk when it was saved.
    const second = await startForTest(driver, { ...other, disks: [disk] });
    await expect(vm.resume()).rejects.toMatchObject({ code: 'vm/start-failed' });
    expect(vm.isPaused).toBe(true);
    const third = { ...(await makeMachine('third')).spec, from: other.from, disks: [disk] };
    await expect(driver.start(third)).rejects.toMatchObject({
      code: 'vm/start-failed',
      message: `Another machine uses the disk ${disk.path}.`,
      details: expect.objectContaining({ disk: disk.path }) as object,
    });
    expect(await readdir(third.runtimeDir)).toEqual([]);
    await second.kill();
    await vm.resume();
    expect(await askGuest(vm, 'echo alive')).toBe('alive');
  });

  it('takes a disk in the place of a placeholder, and another directory by 9p', async () => {
    const template = await makeMachine('slots');
    const entry = { name: 'v0', path: template.at('empty'), isFile: false, readOnly: true };
    await mkdir(entry.path);
    const shares = { transport: '9p', entries: [entry] } as const;
    const spec: VmSpec = {
      ...template.spec,
      disks: [
        { serial: 'root', format: 'none', readOnly: true },
        { serial: 'upper', format: 'none', readOnly: false },
      ],
      shares,
    };
    const unbind = 'for d in vd*; do readlink $d/device; done | sed s,.*/,, > /names; ';
    const names =
      'while read n; do echo $n > /sys/bus/virtio/drivers/virtio_blk/unbind; done < /names; ';
    const before = `disks > /before; ${unbind}${names}echo done`;
    const saved = await makeTemplate({ ...template, spec }, before);
    const { spec: own, disk, at } = await makeMachine('filled');
    await writeFile(at('root'), Buffer.alloc(8192, 'r'));
    await mkdir(at('shared'));
    const root = { serial: 'root', path: at('root'), format: 'raw', readOnly: true } as const;
    const vm = await startForTest(driver, {
      ...own,
      disks: [root, disk],
      shares: { ...shares, entries: [{ ...entry, path: at('shared'), readOnly: false }] },
      from: saved,
    });
    const bind =
      'while read n; do echo $n > /sys/bus/virtio/drivers/virtio_blk/bind; done < /names; disks';
    expect(await askGuest(vm, 'cat /before')).toBe('root 2048 1;upper 2048 0;');
    expect(await askGuest(vm, bind)).toBe('root 16 1;upper 2048 0;');
    expect(await askGuest(vm, 'head -c 3 /dev/vda; echo')).toBe('rrr');
  });

  it('is none where directories are shared by virtiofs, and the machine goes on', async () => {
    const { spec, at } = await makeMachine('virtiofs');
    await mkdir(at('shared'));
    const entry = { name: 'v0', path: at('shared'), isFile: false, readOnly: true };
    const tools = await findShareTools(at(''));
    const shares = { transport: 'virtiofs', entries: [entry], tools } as const;
    const vm = await startForTest(driver, { ...spec, shares });
    await vm.pause();
    await expect(vm.save(at('state'))).rejects.toMatchObject({
      code: 'vm/save-failed',
      message: expect.stringContaining('vhost-user-fs') as string,
    });
    expect(await readdir(at(''))).not.toContain('state');
    await vm.resume();
    expect(await askGuest(vm, 'echo alive')).toBe('alive');
  });
});

describe('switched disks', () => {
  it('write to the new files alone, which others read with all that is below', async () => {
    const { spec, disk, at } = await makeMachine('switch');
    const vm = await startForTest(driver, spec);
    const tops = [at('top 1'), at('top 2')];
    const [first = '', second = ''] = tops;
    for (const path of tops) await makeEmptyOverlay(path);
    expect(await askGuest(vm, writeLine('below', 0))).toBe('written');
    await vm.switchDisks([{ serial: 'upper', path: first }]);
    const bytes = await hashOf(disk.path);
    expect(await askGuest(vm, writeLine('first', 1))).toBe('written');
    // A later host process goes on where this one was.
    await vm.release();
    const later = await driver.reattach(spec);
    if (later === undefined) throw new Error('The machine was not found.');
    endAfterTest(later);
    await later.switchDisks([{ serial: 'upper', path: second }]);
    const firstBytes = await hashOf(first);
    expect(await askGuest(later, writeLine('again', 2))).toBe('written');
    expect(await hashOf(disk.path)).toBe(bytes);
    expect(await hashOf(first)).toBe(firstBytes);
    expect(await textAt(disk.path, 0)).toBe('below');
    expect(await textAt(disk.path, 1)).toBe('\0\0\0\0\0');
    for (const block of [0, 1, 2]) {
      expect(await askGuest(later, readLine(block))).toBe(['below', 'first', 'again'][block]);
    }
    const own = at('own');
    await makeEmptyOverlay(own);
    const backing = [
      { path: first, format: 'qcow2' },
      { path: disk.path, format: 'raw' },
    ] as const;
    const above = { ...disk, path: own, format: 'qcow2', backing } as const;
    const { spec: other } = await makeMachine('reader');
    const reader = await startForTest(driver, { ...other, disks: [above] });
    expect(await askGuest(reader, writeLine('other', 0))).toBe('written');
    const seen = [0, 1, 2].map((block) => readLine(block).replace('; echo', '')).join('; ');
    expect(await askGuest(reader, `${seen}; echo`)).toBe('otherfirst\0\0\0\0\0');
    expect(await askGuest(later, readLine(0))).toBe('below');
  });

  it('are switched before the machine is saved, which then goes on from below', async () => {
    const { spec, disk, at } = await makeMachine('branch');
    const vm = await startForTest(driver, spec);
    for (const name of ['mine', 'theirs', 'late']) await makeEmptyOverlay(at(name));
    expect(await askGuest(vm, writeLine('below', 0))).toBe('written');
    await vm.pause();
    await vm.switchDisks([{ serial: 'upper', path: at('mine') }]);
    await vm.save(at('state'));
    const late = vm.switchDisks([{ serial: 'upper', path: at('late') }]);
    await expect(late).rejects.toMatchObject({ code: 'vm/save-failed' });
    await vm.resume();
    const backing = [{ path: disk.path, format: 'raw' }] as const;
    const theirs = { ...disk, path: at('theirs'), format: 'qcow2', backing } as const;
    const { spec: other } = await makeMachine('branched');
    const from = { statePath: at('state') };
    const branch = await startForTest(driver, { ...other, disks: [theirs], from });
    expect(await askGuest(branch, readLine(0))).toBe('below');
    expect(await askGuest(branch, writeLine('their', 1))).toBe('written');
    expect(await askGuest(vm, writeLine('mines', 1))).toBe('written');
    expect(await askGuest(branch, readLine(1))).toBe('their');
    expect(await askGuest(vm, readLine(1))).toBe('mines');
  });
});

describe('a host process that is killed', () => {
  it('leaves no state under its name while it saves, and a machine that can be resumed', async () => {
    const { spec, at } = await makeMachine('halted');
    await mkdir(at('kept'));
    const statePath = join(at('kept'), 'state');
    const script = fileURLToPath(new URL('../../testing/save-and-halt.ts', import.meta.url));
    const host = spawn(process.execPath, [script, JSON.stringify(spec), statePath], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: host.stdout }), 'line');
    host.kill('SIGKILL');
    await once(host, 'exit');
    const left = await readdir(at('kept'));
    expect(left).toHaveLength(1);
    expect(left[0]).toMatch(/^\.state\..+\.tmp$/);
    const vm = await driver.reattach(spec);
    if (vm === undefined) throw new Error('The machine was not found.');
    endAfterTest(vm);
    expect(vm.isPaused).toBe(true);
    await vm.pause();
    await vm.save(statePath);
    await vm.resume();
    expect(await askGuest(vm, writeLine('again', 0))).toBe('written');
    await vm.kill();
    expect(await readdir(spec.runtimeDir)).toEqual([]);
  });

  it.each(['waits for its state', 'has its state'])(
    'leaves a machine that %s and was never told to go on, which is ended',
    async (how) => {
      const { spec, at } = await makeMachine('never-ran');
      const saved = await makeTemplate(await makeMachine('template'));
      await mkdir(spec.runtimeDir);
      const files = runtimeFiles(spec.runtimeDir);
      const qemu = await findQemu();
      const plan = planVm({ ...spec, from: saved }, 'x64');
      const args = buildQemuArguments(plan, { sockets: files, linux: true });
      const state = await open(saved.statePath);
      const child = spawn(qemu?.path ?? '', args, {
        stdio: ['ignore', 'ignore', 'ignore', state.fd],
      });
      const ended = once(child, 'exit');
      onTestFinished(() => {
        child.kill('SIGKILL');
      });
      await state.close();
      await waitForFile(files.agent, AbortSignal.timeout(60_000));
      if (how === 'has its state') {
        const monitor = await QmpClient.connect(await connectUnixSocket(files.monitor));
        await restoreMachine(monitor, saved, AbortSignal.timeout(60_000));
        monitor.close();
      }
      const pid = child.pid ?? 0;
      await writeFile(at('monitor.log'), '');
      await writeRecord(files, {
        ...{ version: 1, id: spec.id, pid, accelerator: 'tcg' },
        startTime: (await processStartTime(pid)) ?? '',
        bootId: await readBootId(),
      });
      expect(await driver.reattach(spec)).toBeUndefined();
      expect(await ended).toEqual([0, null]);
      expect(await readdir(spec.runtimeDir)).toEqual([]);
    },
  );
});
