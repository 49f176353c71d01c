/** A folder that looks like Electron's distribution for Linux, as far as a packager can tell. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Before the fuse wire of every Electron binary; see @electron/fuses. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseVersion = 1;

/** Writes the stand-in into `dir`. Its binary has a wire of eight fuses as Electron ships them. */
export function writeElectronDist(dir: string): void {
  mkdirSync(path.join(dir, 'resources'), { recursive: true });
  mkdirSync(path.join(dir, 'locales'));
  const asShipped = '10110001';
  const binary = Buffer.concat([
    Buffer.from('\x7fELF stand-in\0'),
    Buffer.from(fuseSentinel),
    Buffer.from([fuseVersion, asShipped.length]),
    Buffer.from(asShipped),
    Buffer.from('\0'),
  ]);
  writeFileSync(path.join(dir, 'electron'), binary);
  chmodSync(path.join(dir, 'electron'), 0o755);
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'locales/en-US.pak']) {
    writeFileSync(path.join(dir, file), `stand-in for ${file}\n`);
  }
  writeFileSync(path.join(dir, 'resources/default_app.asar'), '');
}
