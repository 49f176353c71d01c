import { unpackTar } from 'modern-tar';
import { expect, it } from 'vitest';
import { contentBytes, packUpload, tarBytes, UnreadableFileError } from './pack-upload.ts';

const text = new TextDecoder();
const onLeftOut = (path: string) => {
  throw new Error(`${path} was left out.`);
};

/** A file that can be read up to here. */
function brokenFile(pieces: readonly Uint8Array[], size: number): File {
  const left = [...pieces];
  const file = new File([], 'broken');
  Object.defineProperties(file, {
    size: { value: size },
    stream: {
      value: () =>
        new ReadableStream({
          pull: (controller) => {
            const piece = left.shift();
            if (piece === undefined) throw new DOMException('changed', 'NotReadableError');
            controller.enqueue(piece);
          },
        }),
    },
  });
  return file;
}

it('packs directories and files, with names of any length and script', async () => {
  const long = `${'deep/'.repeat(60)}${'n'.repeat(120)}.txt`;
  const items = [
    { path: 'leer' },
    {
      path: 'größe.txt',
      file: new File(['äöü'], 'größe.txt', { lastModified: 1_700_000_000_000 }),
    },
    { path: long, file: new File(['far down'], 'x') },
    { path: 'none', file: new File([], 'none') },
  ];
  const entries = await unpackTar(packUpload(items, onLeftOut));
  expect(entries.map(({ header }) => header.name)).toEqual(['leer/', 'größe.txt', long, 'none']);
  expect(entries[0]?.header).toMatchObject({ type: 'directory', mode: 0o755 });
  expect(entries[1]?.header).toMatchObject({ type: 'file', mode: 0o644, size: 6 });
  expect(entries[1]?.header.mtime?.getTime()).toBe(1_700_000_000_000);
  expect(entries.map(({ data }) => (data === undefined ? '' : text.decode(data)))).toEqual([
    '',
    'äöü',
    'far down',
    '',
  ]);
});

it('counts the bytes of the tar', async () => {
  const items = [{ path: 'd' }, { path: 'd/a', file: new File(['x'.repeat(1_000)], 'a') }];
  const packed = await new Response(packUpload(items, onLeftOut)).arrayBuffer();
  expect(tarBytes(items)).toBe(packed.byteLength);
  expect(contentBytes(items)).toBe(1_000);
});

it('does not run ahead of who takes it', async () => {
  let read = 0;
  const endless = new File([], 'big');
  Object.defineProperties(endless, {
    size: { value: 1_000 * 1_048_576 },
    stream: {
      value: () =>
        new ReadableStream({
          pull: (controller) => {
            read += 1;
            controller.enqueue(new Uint8Array(1_048_576));
          },
        }),
    },
  });
  const reader = packUpload([{ path: 'big', file: endless }], onLeftOut).getReader();
  await reader.read();
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(read).toBeLessThan(20);
  await reader.cancel();
});

it('leaves out a file that cannot be read, and goes on', async () => {
  const leftOut: string[] = [];
  const items = [
    { path: 'a/gone', file: brokenFile([], 1) },
    { path: 'a/there', file: new File(['x'], 'there') },
  ];
  const entries = await unpackTar(packUpload(items, (path) => leftOut.push(path)));
  expect(entries.map(({ header }) => header.name)).toEqual(['a/there']);
  expect(leftOut).toEqual(['a/gone']);
});

it('fails with the name of the file that breaks off', async () => {
  const items = [{ path: 'a/half', file: brokenFile([new Uint8Array(10)], 20) }];
  await expect(new Response(packUpload(items, onLeftOut)).arrayBuffer()).rejects.toMatchObject({
    path: 'a/half',
  });
});

it('a file that is shorter by now fails the whole', async () => {
  const shrunk = new File(['long before'], 'shrunk');
  Object.defineProperty(shrunk, 'stream', { value: () => new Blob(['short']).stream() });
  await expect(
    new Response(packUpload([{ path: 'shrunk', file: shrunk }], onLeftOut)).arrayBuffer(),
  ).rejects.toBeInstanceOf(UnreadableFileError);
});
