/** An entry of a layer as its index keeps it: checked, cleaned, its content already in the data. */
import type { Extent } from '../erofs/format/chunk-map.ts';
import { isStorableXattr, type Xattr } from '../erofs/format/xattr.ts';
import type { NodeAttributes } from '../erofs/tree.ts';
import { corruptLayer, quoteName, unsafeLayer } from './layer-problem.ts';
import { cleanLinkTarget, readLayerPath } from './layer-path.ts';
import type { TarEntry } from './tar/entry.ts';

/** Where a file's content is in the layer's data. */
export interface FileContent {
  readonly sizeBytes: number;
  /** log2 of the blocks of a chunk, to whose boundaries holes keep. */
  readonly chunkBits: number;
  /** Block addresses within the layer's data. */
  readonly extents: readonly Extent[];
}

/** Takes away what lower layers have at a path, or within a directory. */
export type WhiteoutEntry =
  | { readonly path: string; readonly type: 'whiteout' }
  | { readonly path: string; readonly type: 'opaque' };

/** An entry of a layer. Paths and names are bytes as Latin-1; the root's path is empty. */
export type LayerEntry =
  | WhiteoutEntry
  | ({ readonly path: string } & (
      | ({ readonly type: 'file' } & NodeAttributes & FileContent)
      | ({ readonly type: 'directory' | 'fifo' } & NodeAttributes)
      | ({ readonly type: 'symlink'; readonly target: string } & NodeAttributes)
      | ({
          readonly type: 'character-device' | 'block-device';
          readonly major: number;
          readonly minor: number;
        } & NodeAttributes)
      | { readonly type: 'hardlink'; readonly target: string }
    ));

/** What the guest's overlay acts upon: an archive must not steer it. */
const overlayPrefix = 'trusted.overlay.';
const maxTargetBytes = 4095;
const maxMajor = 0xfff;
const maxMinor = 0xf_ffff;
const noContent: FileContent = { sizeBytes: 0, chunkBits: 0, extents: [] };

/** The layer's entry of a tar's, a file's content still empty. Throws a LayerProblem naming it. */
export function makeLayerEntry(entry: TarEntry): LayerEntry {
  const place = readLayerPath(entry.path);
  const { path } = place;
  if (place.kind !== 'entry') return { path, type: place.kind };
  if (path === '' && entry.type !== 'directory') {
    throw unsafeLayer(`The entry ${quoteName(entry.path)} would replace the root directory.`);
  }
  switch (entry.type) {
    case 'file':
      return { path, type: 'file', ...attributes(entry), ...noContent };
    case 'directory':
    case 'fifo':
      return { path, type: entry.type, ...attributes(entry) };
    case 'symlink':
      return { path, type: 'symlink', target: symlinkTarget(entry), ...attributes(entry) };
    case 'hardlink':
      return { path, type: 'hardlink', target: cleanLinkTarget(entry.linkPath, entry.path) };
    case 'character-device':
    case 'block-device': {
      const { major, minor } = entry;
      if (major < 0 || major > maxMajor || minor < 0 || minor > maxMinor) {
        throw corruptLayer(
          `The device ${quoteName(entry.path)} has the number ${String(major)}:${String(minor)}, which cannot be.`,
        );
      }
      return { path, type: entry.type, major, minor, ...attributes(entry) };
    }
  }
}

function symlinkTarget({ path, linkPath }: TarEntry): string {
  if (linkPath === '' || linkPath.length > maxTargetBytes || linkPath.includes('\0')) {
    throw corruptLayer(`The symbolic link ${quoteName(path)} has a target that cannot be.`);
  }
  return linkPath;
}

function attributes(entry: TarEntry): NodeAttributes {
  const { mode, uid, gid, mtimeSeconds, mtimeNanoseconds } = entry;
  return { mode, uid, gid, mtimeSeconds, mtimeNanoseconds, xattrs: keptXattrs(entry) };
}

/** Those that a filesystem of Linux can hold, in the order of their names. */
function keptXattrs(entry: TarEntry): readonly Xattr[] {
  return entry.xattrs
    .filter((xattr) => isStorableXattr(xattr) && !xattr.name.startsWith(overlayPrefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
