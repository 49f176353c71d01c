import { execFile } from 'node:child_process';
import { open, readFile, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../main/engine/base/logger.ts';
import { createUpperDisk, loadGuestAssets } from '../../main/engine/host/guest-assets-folder.ts';
import type { GuestAssets } from '../../main/engine/host/guest-assets.ts';
import { resolvePaths } from '../../main/engine/host/paths.ts';
import { ask, startForTest } from '../../main/engine/testing/driver-contract.ts';
import { makeLineGuest } from '../../main/engine/testing/line-guest.ts';
import { useTemporaryDirectory } from '../../main/engine/testing/temporary-directory.ts';
import { QemuDriver } from '../../main/engine/vm/qemu/qemu-driver.ts';
import { readElfNotes } from './elf.ts';

const run = promisify(execFile);
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
const directory = useTemporaryDirectory();

/** Those that set-up has built for this machine. */
let assets: GuestAssets;
beforeAll(async () => {
  assets = await loadGuestAssets(resolvePaths().cacheDir);
});

describe('the disks', () => {
  it.each([64, 100, 8192, 10_000])('have a sound filesystem at %i MiB', async (sizeMiB) => {
    const disk = path.join(directory.path, 'upper.img');
    await createUpperDisk(assets, disk, sizeMiB);
    const check = await run('e2fsck', ['-f', '-n', disk], { env });
    expect(check.stdout).toMatch(/^upper: \d+\/\d+ files/m);
  });
});

describe('data-ranges', () => {
  it('finds what is not zero, over holes and written zeros', async () => {
    const tool = path.join(directory.path, 'data-ranges');
    await run('cc', ['-o', tool, path.join(import.meta.dirname, 'data-ranges.c')]);
    const sparse = path.join(directory.path, 'sparse');
    await writeFile(sparse, Buffer.alloc(3 * 4096));
    const file = await open(sparse, 'r+');
    await file.write('a', 4096);
    await file.write('b', 2 ** 33 + 5000);
    await file.truncate(2 ** 34);
    await file.close();
    const { stdout } = await run(tool, [sparse]);
    expect(stdout).toBe(`4096 4096\n${String(2 ** 33 + 4096)} 4096\n`);
  });
});

describe('the kernels', () => {
  const kinds = ['own', 'debian'] as const;

  it.each(kinds)('of the kind %s boot, and are what the manifest says', async (kernel) => {
    const { manifest } = await loadGuestAssets(resolvePaths().cacheDir, { kernel });
    expect(manifest.kernel.origin === 'own').toBe(kernel === 'own');
    const guest = await makeLineGuest(directory.path, { kernel });
    const vm = await startForTest(new QemuDriver({ logger: silentLogger }), {
      ...{ id: kernel, cpus: 1, memoryMiB: 256, accelerator: 'tcg', disks: [], ...guest },
      runtimeDir: path.join(directory.path, 'run'),
      consoleLogPath: path.join(directory.path, 'console.log'),
      monitorLogPath: path.join(directory.path, 'monitor.log'),
    });
    expect(await ask(await vm.openAgentPort(), 'uname -r')).toBe(manifest.kernel.release);
  });
});

describe('the kernel', () => {
  it.runIf(process.arch === 'x64')('can be entered without unpacking itself', async () => {
    const notes = readElfNotes(await readFile(assets.kernelPath));
    expect(notes.some(({ owner, type }) => owner === 'Xen' && type === 18)).toBe(true);
  });

  it.runIf(process.arch === 'x64')('is told the rate of the time-stamp counter', () => {
    const rate = /^tsc_early_khz=(\d+)$/.exec(assets.kernelArguments.at(-1) ?? '')?.[1];
    // Between 100 MHz and 10 GHz: whatever this machine is.
    expect(Number(rate)).toBeGreaterThan(100_000);
    expect(Number(rate)).toBeLessThan(10_000_000);
  });
});

describe('the starter image', () => {
  it('is a layout that other tools read', async () => {
    const image = `oci:${assets.starterImageDir}:latest`;
    const inspected = await run('skopeo', ['inspect', '--config', image]);
    const { config } = JSON.parse(inspected.stdout) as { config: Record<string, unknown> };
    expect(config).toMatchObject({ Cmd: ['/bin/sh'], WorkingDir: '/root' });
  });

  it('has every applet of its program', async () => {
    const bundle = path.join(directory.path, 'bundle');
    const image = `${assets.starterImageDir}:latest`;
    await run('umoci', ['raw', 'unpack', '--rootless', '--image', image, bundle]);
    const { stdout } = await run(path.join(bundle, 'bin/busybox'), ['--list-full']);
    const applets = stdout.split('\n').filter((name) => name !== '' && name !== 'bin/busybox');
    expect(applets).toContain('bin/sh');
    for (const applet of applets) {
      expect(await readlink(path.join(bundle, applet)), applet).toBe('/bin/busybox');
    }
  });
});
