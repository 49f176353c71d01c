import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError, toErrorData } from '../base/app-error.ts';
import { runTool } from '../testing/run-tool.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { readJsonFile } from './read-json-file.ts';

describe('readJsonFile', () => {
  const temporary = useTemporaryDirectory();
  const schema = z.object({ password: z.string() });
  const read = async (file: string) => await readJsonFile(path.join(temporary.path, file), schema);

  async function problemOf(file: string): Promise<AppError> {
    const error: unknown = await read(file).catch((caught: unknown) => caught);
    if (!(error instanceof AppError)) throw new Error('It was read.');
    expect(error.code).toBe('credentials/unreadable');
    expect(error.message).toContain(path.join(temporary.path, file));
    return error;
  }

  it('reads a file, also where a link leads to it', async () => {
    await writeFile(path.join(temporary.path, 'file'), '{"password":"sesame"}');
    await symlink('file', path.join(temporary.path, 'link'));
    expect(await read('link')).toEqual({ password: 'sesame' });
  });

  it('is content where there is none', async () => {
    expect(await read('none')).toBeUndefined();
    await writeFile(path.join(temporary.path, 'file'), '');
    expect(await read('file/none')).toBeUndefined();
  });

  it.each([
    ['is not JSON', '{"password":"sesame"'],
    ['has another form', '{"password":["sesame"]}'],
    ['too large', `{"password":"sesame","more":"${'x'.repeat(1024 * 1024)}"}`],
  ])('says of a file that it %s, and nothing of what is in it', async (words, text) => {
    await writeFile(path.join(temporary.path, 'file'), text);
    const error = await problemOf('file');
    expect(error.message).toContain(words);
    expect(JSON.stringify(toErrorData(error)) + String(error.cause)).not.toContain('sesame');
  });

  it('waits for no pipe, and reads no directory', async () => {
    await runTool('mkfifo', [path.join(temporary.path, 'pipe')]);
    expect((await problemOf('pipe')).message).toContain('not a file');
    await mkdir(path.join(temporary.path, 'directory'));
    expect((await problemOf('directory')).message).toContain('not a file');
  });
});
