import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '../main/engine/index.ts';
import { ImageLibrary } from '../main/engine/image/image-library.ts';
import { makeTar } from '../main/engine/testing/tar.ts';
import { makeTemporaryDirectory } from '../main/engine/testing/temporary-directory.ts';
import { writeOciLayout } from '../main/engine/testing/write-oci-layout.ts';
import { compare, type Figure } from './statistics.ts';

const images = 1000;
/** All images have these layers; each has a configuration of its own. */
const layers = 3;

/** A listing of a store of a thousand images, against reading their records one after the other. */
export async function benchListImages(rounds: number): Promise<Figure> {
  await using directory = await makeTemporaryDirectory();
  const dir = join(directory.path, 'store');
  const library = await ImageLibrary.open({ dir, logger: silentLogger });
  try {
    const tars = Array.from({ length: layers }, (_, index) =>
      makeTar([{ name: `file-${String(index)}`, content: String(index) }]),
    );
    for (let index = 0; index < images; index += 1) {
      await using layout = await makeTemporaryDirectory();
      const config = { Env: [`IMAGE=${String(index)}`] };
      const { refName } = await writeOciLayout(layout.path, tars, { config });
      await library.importLayout(layout.path, refName, `bench/image:${String(index)}`);
    }
    const timed = async (work: () => Promise<number>): Promise<number> => {
      const startedAtMs = performance.now();
      const count = await work();
      if (count !== images) throw new Error(`There are ${String(count)} images.`);
      return performance.now() - startedAtMs;
    };
    return await compare(
      { name: 'list-1000-images', unit: 'ms', against: 'reading their records' },
      rounds,
      () => timed(async () => (await library.list()).length),
      () => timed(() => readRecords(join(dir, 'roots'))),
    );
  } finally {
    await library.close();
  }
}

async function readRecords(dir: string): Promise<number> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.json'));
  for (const name of names) JSON.parse(await readFile(join(dir, name), 'utf8'));
  return names.length;
}
