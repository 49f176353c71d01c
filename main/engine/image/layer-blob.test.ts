import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AppError } from '../base/app-error.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { writeLayerBlob } from './layer-blob.ts';

const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

// eslint-disable-next-line @typescript-eslint/require-await -- a source that has all at once
async function* pieces(count: number, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(pieceBytes, String(i));
}

describe('writeLayerBlob', () => {
  const temporary = useTemporaryDirectory();
  const path = (): string => join(temporary.path, 'blob');
  const signal = new AbortController().signal;

  it('writes what it hashed', async () => {
    const heard: number[] = [];
    const maxTarBytes = 3_000_000;
    const written = await writeLayerBlob(path(), pieces(30, 100_000), {
      maxTarBytes,
      signal,
      onTarBytes: (bytes) => heard.push(bytes),
    });
    const blob = await readFile(path());
    const tar = gunzipSync(blob);
    expect(tar.length).toBe(3_000_000);
    expect(written).toEqual({
      digest: digestOf(blob),
      size: blob.length,
      diffId: digestOf(tar),
    });
    expect(heard.at(-1)).toBe(3_000_000);
  });

  it('ends a tar that is longer than it may be, and whoever gives it', async () => {
    let given = 0;
    let wasEnded = false;
    // eslint-disable-next-line @typescript-eslint/require-await -- a source that has all at once
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          given += 100_000;
          yield Buffer.alloc(100_000);
        }
      } finally {
        wasEnded = true;
      }
    };
    await expect(
      writeLayerBlob(path(), endless(), { maxTarBytes: 1_000_000, signal }),
    ).rejects.toMatchObject({ code: 'image/commit-failed' });
    expect(given).toBeLessThanOrEqual(1_100_000);
    expect(wasEnded).toBe(true);
  });

  it('fails with what the tar fails with', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield* pieces(1, 10);
      throw new AppError('agent/disconnected', 'Gone.');
    };
    await expect(
      writeLayerBlob(path(), failing(), { maxTarBytes: 1000, signal }),
    ).rejects.toMatchObject({ code: 'agent/disconnected' });
  });

  it('is cancelled in the middle', async () => {
    const abort = new AbortController();
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      yield* pieces(2, 100_000);
      abort.abort();
      await new Promise((resolve) => setImmediate(resolve));
      yield* pieces(2, 100_000);
    };
    await expect(
      writeLayerBlob(path(), slow(), { maxTarBytes: 1_000_000, signal: abort.signal }),
    ).rejects.toMatchObject({ code: 'operation/cancelled' });
  });
});
