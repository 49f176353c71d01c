/** Disks of all formats in real machines: what is opened, what the guest sees, who may write. */
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { createForkDisk } from '../../host/disk-image.ts';
import { ask, startForTest } from '../../testing/driver-contract.ts';
import { makeLineGuest, type LineGuest } from '../../testing/line-guest.ts';
import { runTool } from '../../testing/run-tool.ts';
import type { Vm, VmFileDisk, VmSpec } from '../driver.ts';
import { QemuDriver } from './qemu-driver.ts';

const bytesPerMiB = 1024 * 1024;
const driver = new QemuDriver({ logger: silentLogger });
let folder: string;
let guest: LineGuest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skerry-disks-'));
  guest = await makeLineGuest(folder);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function makeSpec(id: string, disk: Omit<VmFileDisk, 'serial'>): Promise<VmSpec> {
  const directory = await mkdtemp(join(folder, 'm-'));
  return {
    id,
    cpus: 1,
    memoryMiB: 256,
    accelerator: 'tcg',
    ...guest,
    disks: [{ serial: 'root', ...disk }],
    runtimeDir: join(directory, 'run'),
    consoleLogPath: join(directory, 'console.log'),
    monitorLogPath: join(directory, 'monitor.log'),
  };
}

/** A directory with `base`, a raw disk, and `secret`, a file of the host. */
async function makeFiles(name: string): Promise<(file: string) => string> {
  const at = (file: string): string => join(folder, name, file);
  await mkdir(at(''));
  await writeFile(at('base'), Buffer.alloc(bytesPerMiB, 'b'));
  await writeFile(at('secret'), Buffer.alloc(bytesPerMiB, 's'));
  return at;
}

async function makeLiar(at: (file: string) => string): Promise<void> {
  const names = ['-F', 'raw', '-b', at('secret')];
  await runTool('qemu-img', ['create', '-q', '-f', 'qcow2', ...names, at('liar')]);
}

/** Which files below the folder the machine's process has open. */
async function openFiles(vm: Vm): Promise<string[]> {
  const dir = `/proc/${String(vm.pid)}/fd`;
  const names = await readdir(dir);
  const targets = await Promise.all(names.map((fd) => readlink(join(dir, fd)).catch(() => '')));
  return [...new Set(targets)].filter((target) => target.startsWith(folder)).sort();
}

async function firstBytes(vm: Vm, count = 4): Promise<string> {
  return ask(
    await vm.openAgentPort(),
    `head -c ${String(count)} /dev/vda | hexdump -v -e '1/1 "%02x"'; echo`,
  );
}

describe('QemuDriver', () => {
  it('shows a raw disk as it is, whatever its bytes pretend to be, and opens no other file', async () => {
    const at = await makeFiles('raw');
    await makeLiar(at);
    const disk = { path: at('liar'), format: 'raw', readOnly: false } as const;
    const vm = await startForTest(driver, await makeSpec('raw', disk));
    expect(await firstBytes(vm)).toBe('514649fb');
    expect(await openFiles(vm)).toContain(at('liar'));
    expect(await openFiles(vm)).not.toContain(at('secret'));
  });

  it('opens nothing that a qcow2 alone names', async () => {
    const at = await makeFiles('qcow2');
    await makeLiar(at);
    const disk = { path: at('liar'), format: 'qcow2', readOnly: false } as const;
    const vm = await startForTest(driver, await makeSpec('qcow2', disk));
    // Where it has nothing itself, there is nothing.
    expect(await firstBytes(vm)).toBe('00000000');
    expect(await openFiles(vm)).not.toContain(at('secret'));
  });

  it('opens what it is told instead of what the disk names', async () => {
    const at = await makeFiles('told');
    await makeLiar(at);
    const backing = [{ path: at('base'), format: 'raw' }] as const;
    const disk = { path: at('liar'), format: 'qcow2', readOnly: false, backing } as const;
    const vm = await startForTest(driver, await makeSpec('told', disk));
    expect(await firstBytes(vm)).toBe('62626262');
    expect(await openFiles(vm)).not.toContain(at('secret'));
  });

  it('lets machines share what their forks rest on, which nobody may write meanwhile', async () => {
    const at = await makeFiles('forks');
    const base = { path: at('base'), format: 'raw' } as const;
    const forks = await Promise.all(
      ['one', 'two'].map(async (name) => {
        await createForkDisk({ base, file: at(name) });
        const disk = { path: at(name), format: 'qcow2', readOnly: false, backing: [base] } as const;
        return startForTest(driver, await makeSpec(name, disk));
      }),
    );
    const [first, second] = forks;
    if (first === undefined || second === undefined) throw new Error('There are two.');
    const write = 'printf mine | dd of=/dev/vda conv=fsync 2>/dev/null; echo written';
    expect(await ask(await first.openAgentPort(), write)).toBe('written');
    expect(await firstBytes(second)).toBe('62626262');
    const writer = await makeSpec('writer', { ...base, readOnly: false });
    await expect(driver.start(writer)).rejects.toMatchObject({
      code: 'vm/start-failed',
      message: `Another machine uses the disk ${at('base')}.`,
      details: expect.objectContaining({ disk: at('base') }) as object,
    });
    await Promise.all(forks.map((vm) => vm.kill()));
    expect((await readFile(at('base'))).equals(Buffer.alloc(bytesPerMiB, 'b'))).toBe(true);
    // And the other way round.
    await startForTest(driver, writer);
    const fork = { path: at('two'), format: 'qcow2', readOnly: false, backing: [base] } as const;
    await expect(driver.start(await makeSpec('late', fork))).rejects.toMatchObject({
      code: 'vm/start-failed',
      details: expect.objectContaining({ disk: at('base') }) as object,
    });
  });

  it('reads a fork of a VMDK through every file of it', async () => {
    const at = await makeFiles('vmdk');
    const how = ['-O', 'vmdk', '-o', 'subformat=monolithicFlat'];
    await runTool('qemu-img', ['convert', '-f', 'raw', ...how, at('base'), at('base.vmdk')]);
    const base = { path: at('base.vmdk'), format: 'vmdk' } as const;
    await createForkDisk({ base, file: at('fork') });
    const disk = { path: at('fork'), format: 'qcow2', readOnly: false, backing: [base] } as const;
    const vm = await startForTest(driver, await makeSpec('vmdk', disk));
    expect(await firstBytes(vm)).toBe('62626262');
    expect(await openFiles(vm)).toContain(at('base-flat.vmdk'));
  });
});
