import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { readBootId } from '../../host/probe-cache.ts';
import { processStartTime } from '../../host/process-identity.ts';
import { findQemu } from '../../host/qemu-probe.ts';
import { ask, describeDriverContract, startForTest } from '../../testing/driver-contract.ts';
import {
  describeSavingContract,
  type SavingHarness,
} from '../../testing/driver-saving-contract.ts';
import { makeLineGuest, type LineGuest } from '../../testing/line-guest.ts';
import { makeEmptyOverlay, makeLineMachine } from '../../testing/line-machine.ts';
import type { VmSpec } from '../driver.ts';
import { planVm } from '../plan.ts';
import { buildQemuArguments } from './qemu-arguments.ts';
import { QemuDriver } from './qemu-driver.ts';
import { runtimeFiles, writeRecord } from './runtime-files.ts';
import { waitForFile } from '../../host/unix-socket.ts';

let folder: string;
let guest: LineGuest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skerry-vm-'));
  guest = await makeLineGuest(folder);
});

afterAll(async () => {
  const left = await countRunning(folder);
  await rm(folder, { recursive: true, force: true });
  expect(left).toBe(0);
});

async function makeSpec(id: string): Promise<VmSpec> {
  return (await makeLineMachine(folder, guest, id)).spec;
}

/** Processes of QEMU that name a path in their arguments, seen as `ps` sees them. */
async function countRunning(path: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.filter((command) => command.includes('qemu-system') && command.includes(path))
    .length;
}

/** Resolves when a file ends with the text; looks whenever anything in its directory changes. */
async function waitForText(path: string, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      readFile(path, 'utf8').then((content) => {
        if (!content.trimEnd().endsWith(text)) return;
        watcher.close();
        resolve();
      }, reject);
    };
    const watcher = watch(dirname(path), look);
    look();
  });
}

const driver = new QemuDriver({ logger: silentLogger });

function harness(): SavingHarness {
  return {
    driver,
    laterDriver: new QemuDriver({ logger: silentLogger }),
    makeSpec,
    makeOverlay: makeEmptyOverlay,
    crash: (vm) => {
      process.kill(vm.pid, 'SIGKILL');
    },
    countRunning,
  };
}

describeDriverContract('QemuDriver', harness);
describeSavingContract('QemuDriver', harness);

