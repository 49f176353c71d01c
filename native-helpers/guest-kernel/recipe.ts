/** Says whether guest assets that are there are those that would be built now. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A file that the assets are made by or from. */
export interface RecipeFile {
  /** Relative, so that the place of the checkout does not matter. */
  readonly name: string;
  readonly data: Uint8Array;
}

const keyLength = 16;

/** Hexadecimal digest of files and words, in the order given. */
export function hashRecipe(files: readonly RecipeFile[], words: readonly string[]): string {
  const hash = createHash('sha256');
  // Lengths keep the border between two parts from moving unnoticed.
  const add = (data: Uint8Array): void => {
    hash.update(`${String(data.length)}:`).update(data);
  };
  for (const file of files) {
    add(Buffer.from(file.name));
    add(file.data);
  }
  for (const word of words) add(Buffer.from(word));
  return hash.digest('hex').slice(0, keyLength);
}

const sourceFile = /(?:\.(?:c|h|ts)|^Makefile)$/;
const testFile = /(?:\.test\.ts$|(?:^|\/)(?:test|fuzz|golden)\/)/;

/** The sources under a folder, without those of its tests, sorted by name. */
export async function readRecipe(dir: string): Promise<RecipeFile[]> {
  const names = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .filter((name) => sourceFile.test(path.basename(name)) && !testFile.test(name))
    .sort();
  return Promise.all(
    names.map(async (name) => ({ name, data: await readFile(path.join(dir, name)) })),
  );
}
