/** What lies in the directory of a store, and how much of the disk it takes. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../base/disk-error.ts';
import { Limiter } from '../../base/limiter.ts';
import { partKey, type PartKey, type PartKind } from './part-key.ts';

/** A part that is there. */
export interface StoredPart {
  readonly key: PartKey;
  readonly kind: PartKind;
  readonly digest: string;
  /** In the order in which they have to go. */
  readonly paths: readonly string[];
  /** On the disk; holes count nothing. */
  readonly bytes: number;
}

/** What a scan found. */
export interface StoreScan {
  readonly parts: readonly StoredPart[];
  /** Of all else in the directory. */
  readonly otherBytes: number;
  /** Bytes of each file or directory that was looked at, by its path. */
  readonly sizes: ReadonlyMap<string, number>;
}

interface Folder {
  readonly path: readonly string[];
  /** The digest that a file of this name belongs to; none: it is none of the store's. */
  readonly part: (name: string) => { kind: PartKind; hex: string } | undefined;
}

const temporary = /^\.(?:sha256-)?([0-9a-f]{64})(?:\.json)?\.[0-9a-f-]{36}\.tmp$/;

const folders: readonly Folder[] = [
  { path: ['blobs', 'sha256'], part: named('blob', /^([0-9a-f]{64})$/) },
  { path: ['partial'], part: named('partial', /^([0-9a-f]{64})(?:\.import)?$/) },
  { path: ['layers'], part: named('layer', /^sha256-([0-9a-f]{64})$/) },
  { path: ['roots'], part: named('root', /^sha256-([0-9a-f]{64})\.(?:json|erofs)$/) },
];

/** Files that are looked at at the same time. */
const parallelLooks = 32;
const blockBytes = 512;

/** Looks at every file once. What comes or goes meanwhile may be missed. */
export async function scanStore(dir: string): Promise<StoreScan> {
  const looks = new Limiter(parallelLooks);
  const { parts, bytesOfStrangers, sizes } = await scanFolders(dir, looks, new Map());
  let otherBytes = bytesOfStrangers;
  const ofParts = new Set(folders.map(({ path }) => path[0]));
  const others = await entriesOf(dir, looks, { isWanted: (name) => !ofParts.has(name) });
  for (const { bytes } of others) otherBytes += bytes;
  return { parts, otherBytes, sizes };
}

/** What parts are there now. Quick: only of those that came after a scan the sizes are looked up. */
export async function rescanStore(dir: string, before: StoreScan): Promise<StoreScan> {
  const { parts, sizes } = await scanFolders(dir, new Limiter(parallelLooks), before.sizes);
  return { parts, otherBytes: before.otherBytes, sizes };
}

async function scanFolders(
  dir: string,
  looks: Limiter,
  known: ReadonlyMap<string, number>,
): Promise<Pick<StoreScan, 'parts' | 'sizes'> & { readonly bytesOfStrangers: number }> {
  const parts = new Map<PartKey, StoredPart>();
  const sizes = new Map<string, number>();
  let bytesOfStrangers = 0;
  await Promise.all(
    folders.map(async ({ path, part }) => {
      const folder = join(dir, ...path);
      for (const { name, bytes } of await entriesOf(folder, looks, { known })) {
        sizes.set(join(folder, name), bytes);
        const found = part(name);
        if (found === undefined) bytesOfStrangers += bytes;
        else add(parts, found, join(folder, name), bytes);
      }
    }),
  );
  return { parts: [...parts.values()], sizes, bytesOfStrangers };
}

function add(
  parts: Map<PartKey, StoredPart>,
  { kind, hex }: { readonly kind: PartKind; readonly hex: string },
  path: string,
  bytes: number,
): void {
  const digest = `sha256:${hex}`;
  const key = partKey(kind, digest);
  const before = parts.get(key);
  // The record of a root goes before what it speaks of.
  const paths = [...(before?.paths ?? []), path].sort(
    (a, b) => Number(b.endsWith('.json')) - Number(a.endsWith('.json')),
  );
  parts.set(key, { key, kind, digest, paths, bytes: bytes + (before?.bytes ?? 0) });
}

/** A file that was being replaced when its writer ended belongs to what it was to replace. */
function named(kind: PartKind, pattern: RegExp): Folder['part'] {
  return (name) => {
    const hex = pattern.exec(name)?.[1] ?? temporary.exec(name)?.[1];
    return hex === undefined ? undefined : { kind, hex };
  };
}

async function entriesOf(
  folder: string,
  looks: Limiter,
  {
    isWanted = () => true,
    known,
  }: {
    readonly isWanted?: (name: string) => boolean;
    readonly known?: ReadonlyMap<string, number>;
  } = {},
): Promise<{ readonly name: string; readonly bytes: number }[]> {
  const names = ((await unlessGone(readdir(folder))) ?? []).filter(isWanted);
  return await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { name, bytes: known?.get(path) ?? (await bytesOf(path, looks)) };
    }),
  );
}

/** Of a file, or of a directory with everything in it. Links are not followed. */
async function bytesOf(path: string, looks: Limiter): Promise<number> {
  const found = await looks.run(() => unlessGone(lstat(path)));
  if (found === undefined) return 0;
  const own = found.blocks * blockBytes;
  if (!found.isDirectory()) return own;
  const within = await entriesOf(path, looks);
  return within.reduce((sum, { bytes }) => sum + bytes, own);
}

async function unlessGone<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
