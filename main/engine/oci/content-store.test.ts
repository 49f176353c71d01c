import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { BlobWriter } from './blob-writer.ts';
import { ContentStore, type BlobFill } from './content-store.ts';
import { digestOf } from './digest.ts';
import type { Descriptor } from './image-source.ts';

function describeBlob(bytes: Uint8Array): Descriptor {
  return { mediaType: 'application/octet-stream', digest: digestOf(bytes), size: bytes.length };
}

/** A fill that sends the bytes from where the writer is, in pieces. */
function sending(bytes: Uint8Array, pieceBytes = 1000): BlobFill {
  return {
    source: 'a test',
    fill: async (writer) => {
      for (let at = writer.offset; at < bytes.length; at += pieceBytes) {
        await writer.write(bytes.subarray(at, at + pieceBytes));
      }
    },
  };
}

const blob = Buffer.alloc(3_000_000, 'some bytes of a blob ');
const descriptor = describeBlob(blob);

describe('ContentStore', () => {
  const temporary = useTemporaryDirectory();
  const open = (): Promise<ContentStore> => ContentStore.open(temporary.path);
  const partialPath = (): string =>
    join(temporary.path, 'partial', descriptor.digest.replace('sha256:', ''));

  it('keeps a blob under its digest, for its owner alone', async () => {
    const store = await open();
    expect(await store.has(descriptor.digest)).toBe(false);
    await store.ensureBlob(descriptor, sending(blob));
    expect(await store.has(descriptor.digest)).toBe(true);
    expect(blob.equals(await readFile(store.blobPath(descriptor.digest)))).toBe(true);
    expect((await stat(store.blobPath(descriptor.digest))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(temporary.path, 'partial'))).toEqual([]);
  });

  it('keeps an empty blob', async () => {
    const store = await open();
    const empty = describeBlob(new Uint8Array());
    await store.ensureBlob(empty, sending(new Uint8Array()));
    expect(await store.readBlob(empty.digest, 0)).toHaveLength(0);
  });

  it('restores no blob from the file of a fetch that is under way', async () => {
    const store = await open();
    let restored: boolean | undefined;
    const fill: BlobFill['fill'] = async (writer, signal) => {
      await sending(blob).fill(writer, signal);
      await writer.sync();
      restored = await store.restoreFromPartial(descriptor.digest);
    };
    await store.ensureBlob(descriptor, { source: 'a test', fill });
    expect(restored).toBe(false);
    expect(blob.equals(await readFile(store.blobPath(descriptor.digest)))).toBe(true);
  });

  it('lets a fetch that begins meanwhile have what is restored, and else fetch it', async () => {
    const store = await open();
    for (const left of [blob, blob.subarray(0, 1000)]) {
      await store.remove(descriptor.digest);
      await writeFile(partialPath(), left);
      const [restored] = await Promise.all([
        store.restoreFromPartial(descriptor.digest),
        store.ensureBlob(descriptor, sending(blob)),
      ]);
      expect(restored).toBe(left === blob);
      expect(blob.equals(await readFile(store.blobPath(descriptor.digest)))).toBe(true);
      expect(await readdir(join(temporary.path, 'partial'))).toEqual([]);
    }
  });

  it('finds what an earlier process kept', async () => {
    await (await open()).ensureBlob(descriptor, sending(blob));
    const calls: number[] = [];
    const refuse: BlobFill = {
      source: 'nowhere',
      fill: () => Promise.reject(new Error('This must not be asked for.')),
    };
    await (await open()).ensureBlob(descriptor, refuse, { onProgress: (done) => calls.push(done) });
    expect(calls).toEqual([blob.length]);
  });

  it('reports bytes in order up to the whole', async () => {
    const calls: [number, number][] = [];
    const onProgress = (done: number, total: number): void => void calls.push([done, total]);
    await (await open()).ensureBlob(descriptor, sending(blob, 1_000_000), { onProgress });
    expect(calls).toEqual([
      [1_000_000, 3_000_000],
      [2_000_000, 3_000_000],
      [3_000_000, 3_000_000],
    ]);
  });

  it.each([
    'sha256:../../../etc/passwd',
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'a'.repeat(64)}/x`,
    `sha512:${'a'.repeat(128)}`,
    '',
  ])('makes no path of %j', async (digest) => {
    const store = await open();
    expect(() => store.blobPath(digest)).toThrow('is not a sha256 digest');
    await expect(store.has(digest)).rejects.toMatchObject({ code: 'image/unsupported' });
  });

  it('refuses other bytes of the right length, and forgets them', async () => {
    const store = await open();
    const other = Buffer.alloc(blob.length, 'other bytes');
    await expect(store.ensureBlob(descriptor, sending(other))).rejects.toMatchObject({
      code: 'registry/digest-mismatch',
    });
    expect(await store.has(descriptor.digest)).toBe(false);
    expect(existsSync(partialPath())).toBe(false);
  });

  it('refuses the first byte too many', async () => {
    const store = await open();
    let written = 0;
    const endless: BlobFill = {
      source: 'a test',
      fill: async (writer) => {
        for (;;) {
          await writer.write(blob.subarray(0, 999_999));
          written += 1;
        }
      },
    };
    await expect(store.ensureBlob(descriptor, endless)).rejects.toMatchObject({
      code: 'registry/digest-mismatch',
    });
    expect(written).toBe(3);
  });

  it('refuses a fill that ends early', async () => {
    const store = await open();
    await expect(store.ensureBlob(descriptor, sending(blob.subarray(0, 10)))).rejects.toMatchObject(
      { code: 'registry/digest-mismatch' },
    );
  });

  it('goes on from what a failed fetch left', async () => {
    const broken: BlobFill = {
      source: 'a test',
      fill: async (writer) => {
        await writer.write(blob.subarray(0, 1_234_567));
        throw new Error('the line is cut');
      },
    };
    await expect((await open()).ensureBlob(descriptor, broken)).rejects.toThrow('the line is cut');
    expect((await stat(partialPath())).size).toBe(1_234_567);
    const offsets: number[] = [];
    const rest: BlobFill = {
      source: 'a test',
      fill: async (writer, signal) => {
        offsets.push(writer.offset);
        await sending(blob).fill(writer, signal);
      },
    };
    await (await open()).ensureBlob(descriptor, rest);
    expect(offsets).toEqual([1_234_567]);
  });

  it('needs no fetch where the partial file is whole already', async () => {
    const store = await open();
    await writeFile(partialPath(), blob);
    await store.ensureBlob(descriptor, {
      source: 'nowhere',
      fill: () => Promise.reject(new Error('This must not be asked for.')),
    });
    expect(await store.has(descriptor.digest)).toBe(true);
  });

  it.each([
    ['the right length', 3_000_000],
    ['fewer bytes', 500_000],
    ['more bytes', 3_000_001],
  ])('starts anew where the partial file holds wrong bytes: %s', async (_, length) => {
    const store = await open();
    await writeFile(partialPath(), Buffer.alloc(length, 0));
    await store.ensureBlob(descriptor, sending(blob));
    expect(blob.equals(await store.readBlob(descriptor.digest, blob.length))).toBe(true);
  });

  it('does not write through a symlink in the place of a partial file', async () => {
    const store = await open();
    const victim = join(temporary.path, 'victim');
    await writeFile(victim, 'untouched');
    await symlink(victim, partialPath());
    await expect(store.ensureBlob(descriptor, sending(blob))).rejects.toMatchObject({
      code: 'ELOOP',
    });
    expect(await readFile(victim, 'utf8')).toBe('untouched');
  });

  it('fetches once for all who ask at the same time, and one can leave', async () => {
    const store = await open();
    const gate = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    let fills = 0;
    const slow: BlobFill = {
      source: 'a test',
      fill: async (writer, signal) => {
        fills += 1;
        begun.resolve(undefined);
        await gate.promise;
        await sending(blob).fill(writer, signal);
      },
    };
    const abort = new AbortController();
    const leaving = store.ensureBlob(descriptor, slow, { signal: abort.signal });
    const staying = [1, 2].map(() => store.ensureBlob(descriptor, slow));
    await begun.promise;
    abort.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'operation/cancelled' });
    gate.resolve(undefined);
    await Promise.all(staying);
    expect(fills).toBe(1);
  });

  it('tells a descriptor with a false size from a damaged blob', async () => {
    const store = await open();
    await store.ensureBlob(descriptor, sending(blob));
    const lying = { ...descriptor, size: descriptor.size + 1 };
    await expect(store.ensureBlob(lying, sending(blob))).rejects.toMatchObject({
      code: 'registry/digest-mismatch',
    });
    await writeFile(store.blobPath(descriptor.digest), 'cut short');
    await store.ensureBlob(descriptor, sending(blob));
    expect((await stat(store.blobPath(descriptor.digest))).size).toBe(blob.length);
  });

  it('says that a blob is missing, too long, or damaged', async () => {
    const store = await open();
    const corrupt = { code: 'store/corrupt' };
    await expect(store.readBlob(descriptor.digest, 10)).rejects.toMatchObject(corrupt);
    const digest = await store.writeBlob(Buffer.from('text'));
    expect(Buffer.from(await store.readBlob(digest, 4)).toString()).toBe('text');
    await expect(store.readBlob(digest, 3)).rejects.toMatchObject(corrupt);
    await writeFile(store.blobPath(digest), 'tExt');
    await expect(store.readBlob(digest, 4)).rejects.toMatchObject(corrupt);
  });

  it('imports a file, and refuses another one', async () => {
    const store = await open();
    const path = join(temporary.path, 'file');
    await writeFile(path, Buffer.alloc(blob.length, 'wrong'));
    await expect(store.importBlob(descriptor, path)).rejects.toMatchObject({
      code: 'registry/digest-mismatch',
    });
    expect(await readdir(join(temporary.path, 'partial'))).toEqual([]);
    await writeFile(path, blob);
    await store.importBlob(descriptor, path);
    expect(await store.has(descriptor.digest)).toBe(true);
  });

  it('takes a directory in the place of a blob for none', async () => {
    const store = await open();
    await mkdir(store.blobPath(descriptor.digest));
    expect(await store.has(descriptor.digest)).toBe(false);
  });
});

describe.runIf(existsSync('/dev/full'))('BlobWriter on a full disk', () => {
  it('says that there is no space', async () => {
    const writer = await BlobWriter.open('/dev/full', descriptor);
    const write = async (): Promise<void> => {
      await writer.write(blob);
      await writer.sync();
    };
    await expect(write()).rejects.toMatchObject({ code: 'store/no-space' });
    await writer.close().catch(() => undefined);
  });
});
