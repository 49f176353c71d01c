/** What lies in the folders of a store and belongs to nothing. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { layerIndexVersion } from '../layer-index.ts';
import type { Check } from './check-request.ts';

const hex = '[0-9a-f]{64}';

/** What belongs in each folder. Files that begin with a dot are being written. */
const folders = [
  { folder: join('blobs', 'sha256'), belongs: new RegExp(`^${hex}$`) },
  { folder: 'partial', belongs: new RegExp(`^(${hex}(\\.import)?|new-[0-9a-f-]{36})$`) },
  { folder: 'layers', belongs: new RegExp(`^sha256-${hex}$`) },
  { folder: 'roots', belongs: new RegExp(`^sha256-${hex}\\.(erofs|json)$`) },
] as const;

/** Written by atomic-file.ts, and gone when it is written. */
const temporary = /^\..+\.tmp$/;

/** Removes what a process that was killed was writing. No one else may use the store yet. */
export async function clearLeftovers(dir: string): Promise<void> {
  for (const folder of ['', ...folders.map((entry) => entry.folder)]) {
    for (const name of await namesIn(join(dir, folder))) {
      const isLeft = temporary.test(name) || (folder === 'partial' && name.endsWith('.import'));
      if (isLeft) await rm(join(dir, folder, name), { recursive: true, force: true });
    }
  }
  const roots = await namesIn(join(dir, 'roots'));
  for (const name of roots.filter((root) => root.endsWith('.erofs'))) {
    // A root is written before its record.
    if (roots.includes(name.replace(/erofs$/, 'json'))) continue;
    await rm(join(dir, 'roots', name), { force: true });
  }
}

/** Names what belongs to nothing. What Skerry did not write it does not remove. */
export async function checkLeftovers({
  stores: { dir, layers },
  mend,
  findings,
}: Check): Promise<void> {
  for (const { folder, belongs } of folders) {
    for (const name of await namesIn(join(dir, folder))) {
      if (belongs.test(name) || temporary.test(name)) continue;
      findings.push({
        kind: 'leftover',
        subject: join(folder, name),
        problem: 'Skerry keeps no file of such a name there.',
        remedy: 'Move it away if it is yours, or remove it.',
        isMended: false,
      });
    }
  }
  for (const diffId of await layers.diffIds()) {
    const layer = `sha256-${diffId.replace('sha256:', '')}`;
    for (const name of await namesIn(join(dir, 'layers', layer))) {
      const version = Number(/^index\.v(\d+)$/.exec(name)?.[1] ?? layerIndexVersion);
      if (version >= layerIndexVersion) continue;
      const subject = join('layers', layer, name);
      if (mend) await rm(join(dir, subject), { force: true });
      findings.push({
        kind: 'leftover',
        subject,
        problem: 'It was written by an earlier Skerry and is read no more.',
        remedy: mend ? 'It was removed.' : 'Run `skerry images check --mend`, which removes it.',
        isMended: mend,
      });
    }
  }
}

async function namesIn(path: string): Promise<string[]> {
  return await readdir(path).catch(() => []);
}
