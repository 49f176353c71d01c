import { expect, it } from 'vitest';
import { entriesOf, itemsOfEntries, itemsOfFiles } from './upload-items.ts';

interface Tree {
  readonly [name: string]: string | Tree;
}

/** Entries as a browser gives them: a hundred at a time. */
function entryOf(name: string, content: string | Tree): FileSystemEntry {
  if (typeof content === 'string') {
    const entry: Partial<FileSystemFileEntry> = {
      ...{ name, isFile: true, isDirectory: false },
      file: (found) => {
        found(new File([content], name));
      },
    };
    return entry as FileSystemEntry;
  }
  const children = Object.entries(content).map(([child, of]) => entryOf(child, of));
  const entry: Partial<FileSystemDirectoryEntry> = {
    ...{ name, isFile: false, isDirectory: true },
    createReader: () => {
      const left = [...children];
      return {
        readEntries: (found: (some: FileSystemEntry[]) => void) => {
          found(left.splice(0, 100));
        },
      };
    },
  };
  return entry as FileSystemEntry;
}

it('walks directories, also empty ones, each before what is in it', async () => {
  const items = await itemsOfEntries([
    entryOf('app', { src: { 'a.txt': 'a' }, empty: {}, 'b.txt': 'bb' }),
    entryOf('c.txt', 'ccc'),
  ]);
  expect(items.map(({ path, file }) => [path, file?.size])).toEqual([
    ['app', undefined],
    ['app/src', undefined],
    ['app/src/a.txt', 1],
    ['app/empty', undefined],
    ['app/b.txt', 2],
    ['c.txt', 3],
  ]);
});

it('reads a directory of more than one answer', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 250 }, (_, index) => [`f${String(index)}`, 'x']),
  );
  expect(await itemsOfEntries([entryOf('many', files)])).toHaveLength(251);
});

it('a file that cannot be read fails the whole', async () => {
  const entry: Partial<FileSystemFileEntry> = {
    ...{ name: 'gone', isFile: true, isDirectory: false },
    file: (_found, failed) => {
      failed?.(new DOMException('gone', 'NotFoundError'));
    },
  };
  await expect(itemsOfEntries([entry as FileSystemEntry])).rejects.toThrow('gone');
});

it('makes the directories of files from a chooser', () => {
  const withPath = (path: string) =>
    Object.defineProperty(new File(['x'], path.split('/').at(-1) ?? ''), 'webkitRelativePath', {
      value: path,
    });
  expect(
    itemsOfFiles([withPath('app/src/a'), withPath('app/src/b'), withPath('app/c')]).map(
      ({ path }) => path,
    ),
  ).toEqual(['app', 'app/src', 'app/src/a', 'app/src/b', 'app/c']);
});

it('a pasted picture is a file without an entry', async () => {
  const picture = Object.defineProperty(new File(['x'], 'image.png'), 'webkitRelativePath', {
    value: '',
  });
  const item = { kind: 'file', webkitGetAsEntry: () => null };
  const transfer = { items: [item], files: [picture] } as unknown as DataTransfer;
  expect((await entriesOf(transfer)?.())?.map(({ path }) => path)).toEqual(['image.png']);
});

it('text that is dropped is no file', () => {
  const transfer = { items: [{ kind: 'string' }], files: [] } as unknown as DataTransfer;
  expect(entriesOf(transfer)).toBeUndefined();
});
