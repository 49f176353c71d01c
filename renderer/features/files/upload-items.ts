/** What a drop, a paste or a file chooser brings, as relative paths: directories before their files. */

/** One file or directory to send; a directory has no file. */
export interface UploadItem {
  /** Relative, `/` between parts. */
  readonly path: string;
  readonly file?: File;
}

/** Most files and directories of one upload. */
export const maxUploadItems = 200_000;

/** More than {@link maxUploadItems} at once. */
export class TooManyFilesError extends Error {
  override readonly name = 'TooManyFilesError';
}

/** Of `<input type=file>`, with `webkitdirectory` or without; directories are said by their files alone. */
export function itemsOfFiles(files: Iterable<File>): UploadItem[] {
  const items: UploadItem[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    const path = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const directory = parts.slice(0, depth).join('/');
      if (!seen.has(directory)) items.push({ path: directory });
      seen.add(directory);
    }
    items.push({ path, file });
    if (items.length > maxUploadItems) throw new TooManyFilesError();
  }
  return items;
}

/**
 * The entries of a drop or paste. To be called while its event is handled: afterwards the browser
 * has taken them away. A browser without entries gives files alone.
 */
export function entriesOf(
  transfer: Pick<DataTransfer, 'items' | 'files'>,
): (() => Promise<UploadItem[]>) | undefined {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  if (items.length === 0) return undefined;
  const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  // A pasted picture is a file without an entry.
  const files = entries.length === items.length ? [] : [...transfer.files];
  return entries.length === items.length
    ? () => itemsOfEntries(entries)
    : () => Promise.resolve(itemsOfFiles(files));
}

/** Walks entries, directories with all that is in them, also empty ones (File and Directory Entries API). */
export async function itemsOfEntries(entries: readonly FileSystemEntry[]): Promise<UploadItem[]> {
  const items: UploadItem[] = [];
  const waiting = entries.map((entry) => ({ entry, path: entry.name })).toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { entry, path } = next;
    if (items.length >= maxUploadItems) throw new TooManyFilesError();
    if (isDirectoryEntry(entry)) {
      items.push({ path });
      const children = await readAll(entry);
      for (const child of children.toReversed()) {
        waiting.push({ entry: child, path: `${path}/${child.name}` });
      }
    } else if (isFileEntry(entry)) {
      items.push({
        path,
        file: await new Promise<File>((resolve, reject) => {
          entry.file(resolve, reject);
        }),
      });
    }
  }
  return items;
}

function isDirectoryEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

async function readAll(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  // It gives a hundred at a time, and none when there are no more.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all;
    all.push(...some);
    if (all.length > maxUploadItems) throw new TooManyFilesError();
  }
}
