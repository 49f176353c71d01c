/** The tree that the writer takes. A node reached by several names is a file with hard links. */
import type { Extent } from './format/chunk-map.ts';
import type { Xattr } from './format/xattr.ts';

/** What every node has. */
export interface NodeAttributes {
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** May be negative. */
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  /** Each one storable (`isStorableXattr`). */
  readonly xattrs: readonly Xattr[];
}

/** A directory. Names are bytes, as Latin-1 characters, at most 255, without `/` and NUL. */
export interface DirectoryNode extends NodeAttributes {
  readonly type: 'directory';
  readonly children: ReadonlyMap<string, TreeNode>;
}

/** A regular file, whose content is outside of the metadata. */
export interface FileNode extends NodeAttributes {
  readonly type: 'file';
  readonly sizeBytes: number;
  /** log2 of the blocks of a chunk; used where the file has holes. */
  readonly chunkBits: number;
  /** Ascending; each begins at a chunk's boundary. What they leave out reads as zeros. */
  readonly extents: readonly Extent[];
}

/** A symbolic link. */
export interface SymlinkNode extends NodeAttributes {
  readonly type: 'symlink';
  /** Bytes as Latin-1 characters, 1 to 4095. */
  readonly target: string;
}

/** A device node. */
export interface DeviceNode extends NodeAttributes {
  readonly type: 'character-device' | 'block-device';
  /** 12 bits. */
  readonly major: number;
  /** 20 bits. */
  readonly minor: number;
}

/** A named pipe or a socket. */
export interface PipeNode extends NodeAttributes {
  readonly type: 'fifo' | 'socket';
}

/** Any node. */
export type TreeNode = DirectoryNode | FileNode | SymlinkNode | DeviceNode | PipeNode;
