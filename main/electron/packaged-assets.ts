/** Where a packaged app finds the guest assets that came with it. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { SkerryPaths } from '../engine/index.ts';

/**
 * Paths whose cache has the assets of `resourcesDir` as its current ones. The cache is the app's
 * own, apart from a checkout's; the link is made anew, since an AppImage is elsewhere each time.
 */
export async function usePackagedAssets(
  paths: SkerryPaths,
  resourcesDir: string,
): Promise<SkerryPaths> {
  const cacheDir = path.join(paths.cacheDir, 'desktop');
  const guestDir = path.join(cacheDir, 'guest');
  await mkdir(guestDir, { recursive: true, mode: 0o700 });
  const draft = path.join(guestDir, `current.${randomUUID()}`);
  await symlink(path.join(resourcesDir, 'guest'), draft);
  await rename(draft, path.join(guestDir, 'current'));
  return { ...paths, cacheDir };
}
