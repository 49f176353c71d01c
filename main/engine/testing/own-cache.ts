/** A cache of a test's own, with the guest assets of the real one. */
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { guestAssetsFolder } from '../host/guest-assets-folder.ts';
import { resolvePaths } from '../host/paths.ts';

/** Makes the directory, which must not be there. */
export async function makeOwnCache(dir: string): Promise<string> {
  await mkdir(dir, { mode: 0o700 });
  const { cacheDir } = resolvePaths();
  await symlink(path.join(cacheDir, guestAssetsFolder), path.join(dir, guestAssetsFolder));
  return dir;
}
