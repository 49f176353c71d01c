/** Sandboxes of a user who is not root: what the guest's root writes belongs to that user. */
import { chown, cp, mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  currentAssetsLink,
  guestAssetsFolder,
  loadGuestAssets,
} from '../host/guest-assets-folder.ts';
import { guestKernelWish } from '../host/guest-kernel-wish.ts';
import { resolvePaths } from '../host/paths.ts';
import { runTool } from '../testing/run-tool.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';

const uid = 12_345;
const program = path.join(import.meta.dirname, '../testing/as-ordinary-user.ts');

describe.skipIf(process.getuid?.() !== 0)('a user who is not root', () => {
  const temporary = useTemporaryDirectory();

  it('owns what the root of a guest writes to a shared directory', async () => {
    const at = (name: string) => path.join(temporary.path, name);
    await copyAssets(at('cache'));
    for (const name of ['state', 'shared']) await mkdir(at(name));
    for (const name of ['', 'state', 'shared']) await chown(at(name), uid, uid);
    const script =
      'id -u; umask 077; echo x > /shared/file; mkdir /shared/dir; echo y > /named/file';
    const printed = await runTool(process.execPath, [
      program,
      String(uid),
      at('state'),
      at('cache'),
      at('shared'),
      script,
    ]);
    await rm(`/tmp/skerry-${String(uid)}`, { recursive: true, force: true });
    const result = JSON.parse(printed) as { stdout: string; exit: unknown; volume: string };
    expect(result).toMatchObject({ stdout: '0\n', exit: { kind: 'exited', code: 0 } });
    expect(await readFile(at('shared/file'), 'utf8')).toBe('x\n');
    expect(await stat(at('shared/file'))).toMatchObject({ uid, gid: uid });
    expect((await stat(at('shared/dir'))).uid).toBe(uid);
    expect((await stat(path.join(result.volume, 'file'))).uid).toBe(uid);
  });
});

/** Those of this machine may be in a directory that no other user can enter. */
async function copyAssets(cacheDir: string): Promise<void> {
  const { dir } = await loadGuestAssets(resolvePaths().cacheDir);
  const guest = path.join(cacheDir, guestAssetsFolder);
  const name = path.basename(dir);
  await cp(dir, path.join(guest, name), { recursive: true });
  await symlink(name, path.join(guest, currentAssetsLink(guestKernelWish())));
  await runTool('chown', ['-R', String(uid), cacheDir]);
}
