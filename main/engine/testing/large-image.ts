/** A large image of real files, for benchmarks; made once and kept in the user's cache. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { runTool } from './run-tool.ts';
import { writeOciLayout } from './write-oci-layout.ts';

/** Raised when the recipe changes, so that what an older one made is not taken for it. */
const recipe = 'large-image-1';

const mebibyte = 1024 * 1024;
const layerBytes = [100 * mebibyte, 200 * mebibyte];
/** Many files of the usual sizes, as in a distribution, rather than a few huge ones. */
const maxFileBytes = 6 * mebibyte;
const roots = ['/usr/bin', '/usr/lib', '/usr/share', '/usr/sbin', '/usr/include', '/usr/src'];

/** An image in the cache. */
export interface CachedImage {
  readonly dir: string;
  readonly refName: string;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
}

/**
 * An image of 300 MiB in two layers, made of this machine's own /usr in the order of its names.
 * The first call takes about half a minute, later ones none.
 */
export async function makeLargeImage(): Promise<CachedImage> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const dir = join(cache, 'skerry', 'test-images', recipe);
  return (await readCached(dir)) ?? (await build(dir));
}

/** Written last, so that a directory that has it is whole. */
const summaryName = 'summary.json';

async function readCached(dir: string): Promise<CachedImage | undefined> {
  const text = await readFile(join(dir, summaryName), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : { ...(JSON.parse(text) as CachedImage), dir };
}

async function build(dir: string): Promise<CachedImage> {
  const building = `${dir}.${randomUUID()}`;
  await mkdir(building, { recursive: true });
  try {
    const lists = await chooseFiles();
    const tars: Buffer[] = [];
    for (const [index, list] of lists.entries()) {
      const path = join(building, `${String(index)}.tar`);
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
    const image = await writeOciLayout(building, tars, { refName: 'large' });
    const compressedBytes = image.layers.reduce((sum, { size }) => sum + size, 0);
    const unpackedBytes = tars.reduce((sum, { length }) => sum + length, 0);
    const summary = { refName: 'large', compressedBytes, unpackedBytes };
    await writeFile(join(building, summaryName), JSON.stringify(summary));
    await rename(building, dir).catch(async (error: unknown) => {
      // Another process may have been first; then its image serves as well.
      if ((await readCached(dir)) === undefined) throw error;
    });
    return { ...summary, dir };
  } finally {
    await rm(building, { recursive: true, force: true });
  }
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
