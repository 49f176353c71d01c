import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { ReferenceIndex } from './reference-index.ts';

const entry = { digest: `sha256:${'a'.repeat(64)}`, pulledAtMs: 1_700_000_000_000 };
const other = { digest: `sha256:${'b'.repeat(64)}`, pulledAtMs: 1_700_000_000_001 };
const name = 'docker.io/library/alpine:latest';

describe('ReferenceIndex', () => {
  const temporary = useTemporaryDirectory();
  const path = (): string => join(temporary.path, 'images.json');

  it('is empty without a file, and makes none by being opened', async () => {
    const index = await ReferenceIndex.open(path());
    expect(index.entries()).toEqual([]);
    await expect(readFile(path())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('remembers what it was told', async () => {
    const index = await ReferenceIndex.open(path());
    await index.set(name, entry);
    await index.set('localhost:5000/app:1', entry);
    await index.set(name, other);
    await index.delete('localhost:5000/app:1');
    await index.delete('never/there:1');
    const again = await ReferenceIndex.open(path());
    expect(again.entries()).toEqual([[name, other]]);
    expect(again.get(name)).toEqual(other);
    expect(again.get('constructor')).toBeUndefined();
  });

  it('forgets several at once, and marks every name of a manifest as used', async () => {
    const index = await ReferenceIndex.open(path());
    const withIndex = { ...entry, indexDigest: other.digest };
    await index.set('docker.io/a/a:1', withIndex);
    await index.set('docker.io/a/a:2', entry);
    await index.set('docker.io/a/b:1', other);
    await index.set('docker.io/a/c:1', other);
    let changes = 0;
    index.onChange = () => {
      changes += 1;
    };
    await index.delete('docker.io/a/c:1', 'docker.io/a/b:1', 'never/there:1');
    await index.markUsed(entry.digest, 5);
    // What changes nothing is no change.
    await index.delete('never/there:1');
    await index.markUsed(other.digest, 5);
    expect(changes).toBe(2);
    expect((await ReferenceIndex.open(path())).entries()).toEqual([
      ['docker.io/a/a:1', { ...withIndex, usedAtMs: 5 }],
      ['docker.io/a/a:2', { ...entry, usedAtMs: 5 }],
    ]);
  });

  it('loses none of many changes at once', async () => {
    const index = await ReferenceIndex.open(path());
    const names = Array.from({ length: 30 }, (_, number) => `docker.io/team/app:${String(number)}`);
    await Promise.all(names.map((each) => index.set(each, entry)));
    const again = await ReferenceIndex.open(path());
    expect(again.entries().map(([each]) => each)).toEqual(names);
  });

  it.each([
    ['no JSON', '{"schemaVersion":1,"ima'],
    ['an empty file', ''],
    ['a later schema', '{"schemaVersion":2,"images":{}}'],
    [
      'a digest that is a path',
      JSON.stringify({ schemaVersion: 1, images: { x: { ...entry, digest: '../x' } } }),
    ],
    [
      'an index that is a path',
      JSON.stringify({ schemaVersion: 1, images: { x: { ...entry, indexDigest: '../x' } } }),
    ],
  ])('says that the file is damaged, and leaves it: %s', async (_, text) => {
    await writeFile(path(), text);
    await expect(ReferenceIndex.open(path())).rejects.toMatchObject({
      code: 'store/corrupt',
      message: expect.stringContaining(path()) as string,
    });
    expect(await readFile(path(), 'utf8')).toBe(text);
  });

  it('stays as it was where the file cannot be written, and works again afterwards', async () => {
    const index = await ReferenceIndex.open(path());
    await mkdir(join(path(), 'in-the-way'), { recursive: true });
    await expect(index.set(name, entry)).rejects.toMatchObject({ code: 'EISDIR' });
    expect(index.get(name)).toBeUndefined();
    await rm(path(), { recursive: true });
    await index.set(name, other);
    expect((await ReferenceIndex.open(path())).get(name)).toEqual(other);
  });
});
