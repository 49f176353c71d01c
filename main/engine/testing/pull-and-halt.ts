/**
 * A program that pulls an image and halts where it is told to, so that it can be killed there.
 * Arguments: directory of the store, reference, where. It writes a line for each thing that it is
 * at; where one is `where`, it is the last. Nothing of the store knows that it is watched: what
 * renames files is replaced before the store is loaded.
 */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { writeSync } from 'node:fs';

const [dir = '', reference = '', where = ''] = process.argv.slice(2);

/** Writes the line. At `where` it never goes on; the timer keeps the process from ending. */
async function at(what: string): Promise<void> {
  writeSync(1, `${what}\n`);
  if (what !== where) return;
  setInterval(() => undefined, 60_000);
  await new Promise(() => undefined);
}

let renames = 0;
const rename = fs.rename.bind(fs);
fs.rename = async (from, to) => {
  renames += 1;
  const what = `rename ${String(renames)}`;
  writeSync(1, `${what} is ${path.relative(dir, String(to))}\n`);
  await at(`before ${what}`);
  await rename(from, to);
  await at(`after ${what}`);
};
syncBuiltinESMExports();

const { ImageLibrary } = await import('../image/image-library.ts');
const { silentLogger } = await import('../base/logger.ts');
const library = await ImageLibrary.open({ dir, logger: silentLogger });
await library.pull(reference, {
  onProgress: (progress) => {
    const what = progress.type === 'layer' ? progress.phase : progress.type;
    writeSync(1, `${what} ${String(progress.type === 'layer' ? progress.bytesDone : 0)}\n`);
  },
});
await library.close();
writeSync(1, 'done\n');
