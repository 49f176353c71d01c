/** What differs between two disks that have the same below them, by what each has above that. Pure. */
import { z } from 'zod';
import {
  fileChangeSchema,
  fileEntrySchema,
  maxListedFiles,
  type ChangedFile,
  type ChangedFiles,
} from '../../contract/files.ts';

/** A path that is not as it is below the disk. */
const listedChangeSchema = z.strictObject({
  path: z.string(),
  change: fileChangeSchema,
  kind: fileEntrySchema.shape.kind,
  sizeBytes: z.number(),
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
  modifiedAtMs: z.number(),
  /** Of a symlink. */
  target: z.string().optional(),
});

/** See {@link listedChangeSchema}. */
export type ListedChange = z.infer<typeof listedChangeSchema>;

/** All that a disk has above what is below it. */
export const changeListSchema = z.strictObject({
  version: z.literal(1),
  files: z.array(listedChangeSchema).max(maxListedFiles),
  isTruncated: z.boolean(),
});

/** See {@link changeListSchema}. */
export type ChangeList = z.infer<typeof changeListSchema>;

/** What both began with: nothing is changed. */
export const noChanges: ChangeList = { version: 1, files: [], isTruncated: false };

/**
 * What `to` has that `from` has not, by path. A file is the same where its size, time, mode, kind
 * and owner are.
 */
export function compareChanges(from: ChangeList, to: ChangeList): ChangedFiles {
  const before = new Map(from.files.map((file) => [file.path, file]));
  const after = new Map(to.files.map((file) => [file.path, file]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const files = paths.flatMap((path) => differenceOf(path, before.get(path), after.get(path)));
  return {
    files: files.slice(0, maxListedFiles),
    // What a list has left out may be changed, or not.
    isTruncated: from.isTruncated || to.isTruncated || files.length > maxListedFiles,
  };
}

function differenceOf(
  path: string,
  before: ListedChange | undefined,
  after: ListedChange | undefined,
): ChangedFile[] {
  if (before === undefined) return after === undefined ? [] : [changed(path, after.change, after)];
  if (after === undefined) return undone(path, before);
  if (after.change === 'removed') {
    return before.change === 'removed' ? [] : [changed(path, 'removed', before)];
  }
  if (before.change === 'removed') return [changed(path, 'added', after)];
  return isSame(before, after) ? [] : [changed(path, 'modified', after)];
}

/** `from` had changed what `to` has as it is below. */
function undone(path: string, before: ListedChange): ChangedFile[] {
  switch (before.change) {
    case 'added':
      return [changed(path, 'removed', before)];
    case 'removed':
      return [{ path, change: 'added' }];
    case 'modified':
      return [{ path, change: 'modified' }];
  }
}

function isSame(one: ListedChange, other: ListedChange): boolean {
  return (
    one.kind === other.kind &&
    one.mode === other.mode &&
    one.uid === other.uid &&
    one.gid === other.gid &&
    one.target === other.target &&
    // A directory's time and size are of what is in it, which is told by itself.
    (one.kind === 'directory' ||
      (one.sizeBytes === other.sizeBytes && one.modifiedAtMs === other.modifiedAtMs))
  );
}

function changed(
  path: string,
  change: ChangedFile['change'],
  { kind, sizeBytes }: ListedChange,
): ChangedFile {
  return { path, change, kind, sizeBytes };
}
