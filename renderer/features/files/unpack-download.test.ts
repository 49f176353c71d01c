import { packTar } from 'modern-tar';
import { expect, it } from 'vitest';
import { unpackFile } from './unpack-download.ts';

const body = 'bytes of the file, '.repeat(100);

async function streamOf(entries: Parameters<typeof packTar>[0], chunkBytes = 700, cutBytes = 0) {
  const tar = await packTar(entries);
  const end = tar.length - cutBytes;
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at >= end) controller.close();
      else controller.enqueue(tar.slice(at, Math.min(end, at + chunkBytes)));
      at += chunkBytes;
    },
  });
}

function collect() {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let isAborted = false;
  const sink = new WritableStream<Uint8Array>({
    write: (chunk) => {
      chunks.push(Uint8Array.from(chunk));
    },
    abort: () => {
      isAborted = true;
    },
  });
  return { sink, text: () => new Blob(chunks).text(), isAborted: () => isAborted };
}

const file = { header: { name: 'a.txt', size: body.length, type: 'file' as const }, body };

it('gives the bytes of the file, however the archive is cut into pieces', async () => {
  for (const chunkBytes of [1, 511, 513, 1_000_000]) {
    const { sink, text } = collect();
    await unpackFile(await streamOf([file], chunkBytes), sink);
    expect(await text()).toBe(body);
  }
});

it('an archive that ends too early fails', async () => {
  const { sink, isAborted } = collect();
  await expect(unpackFile(await streamOf([file], 700, 2_000), sink)).rejects.toThrow();
  expect(isAborted()).toBe(true);
});

it('an archive without a file fails', async () => {
  const directory = { header: { name: 'd/', size: 0, type: 'directory' as const } };
  await expect(unpackFile(await streamOf([directory]), collect().sink)).rejects.toThrow('no file');
});

it('a place that takes no more fails it', async () => {
  const full = new WritableStream<Uint8Array>({
    write: () => {
      throw new Error('disk full');
    },
  });
  await expect(unpackFile(await streamOf([file]), full)).rejects.toThrow('disk full');
});
