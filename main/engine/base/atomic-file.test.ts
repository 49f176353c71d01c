import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { writeFileAtomic } from './atomic-file.ts';

describe('writeFileAtomic', () => {
  const temporary = useTemporaryDirectory();

  it('makes a file that only its owner reads', async () => {
    const path = join(temporary.path, 'new.json');
    await writeFileAtomic(path, '{"a":1}');
    expect(await readFile(path, 'utf8')).toBe('{"a":1}');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('replaces what was there and leaves nothing beside it', async () => {
    const path = join(temporary.path, 'record.json');
    await writeFile(path, 'a longer text than the new one');
    await writeFileAtomic(path, new Uint8Array([110, 101, 119]));
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(temporary.path)).toEqual(['record.json']);
  });

  it('keeps the old one and removes its own file when the rename fails', async () => {
    const path = join(temporary.path, 'taken');
    await mkdir(join(path, 'inside'), { recursive: true });
    await expect(writeFileAtomic(path, 'text')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(temporary.path)).toEqual(['taken']);
  });

  it('leaves one whole version when many write at once', async () => {
    const path = join(temporary.path, 'many');
    const versions = Array.from({ length: 20 }, (_, index) => String(index).repeat(5000));
    await Promise.all(versions.map((version) => writeFileAtomic(path, version)));
    expect(versions).toContain(await readFile(path, 'utf8'));
    expect(await readdir(temporary.path)).toEqual(['many']);
  });
});
