/** Names that are there already when files come. Pure. */
import type { UploadItem } from './upload-items.ts';

/** What to do with what comes under a name that is taken. */
export type ConflictChoice = 'replace' | 'keep-both' | 'skip';

/** `notes.txt` becomes `notes (2).txt`, or the first number that is free. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  // A name that only begins with a dot has no extension, and neither has a directory's `.d`.
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 2; ; number += 1) {
    const candidate = `${stem} (${String(number)})${extension}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** The first parts of what comes, each once. */
export function topNames(items: readonly UploadItem[]): string[] {
  return [...new Set(items.map(({ path }) => path.split('/', 1)[0] ?? ''))];
}

/** What is to be sent after the choice; `taken` are the names of the directory. */
export function applyChoice(
  items: readonly UploadItem[],
  taken: ReadonlySet<string>,
  choice: ConflictChoice,
): readonly UploadItem[] {
  if (choice === 'replace') return items;
  const inTheWay = topNames(items).filter((name) => taken.has(name));
  if (choice === 'skip') {
    return items.filter(({ path }) => !inTheWay.includes(path.split('/', 1)[0] ?? ''));
  }
  const used = new Set([...taken, ...topNames(items)]);
  const renamed = new Map<string, string>();
  for (const name of inTheWay) {
    const free = freeName(name, used);
    used.add(free);
    renamed.set(name, free);
  }
  return items.map((item) => {
    const [top = '', ...rest] = item.path.split('/');
    return { ...item, path: [renamed.get(top) ?? top, ...rest].join('/') };
  });
}
