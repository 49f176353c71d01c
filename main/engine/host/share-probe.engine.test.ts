/** The probe with the real unshare and daemon of this machine. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileShareMount } from '../testing/share-tools.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { probeShares, type ShareProbeOptions } from './share-probe.ts';

describe('probeShares on this machine', () => {
  const temporary = useTemporaryDirectory();
  const probe = (overrides: Partial<ShareProbeOptions>) =>
    probeShares({
      cacheDir: temporary.path,
      features: { virtiofs: true, ninep: false },
      shareMountPath: undefined,
      ...overrides,
    });

  it('runs the daemon to its end, and remembers that it could', async () => {
    const shareMountPath = await compileShareMount(temporary.path);
    const found = await probe({ shareMountPath });
    expect(found).toMatchObject({ transport: 'virtiofs', files: true });
    expect(found.tools?.mountToolPath).toBe(shareMountPath);
    const kept = JSON.parse(await readFile(join(temporary.path, 'share-probe.json'), 'utf8')) as {
      value: unknown;
    };
    expect(kept.value).toEqual({ tools: found.tools });
    expect(await probe({ shareMountPath })).toEqual(found);
  });

  it('gives the reason in the words of what failed, and what sets it right', async () => {
    const shareMountPath = join(temporary.path, 'share-mount');
    await writeFile(shareMountPath, '#!/bin/sh\necho It cannot be mounted. >&2\nexit 4\n', {
      mode: 0o755,
    });
    const sysctlDir = join(temporary.path, 'sys');
    await mkdir(join(sysctlDir, 'kernel'), { recursive: true });
    const setting = join(sysctlDir, 'kernel/apparmor_restrict_unprivileged_userns');
    await writeFile(setting, '1\n');
    const found = await probe({ shareMountPath, sysctlDir });
    expect(found).toMatchObject({
      transport: undefined,
      files: false,
      evidence: expect.stringMatching(
        /in namespaces of its own: It cannot be mounted\.$/,
      ) as string,
      fix: expect.stringContaining('kernel.apparmor_restrict_unprivileged_userns=0') as string,
    });
    // It may be mended: nothing is remembered beyond this process.
    expect(await readdir(temporary.path)).not.toContain('share-probe.json');
  });
});
