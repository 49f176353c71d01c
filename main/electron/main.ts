/** Entry of Electron's main process, bundled to dist/electron/main.js. Only joins the parts. */
import path from 'node:path';
import { app } from 'electron';
import { resolvePaths } from '../engine/index.ts';
import { startHostProcess } from '../server/host-process.ts';
import type { DesktopHost } from './desktop-host.ts';
import { startDesktop } from './desktop.ts';
import { createEngineHost } from './engine-host.ts';
import { usePackagedAssets } from './packaged-assets.ts';
import { openProfileLog, profileLogFile, useProfileOf } from './profile.ts';
import { createSafeStorageCipher } from './safe-storage-cipher.ts';

useProfileOf(process.env['SKERRY_HOME']);
const logger = openProfileLog();
const rendererDir = path.join(import.meta.dirname, '../renderer');

// A promise that nobody waits for must not end the process that holds the engine.
process.on('unhandledRejection', (error) => {
  logger.error('A promise failed unheard', { error: String(error) });
});

async function openHost(): Promise<DesktopHost> {
  const own = resolvePaths(process.env, process.platform);
  const paths = app.isPackaged ? await usePackagedAssets(own, process.resourcesPath) : own;
  const version = app.getVersion();
  // In a checkout the bundle is in dist/electron; a package has them beside its guest assets.
  const presetsDir = app.isPackaged
    ? path.join(process.resourcesPath, 'presets')
    : path.resolve(import.meta.dirname, '../../assets/presets');
  const secretCipher = createSafeStorageCipher();
  const logFiles = { 'desktop.log': profileLogFile() };
  const options = { paths, version, logger, rendererDir, presetsDir, secretCipher, logFiles };
  // The command line needs a Node of its own, which a package does not bring.
  const command = app.isPackaged ? { skerryCommand: [] } : {};
  return createEngineHost(await startHostProcess({ ...options, ...command }), logger);
}

void startDesktop({
  rendererDir,
  preloadFile: path.join(import.meta.dirname, 'preload.cjs'),
  iconFile: path.join(import.meta.dirname, 'icon.png'),
  trayIconDir: import.meta.dirname,
  openHost,
  logger,
});
