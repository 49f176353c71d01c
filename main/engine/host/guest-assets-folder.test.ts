import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isAppError } from '../base/app-error.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { createUpperDisk, loadGuestAssets } from './guest-assets-folder.ts';
import type { GuestAssets, GuestAssetsManifest } from './guest-assets.ts';

const directory = useTemporaryDirectory();
const bytesPerMiB = 1024 * 1024;

const manifest: GuestAssetsManifest = {
  version: 3,
  key: '0123456789abcdef',
  arch: process.arch,
  kernel: {
    file: 'vmlinux',
    release: '6.1.0',
    origin: 'debian-cloud',
    features: {
      ...{ virtiofs: true, ninep: false, network: true, xfs: true, btrfs: true },
      ...{ tun: false, wireguard: false, containers: false },
    },
    arguments: ['quiet'],
  },
  initramfs: 'initramfs.cpio',
  diskInitramfs: 'initramfs-disks.cpio',
  shareMount: 'share-mount',
  upperTemplates: [
    {
      sizeMiB: 16,
      file: 'default',
      ranges: [
        [0, 3],
        [bytesPerMiB, 2],
      ],
    },
    { sizeMiB: 1, file: 'small', ranges: [[4096, 5]] },
  ],
  starterImage: 'starter-image',
};

/** Guest assets in the cache of this test, as the build leaves them. */
async function install(content: unknown = manifest): Promise<string> {
  const dir = path.join(directory.path, 'guest', manifest.key);
  await mkdir(dir, { recursive: true });
  await writeFile(path.join(dir, 'manifest.json'), JSON.stringify(content));
  await writeFile(path.join(dir, 'default'), 'abcde');
  await writeFile(path.join(dir, 'small'), 'small');
  await symlink(manifest.key, path.join(directory.path, 'guest/current'));
  return dir;
}

async function installTool(output: string): Promise<string> {
  const dir = await install({ ...manifest, tscRate: 'tsc-rate' });
  await writeFile(path.join(dir, 'tsc-rate'), `#!/bin/sh\necho ${output}\n`, { mode: 0o755 });
  return dir;
}

const missing = expect.objectContaining({ code: 'vm/assets-missing' }) as unknown;

describe('loadGuestAssets', () => {
  it('finds the current assets', async () => {
    const dir = await install();
    expect(await loadGuestAssets(directory.path)).toEqual({
      dir,
      manifest,
      kernelPath: path.join(dir, 'vmlinux'),
      initramfsPath: path.join(dir, 'initramfs.cpio'),
      diskInitramfsPath: path.join(dir, 'initramfs-disks.cpio'),
      shareMountPath: path.join(dir, 'share-mount'),
      kernelArguments: ['quiet'],
      starterImageDir: path.join(dir, 'starter-image'),
    });
  });

  it('tells the kernel the rate of the time-stamp counter', async () => {
    await installTool('2445428');
    const { kernelArguments } = await loadGuestAssets(directory.path);
    expect(kernelArguments).toEqual(['quiet', 'tsc_early_khz=2445428']);
  });

  it.each(['0', 'init=/bin/sh', "''"])('refuses a rate of %s', async (output) => {
    await installTool(output);
    await expect(loadGuestAssets(directory.path)).rejects.toEqual(missing);
  });

  it('finds those of a kernel beside the current ones', async () => {
    await install();
    const own = path.join(directory.path, 'guest', 'fedcba9876543210');
    await mkdir(own);
    const kernel = { ...manifest.kernel, origin: 'own' };
    await writeFile(path.join(own, 'manifest.json'), JSON.stringify({ ...manifest, kernel }));
    await symlink('fedcba9876543210', path.join(directory.path, 'guest/current-own'));
    const found = await loadGuestAssets(directory.path, { kernel: 'own' });
    expect(found.dir).toBe(own);
    expect((await loadGuestAssets(directory.path)).dir).not.toBe(own);
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('SKERRY_GUEST_KERNEL', 'own');
    expect((await loadGuestAssets(directory.path)).dir).toBe(own);
    const other = loadGuestAssets(directory.path, { kernel: 'debian' });
    await expect(other).rejects.toThrow('no guest assets with the kernel "debian"');
  });

  it('says that there are none', async () => {
    await expect(loadGuestAssets(directory.path)).rejects.toEqual(missing);
  });

  it.each([
    ['of another version', { ...manifest, version: 2 }],
    ['for another architecture', { ...manifest, arch: 'mips' }],
    ['without a kernel', { ...manifest, kernel: undefined }],
  ])('refuses assets %s', async (_, content) => {
    await install(content);
    await expect(loadGuestAssets(directory.path)).rejects.toEqual(missing);
  });
});

describe('createUpperDisk', () => {
  const load = async (): Promise<GuestAssets> => {
    await install();
    return await loadGuestAssets(directory.path);
  };
  const disk = (): string => path.join(directory.path, 'upper.img');

  it('writes the template of that size into a sparse file', async () => {
    await createUpperDisk(await load(), disk(), 16);
    const bytes = await readFile(disk());
    const wanted = Buffer.alloc(16 * bytesPerMiB);
    wanted.write('abc', 0);
    wanted.write('de', bytesPerMiB);
    expect(bytes.equals(wanted)).toBe(true);
    const { blocks, mode } = await stat(disk());
    expect(blocks * 512).toBeLessThan(bytesPerMiB);
    expect(mode & 0o777).toBe(0o600);
  });

  it('starts another size from the largest template that fits', async () => {
    const assets = await load();
    const dataAt = async (sizeMiB: number): Promise<string> => {
      const file = path.join(directory.path, `${String(sizeMiB)}.img`);
      await createUpperDisk(assets, file, sizeMiB);
      const bytes = await readFile(file);
      expect(bytes.length).toBe(sizeMiB * bytesPerMiB);
      return bytes.toString('latin1', 4096, 4101) + bytes.toString('latin1', 0, 3);
    };
    expect(await dataAt(15)).toBe('small\0\0\0');
    expect(await dataAt(17)).toBe('\0\0\0\0\0abc');
  });

  it('refuses a size below every template, and a file that is there', async () => {
    const assets = await load();
    const tooSmall = {
      ...assets,
      manifest: { ...manifest, upperTemplates: manifest.upperTemplates.slice(0, 1) },
    };
    await expect(createUpperDisk(tooSmall, disk(), 15)).rejects.toSatisfy((error) =>
      isAppError(error, 'config/invalid'),
    );
    await writeFile(disk(), 'mine');
    await expect(createUpperDisk(assets, disk(), 16)).rejects.toThrow('EEXIST');
    expect(await readFile(disk(), 'utf8')).toBe('mine');
  });
});
