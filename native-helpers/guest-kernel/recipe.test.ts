import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../main/engine/testing/temporary-directory.ts';
import { hashRecipe, readRecipe } from './recipe.ts';

const file = (name: string, text: string): { name: string; data: Uint8Array } => {
  return { name, data: Buffer.from(text) };
};

describe('hashRecipe', () => {
  it('is the same for the same parts', () => {
    expect(hashRecipe([file('a', '1')], ['x'])).toBe(hashRecipe([file('a', '1')], ['x']));
    expect(hashRecipe([file('a', '1')], ['x'])).toMatch(/^[0-9a-f]{16}$/);
  });

  it('changes with a name, a content, a word, and the borders between them', () => {
    const hashes = [
      hashRecipe([file('a', '1')], ['x']),
      hashRecipe([file('b', '1')], ['x']),
      hashRecipe([file('a', '2')], ['x']),
      hashRecipe([file('a', '1')], ['y']),
      hashRecipe([file('a1', '')], ['x']),
      hashRecipe([file('a', '1')], ['x', '']),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('readRecipe', () => {
  const directory = useTemporaryDirectory();

  it('reads what is built from, and neither tests nor what was built', async () => {
    const write = async (name: string): Promise<void> => {
      await mkdir(path.dirname(path.join(directory.path, name)), { recursive: true });
      await writeFile(path.join(directory.path, name), name);
    };
    const sources = ['Makefile', 'build.ts', 'src/main.c', 'src/main.h'];
    const others = ['build.test.ts', 'test/codec-test.c', 'golden/frames.txt', 'README.md', 'a.o'];
    for (const name of [...sources, ...others]) await write(name);
    const recipe = await readRecipe(directory.path);
    expect(recipe.map(({ name }) => name)).toEqual(sources);
    expect(recipe.map(({ data }) => Buffer.from(data).toString())).toEqual(sources);
  });
});