describe('QemuDriver', () => {
  it('gives the guest its CPUs, and its disks by their serials, a composed one included', async () => {
    const spec = await makeSpec('disks');
    const directory = join(spec.runtimeDir, '..');
    await writeFile(join(directory, 'a'), Buffer.alloc(4096, 'a'));
    await writeFile(join(directory, 'b'), Buffer.alloc(8192, 'b'));
    const descriptor = [
      '# Disk DescriptorFile',
      'version=1',
      'CID=fffffffe',
      'parentCID=ffffffff',
      'createType="twoGbMaxExtentFlat"',
      '# Extent description',
      'RW 8 FLAT "a" 0',
      'RW 16 FLAT "b" 0',
      '',
    ];
    const root = join(directory, 'root.vmdk');
    await writeFile(root, descriptor.join('\n'));
    const vm = await startForTest(driver, {
      ...spec,
      cpus: 2,
      disks: [{ serial: 'root', path: root, format: 'vmdk', readOnly: true }, ...spec.disks],
    });
    const port = await vm.openAgentPort();
    expect(await ask(port, 'disks')).toBe('root 24 1;upper 2048 0;');
    expect(await ask(port, 'nproc')).toBe('2');
    expect(await ask(port, 'head -c 4097 /dev/vda | tail -c 2; echo')).toBe('ab');
  });

  it('keeps the whole console of a boot, from its first line', async () => {
    const spec = await makeSpec('console');
    const words = spec.kernelArguments.filter((word) => word !== 'quiet');
    const vm = await startForTest(driver, { ...spec, kernelArguments: words });
    await ask(await vm.openAgentPort(), 'echo up');
    await vm.kill();
    const text = await readFile(spec.consoleLogPath, 'utf8');
    expect(text).toMatch(/^\[ +0\.000000\] Linux version /);
    expect(text).toContain('line-guest-ready');
  });

  it('bounds the console of a guest that floods it, and keeps what was said last', async () => {
    const maxConsoleLogBytes = 32 * 1024;
    const bounded = new QemuDriver({ logger: silentLogger, maxConsoleLogBytes });
    const spec = await makeSpec('flood');
    const vm = await startForTest(bounded, spec);
    const port = await vm.openAgentPort();
    expect(await ask(port, 'flood 100000; echo the-end > /dev/console; echo done')).toBe('done');
    await waitForText(spec.consoleLogPath, 'the-end');
    await vm.kill();
    const { size } = await stat(spec.consoleLogPath);
    expect(size).toBeLessThanOrEqual(maxConsoleLogBytes);
    expect(size).toBeGreaterThanOrEqual(maxConsoleLogBytes / 2);
  });

  it('tells a panic of the guest kernel from a restart', async () => {
    const restarted = await startForTest(driver, await makeSpec('restart'));
    (await restarted.openAgentPort()).write('reboot\n');
    expect(await restarted.exited).toMatchObject({ reason: 'shutdown' });
    const panicked = await startForTest(driver, await makeSpec('panic'));
    (await panicked.openAgentPort()).write('panic\n');
    expect(await panicked.exited).toEqual({
      reason: 'crash',
      detail: 'Kernel panic - not syncing: sysrq triggered crash',
    });
  });

  it('says in QEMU’s own words why a machine cannot start, and leaves nothing', async () => {
    const spec = await makeSpec('no-kernel');
    const broken = { ...spec, kernelPath: join(folder, 'no-such-kernel') };
    await expect(driver.start(broken)).rejects.toMatchObject({
      code: 'vm/start-failed',
      message: expect.stringContaining('no-such-kernel') as string,
    });
    expect(await readdir(spec.runtimeDir)).toEqual([]);
  });

  it('can be cancelled at any moment of a start', async () => {
    const spec = await makeSpec('cancel-moments');
    for (const delayMs of [5, 20, 40, 60, 80, 120]) {
      const started = driver.start(spec, { signal: AbortSignal.timeout(delayMs) });
      const outcome = await started.then(
        (vm) => vm.kill().then(() => 'started'),
        (error: unknown) => (error as { code?: unknown }).code,
      );
      expect(['started', 'operation/cancelled']).toContain(outcome);
      expect(await countRunning(spec.runtimeDir)).toBe(0);
      expect(await readdir(spec.runtimeDir).catch(() => [])).toEqual([]);
    }
  });

  it.each(['with its record', 'without one'])(
    'ends a machine that its host process started and never let run, %s',
    async (record) => {
      const spec = await makeSpec('never-ran');
      await mkdir(spec.runtimeDir);
      const files = runtimeFiles(spec.runtimeDir);
      const qemu = await findQemu();
      const args = buildQemuArguments(planVm(spec, 'x64'), { sockets: files, linux: true });
      const paused = spawn(qemu?.path ?? '', args, { stdio: 'ignore' });
      const ended = once(paused, 'exit');
      await waitForFile(files.agent, AbortSignal.timeout(60_000));
      if (record === 'with its record') {
        const pid = paused.pid ?? 0;
        const startTime = (await processStartTime(pid)) ?? '';
        const bootId = await readBootId();
        const named = bootId === undefined ? {} : { bootId };
        await writeRecord(files, {
          ...{ version: 1, id: spec.id, pid, startTime, accelerator: 'tcg' },
          ...named,
        });
      }
      expect(await driver.reattach(spec)).toBeUndefined();
      expect(await ended).toEqual([0, null]);
      expect(await readdir(spec.runtimeDir)).toEqual([]);
    },
  );

  it('runs on when its host process is killed, and is found by the next one', async () => {
    const spec = await makeSpec('survives');
    const script = fileURLToPath(new URL('../../testing/start-machine.ts', import.meta.url));
    const host = spawn(process.execPath, [script, JSON.stringify(spec)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
    host.kill('SIGKILL');
    await once(host, 'exit');
    const vm = await driver.reattach(spec);
    expect(vm?.pid).toBe(Number(line));
    if (vm === undefined) return;
    expect(await ask(await vm.openAgentPort(), 'echo survived')).toBe('survived');
    await vm.kill();
    expect(await readFile(spec.consoleLogPath, 'utf8')).toContain('line-guest-ready');
  });
});
