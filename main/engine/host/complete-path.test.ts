import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { completePath } from './complete-path.ts';

describe('completePath', () => {
  const temporary = useTemporaryDirectory();
  const at = (name: string) => path.join(temporary.path, name);

  beforeEach(async () => {
    await mkdir(at('data'));
    await mkdir(at('.hidden'));
    await writeFile(at('a-file'), '');
    await writeFile(at('dark'), '');
  });

  it('lists directories first, each with a slash behind it', async () => {
    expect(await completePath(`${temporary.path}/`)).toEqual([
      { path: `${at('data')}/`, kind: 'directory' },
      { path: at('a-file'), kind: 'file' },
      { path: at('dark'), kind: 'file' },
    ]);
  });

  it('takes what begins as was typed, hidden ones after a dot', async () => {
    const paths = async (prefix: string) => (await completePath(prefix)).map((one) => one.path);
    expect(await paths(at('da'))).toEqual([`${at('data')}/`, at('dark')]);
    expect(await paths(`${temporary.path}/.`)).toEqual([`${at('.hidden')}/`]);
  });

  it('knows the home directory', async () => {
    expect(await completePath('~/da', temporary.path)).toHaveLength(2);
  });

  it.each(['', 'data', './data', '/nowhere/at/all', '/\0'])(
    'finds nothing at %j',
    async (prefix) => {
      expect(await completePath(prefix)).toEqual([]);
    },
  );

  it('lists no more than can be chosen from', async () => {
    await Promise.all(
      Array.from({ length: 150 }, (_, n) => writeFile(at(`many-${String(n)}`), '')),
    );
    expect(await completePath(at('many'))).toHaveLength(100);
  });
});
