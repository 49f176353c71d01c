import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../main/engine/testing/temporary-directory.ts';
import { chooseKernel, OwnKernelMissingError, wordOf } from './kernel-choice.ts';
import { buildOwnKernel, findOwnKernel, kernelRecipe } from './own-kernel.ts';

const directory = useTemporaryDirectory();
const { arch } = process;

/** A kernel in the cache of this test, as a build leaves it. */
async function install(key: string, overrides: object = {}, builtAt = new Date()): Promise<string> {
  const dir = path.join(directory.path, key);
  await mkdir(dir);
  const description = {
    key,
    recipe: (await kernelRecipe(arch)).recipe,
    source: 'linux-source-6.1 6.1.1-1',
    compiler: 'cc',
    release: '6.1.1-skerry',
    ...overrides,
  };
  await writeFile(path.join(dir, 'kernel.json'), JSON.stringify(description));
  await writeFile(path.join(dir, 'vmlinux'), 'an image');
  await writeFile(path.join(dir, 'config'), 'CONFIG_TUN=y\n');
  await utimes(dir, builtAt, builtAt);
  return dir;
}

const find = () => findOwnKernel({ kernelsDir: directory.path, arch });
const first = '0123456789abcdef';
const second = 'fedcba9876543210';

describe('findOwnKernel', () => {
  it('finds the one that was built last', async () => {
    await install(first, {}, new Date(1000));
    const dir = await install(second, {}, new Date(2000));
    expect(await find()).toMatchObject({ key: second, dir, imagePath: path.join(dir, 'vmlinux') });
  });

  it('passes over one of another recipe', async () => {
    await install(first, {}, new Date(1000));
    await install(second, { recipe: 'another' }, new Date(2000));
    expect(await find()).toMatchObject({ key: first });
  });

  it.each([
    ['without its image', (dir: string) => rm(path.join(dir, 'vmlinux'))],
    ['without its configuration', (dir: string) => rm(path.join(dir, 'config'))],
    [
      'with a damaged description',
      (dir: string) => writeFile(path.join(dir, 'kernel.json'), '{"k'),
    ],
  ])('passes over one %s', async (_, damage) => {
    await damage(await install(first));
    expect(await find()).toBeUndefined();
  });

  it('passes over what a build that was killed left behind', async () => {
    await install('building-abcdef');
    expect(await find()).toBeUndefined();
  });

  it('finds none where there is no folder', async () => {
    const kernelsDir = path.join(directory.path, 'none');
    expect(await findOwnKernel({ kernelsDir, arch })).toBeUndefined();
  });
});

describe('buildOwnKernel', () => {
  it('builds nothing, and asks nobody, where there is one of the recipe', async () => {
    await install(first);
    const built = await buildOwnKernel({ kernelsDir: directory.path, arch });
    expect(built).toMatchObject({ key: first, found: true });
  });
});

describe('chooseKernel', () => {
  const choose = (wish: 'own' | 'debian' | 'auto') =>
    chooseKernel({ wish, kernelsDir: directory.path, arch });

  it('takes the own kernel where it is built, unless told otherwise', async () => {
    await install(first);
    expect(await choose('auto')).toMatchObject({ kind: 'own', kernel: { key: first } });
    expect(await choose('own')).toMatchObject({ kind: 'own' });
    expect(await choose('debian')).toEqual({ kind: 'debian' });
  });

  it('says how to build it where it is wanted and not there', async () => {
    expect(await choose('auto')).toEqual({ kind: 'debian' });
    await expect(choose('own')).rejects.toThrow(OwnKernelMissingError);
    await expect(choose('own')).rejects.toThrow('npm run kernel');
  });

  it('tells assets of two kernels apart', async () => {
    await install(first);
    const own = await choose('own');
    expect(wordOf(own)).toContain(first);
    expect(wordOf(own)).not.toBe(wordOf({ kind: 'debian' }));
  });
});
