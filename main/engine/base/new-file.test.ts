import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { writeNewFile } from './new-file.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skerry-new-file-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('gives a file its name once it is whole', async () => {
  const folder = await makeFolder();
  const path = join(folder, 'state');
  await writeNewFile(path, async (file) => {
    await file.write('half');
    expect(await readdir(folder)).not.toContain('state');
    await file.write(' and half');
  });
  expect(await readdir(folder)).toEqual(['state']);
  expect(await readFile(path, 'utf8')).toBe('half and half');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('leaves nothing of what fails', async () => {
  const folder = await makeFolder();
  const failing = writeNewFile(join(folder, 'state'), async (file) => {
    await file.write('half');
    throw new Error('It broke.');
  });
  await expect(failing).rejects.toThrow('It broke.');
  expect(await readdir(folder)).toEqual([]);
});

it('replaces nothing', async () => {
  const folder = await makeFolder();
  const path = join(folder, 'state');
  await writeFile(path, 'earlier');
  const writing = writeNewFile(path, async (file) => {
    await file.write('later');
  });
  await expect(writing).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readdir(folder)).toEqual(['state']);
  expect(await readFile(path, 'utf8')).toBe('earlier');
});
