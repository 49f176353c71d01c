/**
 * The tree that layers make, one above the other. Entries act in the order of the tar, as they do
 * for tools that unpack to a directory, but only here in memory: no path of an archive ever meets
 * the host's file system.
 */
import type { DirectoryNode, FileNode, NodeAttributes, TreeNode } from '../erofs/tree.ts';
import type { LayerEntry, WhiteoutEntry } from './layer-entry.ts';
import { corruptLayer, quoteName, unsafeLayer, unsupportedLayer } from './layer-problem.ts';
import { limits } from './limits.ts';

/** A directory that still changes. Its attributes are those of the last layer that names it. */
type MutableDirectory = {
  -readonly [Key in keyof NodeAttributes]: NodeAttributes[Key];
} & { readonly type: 'directory'; readonly children: Map<string, MergedNode> };

type MergedNode = MutableDirectory | Exclude<TreeNode, DirectoryNode>;

/** An entry that brings something. */
type NodeEntry = Exclude<LayerEntry, WhiteoutEntry>;

/** A step on the way to a path: a directory that is there, or one that is to be made. */
interface Step {
  readonly name: string;
  readonly directory: MutableDirectory | undefined;
}

/** What a directory has that no archive names. */
const impliedDirectory: NodeAttributes = {
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtimeSeconds: 0,
  mtimeNanoseconds: 0,
  xattrs: [],
};

/** Applies layers, the lowest first. */
export class MergedTree {
  readonly #root = newDirectory(impliedDirectory);
  /** Names that the current layer made or lies beneath: its own whiteouts do not take them. */
  #touched = new Map<MutableDirectory, Set<string>>();
  /** Blocks before the current layer's data. */
  #firstBlock = 0;

  get root(): DirectoryNode {
    return this.#root;
  }

  /** Begins a layer whose data lies at this block. */
  beginLayer(firstBlock: number): void {
    this.#touched = new Map();
    this.#firstBlock = firstBlock;
  }

  /** Applies an entry. Throws `image/layer-unsafe` or `image/layer-corrupt` naming it. */
  apply(entry: LayerEntry): void {
    if (entry.type === 'opaque') {
      const directory = this.#resolve(names(entry.path), entry.path)?.at(-1)?.directory;
      if (directory !== undefined) this.#removeLower(directory);
      return;
    }
    if (entry.path === '') {
      if (entry.type === 'directory') setAttributes(this.#root, entry);
      return;
    }
    const path = names(entry.path);
    const name = path.pop() ?? '';
    const steps = this.#resolve(path, entry.path);
    if (entry.type === 'whiteout') {
      const parent = steps?.at(-1)?.directory;
      if (parent !== undefined) this.#removeLowerChild(parent, name);
      return;
    }
    if (steps === undefined) {
      throw unsafeLayer(`${quoteName(entry.path)} lies beneath what is no directory.`);
    }
    const parent = this.#makeParents(steps, entry.path);
    this.#touch(parent, name);
    const present = parent.children.get(name);
    if (entry.type === 'directory' && present?.type === 'directory') {
      setAttributes(present, entry);
      return;
    }
    // Gone before a link looks for its target, as in a directory: no link names what it replaces.
    parent.children.delete(name);
    parent.children.set(name, this.#nodeOf(entry));
  }

  #nodeOf(entry: NodeEntry): MergedNode {
    switch (entry.type) {
      case 'hardlink':
        return this.#linkTarget(entry.path, entry.target);
      case 'directory':
        return newDirectory(entry);
      case 'file':
        return this.#fileNode(entry);
      case 'symlink':
        return { type: 'symlink', target: entry.target, ...attributesOf(entry) };
      case 'fifo':
        return { type: 'fifo', ...attributesOf(entry) };
      case 'character-device':
      case 'block-device':
        return {
          type: entry.type,
          major: entry.major,
          minor: entry.minor,
          ...attributesOf(entry),
        };
    }
  }

  #fileNode(entry: Extract<LayerEntry, { type: 'file' }>): FileNode {
    return {
      type: 'file',
      sizeBytes: entry.sizeBytes,
      chunkBits: entry.chunkBits,
      extents: entry.extents.map((extent) => ({
        ...extent,
        dataBlock: this.#firstBlock + extent.dataBlock,
      })),
      ...attributesOf(entry),
    };
  }

