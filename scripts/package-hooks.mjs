/** What electron-builder asks of the project while it makes a package; see electron-builder.yml. */
import { rm } from 'node:fs/promises';
import path from 'node:path';

/** Says that there are no node_modules to look for: everything is bundled. */
export function beforeBuild() {
  return false;
}

/** Removes the app that Electron shows when it is started without one. */
export async function afterExtract({ appOutDir, electronPlatformName }) {
  const resources =
    electronPlatformName === 'darwin' ? 'Electron.app/Contents/Resources' : 'resources';
  await rm(path.join(appOutDir, resources, 'default_app.asar'), { force: true });
}
