/** A large image of real files, for benchmarks; made once and kept in the user's cache. */
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { cachedImage, describeCached, type CachedImage } from './cached-image.ts';
import { runTool } from './run-tool.ts';
import { writeOciLayout } from './write-oci-layout.ts';

/** Raised when the recipe changes, so that what an older one made is not taken for it. */
const recipe = 'large-image-1';

const mebibyte = 1024 * 1024;
const layerBytes = [100 * mebibyte, 200 * mebibyte];
/** Many files of the usual sizes, as in a distribution, rather than a few huge ones. */
const maxFileBytes = 6 * mebibyte;
const roots = ['/usr/bin', '/usr/lib', '/usr/share', '/usr/sbin', '/usr/include', '/usr/src'];

/**
 * An image of 300 MiB in two layers, made of this machine's own /usr in the order of its names.
 * The first call takes about half a minute, later ones none.
 */
export async function makeLargeImage(): Promise<CachedImage> {
  return await cachedImage(recipe, build);
}

async function build(dir: string): Promise<CachedImage> {
  const tars: Buffer[] = [];
  for (const [index, list] of (await chooseFiles()).entries()) {
    const path = join(dir, `${String(index)}.tar`);
    await runTool(
      'tar',
      [
        ...['--create', '--file', path, '--directory', '/', '--no-recursion', '--format=gnu'],
        ...['--mtime=@1700000000', '--owner=0', '--group=0', '--numeric-owner'],
        ...['--null', '--files-from=-'],
      ],
      { input: list.map((name) => `${name}\0`).join('') },
    );
    tars.push(await readFile(path));
    await rm(path);
  }
  const image = await writeOciLayout(dir, tars, { refName: 'large' });
  return describeCached(image, tars);
}

/** Names below / for each layer: every directory before what is in it. */
async function chooseFiles(): Promise<string[][]> {
  const lists: string[][] = [];
  let list: string[] = [];
  let bytes = 0;
  for (const root of roots) {
    for await (const entry of walk(root)) {
      const wanted = layerBytes[lists.length];
      if (wanted === undefined) return lists;
      list.push(entry.name);
      bytes += entry.sizeBytes;
      if (bytes < wanted) continue;
      lists.push(list);
      list = [];
      bytes = 0;
    }
  }
  if (lists.length === layerBytes.length) return lists;
  throw new Error('The large image needs 300 MiB of files below /usr, and there are fewer.');
}

interface WalkedEntry {
  readonly name: string;
  readonly sizeBytes: number;
}

async function* walk(dir: string): AsyncGenerator<WalkedEntry> {
  yield { name: relative('/', dir), sizeBytes: 512 };
  const entries = await readdir(dir, { withFileTypes: true });
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isSymbolicLink()) yield { name: relative('/', path), sizeBytes: 512 };
    else if (entry.isFile()) {
      const { size, mode } = await stat(path);
      const readable = (mode & 0o004) !== 0;
      if (readable && size <= maxFileBytes)
        yield { name: relative('/', path), sizeBytes: size + 512 };
    }
  }
}