  #linkTarget(path: string, target: string): MergedNode {
    const node = this.#find(names(target), path);
    if (node === undefined || node.type === 'directory') {
      const what = node === undefined ? 'which is not there' : 'which is a directory';
      throw unsafeLayer(`${quoteName(path)} is a hard link to ${quoteName(target)}, ${what}.`);
    }
    return node;
  }

  /** The node at a path, links in its parents followed and the last name not. */
  #find(path: string[], entryPath: string): MergedNode | undefined {
    const name = path.at(-1);
    if (name === undefined) return this.#root;
    return this.#resolve(path.slice(0, -1), entryPath)?.at(-1)?.directory?.children.get(name);
  }

  /**
   * The way to a directory. Symbolic links are followed within the root: an absolute one begins
   * there and ".." does not leave it. What is missing stands for a directory that may be made;
   * where something else than a directory is in the way there is no way.
   */
  #resolve(path: readonly string[], entryPath: string): Step[] | undefined {
    const steps: Step[] = [{ name: '', directory: this.#root }];
    const left = path.toReversed();
    let followed = 0;
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      if (name === '..') {
        if (steps.length > 1) steps.pop();
        continue;
      }
      const child = steps.at(-1)?.directory?.children.get(name);
      if (child?.type === 'symlink') {
        followed++;
        if (followed > limits.symlinksFollowed) {
          throw unsafeLayer(`${quoteName(entryPath)} lies beneath too many symbolic links.`);
        }
        if (child.target.startsWith('/')) steps.length = 1;
        left.push(...names(child.target).toReversed());
        continue;
      }
      if (child !== undefined && child.type !== 'directory') return undefined;
      steps.push({ name, directory: child });
      if (steps.length > limits.depth) {
        throw unsafeLayer(`${quoteName(entryPath)} lies too deep.`);
      }
    }
    return steps;
  }

  #makeParents(steps: readonly Step[], entryPath: string): MutableDirectory {
    let parent = this.#root;
    for (const { name, directory } of steps.slice(1)) {
      if (name.length > limits.nameBytes) {
        throw unsafeLayer(`${quoteName(entryPath)} lies beneath a name that is too long.`);
      }
      this.#touch(parent, name);
      const next = directory ?? newDirectory(impliedDirectory);
      if (directory === undefined) parent.children.set(name, next);
      parent = next;
    }
    return parent;
  }

  #touch(directory: MutableDirectory, name: string): void {
    const known = this.#touched.get(directory);
    if (known === undefined) this.#touched.set(directory, new Set([name]));
    else known.add(name);
  }

  #removeLower(directory: MutableDirectory): void {
    for (const name of [...directory.children.keys()]) this.#removeLowerChild(directory, name);
  }

  #removeLowerChild(directory: MutableDirectory, name: string): void {
    if (this.#touched.get(directory)?.has(name) !== true) {
      directory.children.delete(name);
      return;
    }
    const child = directory.children.get(name);
    if (child?.type === 'directory') this.#removeLower(child);
  }
}

/** Counts the nodes of a tree, up to a bound. Throws `image/unsupported` beyond it. */
export function checkTreeSize(root: DirectoryNode, most: number): void {
  const open = [root];
  let count = 1;
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    count += directory.children.size;
    if (count > most) throw unsupportedLayer(`The image has more than ${String(most)} files.`);
    for (const child of directory.children.values())
      if (child.type === 'directory') open.push(child);
  }
}

/** Names of a path that may be a link's target. */
function names(path: string): string[] {
  if (path.length > limits.pathBytes)
    throw corruptLayer(`The path ${quoteName(path)} is too long.`);
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function newDirectory(attributes: NodeAttributes): MutableDirectory {
  return { type: 'directory', children: new Map(), ...attributesOf(attributes) };
}

function setAttributes(directory: MutableDirectory, attributes: NodeAttributes): void {
  Object.assign(directory, attributesOf(attributes));
}

function attributesOf(from: NodeAttributes): NodeAttributes {
  const { mode, uid, gid, mtimeSeconds, mtimeNanoseconds, xattrs } = from;
  return { mode, uid, gid, mtimeSeconds, mtimeNanoseconds, xattrs };
}
