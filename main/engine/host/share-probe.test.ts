import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { probeShares, type ShareProbeOptions } from './share-probe.ts';

describe('probeShares', () => {
  const temporary = useTemporaryDirectory();
  const probe = (overrides: Partial<ShareProbeOptions> = {}) =>
    probeShares({
      cacheDir: temporary.path,
      features: { virtiofs: true, ninep: false },
      shareMountPath: undefined,
      platform: 'linux',
      ...overrides,
    });

  it('says what the guest, the system or the assets lack', async () => {
    expect(await probe({ features: { virtiofs: false, ninep: false } })).toEqual({
      transport: undefined,
      files: false,
      evidence: 'The kernel of the guest has no virtiofs.',
    });
    expect(await probe({ platform: 'darwin' })).toMatchObject({
      transport: undefined,
      evidence: 'Directories are shared by virtiofs on Linux alone.',
    });
    expect(await probe()).toMatchObject({ transport: undefined, fix: 'npm start' });
    const gone = join(temporary.path, 'gone');
    expect(await probe({ shareMountPath: gone })).toMatchObject({ fix: 'npm start' });
  });

  it('names the package where there is no daemon', async () => {
    const tool = join(temporary.path, 'share-mount');
    await writeFile(tool, '#!/bin/sh\n', { mode: 0o755 });
    const found = await probe({ shareMountPath: tool, daemonPaths: [], daemonSearchPath: '' });
    expect(found).toMatchObject({
      transport: undefined,
      evidence: 'There is no virtiofsd on this host.',
      fix: expect.stringContaining('apt-get install -y virtiofsd') as string,
    });
  });

  it('falls back to 9p where the guest has it, for directories alone, and keeps the reason', async () => {
    expect(await probe({ features: { virtiofs: false, ninep: true } })).toEqual({
      transport: '9p',
      files: false,
      evidence:
        'The kernel of the guest has no virtiofs. The guest has 9p, by which QEMU shares directories itself.',
    });
    expect(await probe({ features: { virtiofs: true, ninep: true } })).toMatchObject({
      transport: '9p',
      fix: 'npm start',
    });
  });
});
