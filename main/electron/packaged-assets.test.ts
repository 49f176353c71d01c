import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentAssetsLink, guestAssetsFolder } from '../engine/host/guest-assets-folder.ts';
import { usePackagedAssets } from './packaged-assets.ts';

let dir: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'skerry-packaged-')));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

describe('usePackagedAssets', () => {
  it('leads the engine to the assets beside the app, also after the app has moved', async () => {
    const paths = { stateDir: 'state', runtimeDir: 'run', cacheDir: path.join(dir, 'cache') };
    for (const place of ['mount-1', 'mount-2']) {
      mkdirSync(path.join(dir, place, 'guest'), { recursive: true });
      const used = await usePackagedAssets(paths, path.join(dir, place));
      expect(used).toEqual({ ...paths, cacheDir: path.join(dir, 'cache', 'desktop') });
      // Where loadGuestAssets looks.
      const link = path.join(used.cacheDir, guestAssetsFolder, currentAssetsLink());
      expect(realpathSync(link)).toBe(path.join(dir, place, 'guest'));
    }
    expect(readdirSync(path.join(dir, 'cache/desktop/guest'))).toEqual(['current']);
  });
});
