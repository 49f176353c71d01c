import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../main/engine/testing/temporary-directory.ts';
import { mendKernel, mendsFor } from './mend-kernel.ts';

describe('the changes of the kernel', () => {
  const temporary = useTemporaryDirectory();
  const mends = mendsFor('x64');
  const file = (name: string): string => path.join(temporary.path, name);

  const lay = async (text: (from: string) => string): Promise<void> => {
    for (const { file: name, from } of mends) {
      await mkdir(path.dirname(file(name)), { recursive: true });
      await writeFile(file(name), text(from));
    }
  };

  it('are made once, however often they are asked for', async () => {
    await lay((from) => `above\n${from}below\n`);
    await mendKernel(temporary.path, mends);
    await mendKernel(temporary.path, mends);
    for (const { file: name, to } of mends) {
      expect(await readFile(file(name), 'utf8')).toBe(`above\n${to}below\n`);
    }
  });

  it.each([
    ['is not there', () => 'another version\n'],
    ['is there twice', (from: string) => from + from],
  ])('fail where the place %s', async (_what, text) => {
    await lay(text);
    await expect(mendKernel(temporary.path, mends)).rejects.toThrow(mends[0]?.file);
  });

  it('are fewer where there is no such code', () => {
    const files = mendsFor('arm64').map((mend) => mend.file);
    expect(files).toEqual(['crypto/algboss.c']);
  });
});
