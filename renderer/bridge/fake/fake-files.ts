/** The files of one sandbox of the in-memory host, with a guest's own errors. */
import type { ChangedFile, FileEntry } from '../../../main/contract/files.ts';
import { failure } from './fake-failure.ts';
import { fakeNode, type FakeNode } from './fake-file-tree.ts';

const maxSymlinks = 40;

/** Paths at and below it take no changes. */
const readOnlyPath = '/mnt/read-only';

/** See the head of this file. */
export class FakeFiles {
  readonly root: FakeNode;
  #versions = 0;
  readonly #versionOf = new WeakMap<FakeNode, string>();

  constructor(root: FakeNode) {
    this.root = root;
  }

  /** The node of a path, through symlinks. @throws `file/not-found`, `file/wrong-kind` */
  find(path: string, followLast = true): FakeNode {
    let node = this.root;
    let hops = 0;
    const parts = path.split('/').filter((part) => part !== '');
    const walked: string[] = [];
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      if (part === '.') continue;
      if (node.children === undefined) throw failure('file/wrong-kind', `${path} is no directory.`);
      const next = node.children.get(part);
      if (next === undefined || next.entry.change === 'removed') {
        throw failure('file/not-found', `There is no ${path}.`);
      }
      const target = next.entry.kind === 'symlink' ? next.entry.target : undefined;
      if (target !== undefined && (followLast || parts.length > 0)) {
        hops += 1;
        if (hops > maxSymlinks) throw failure('file/failed', `${path}: too many symbolic links.`);
        const from = target.startsWith('/') ? [] : walked;
        parts.unshift(...[...from, ...target.split('/')].filter((one) => one !== ''));
        walked.length = 0;
        node = this.root;
        continue;
      }
      walked.push(part);
      node = next;
    }
    return node;
  }

  /** The directory of a path and its last part. */
  place(path: string): { readonly children: Map<string, FakeNode>; readonly name: string } {
    const cut = path.lastIndexOf('/');
    const { children } = this.find(path.slice(0, cut) || '/');
    if (children === undefined) throw failure('file/wrong-kind', `${path} is in no directory.`);
    return { children, name: path.slice(cut + 1) };
  }

  list(path: string): FileEntry[] {
    const { children } = this.find(path);
    if (children === undefined) throw failure('file/wrong-kind', `${path} is no directory.`);
    return [...children].map(([name, { entry }]) => ({ name, ...entry }));
  }

  version(node: FakeNode): string {
    const known = this.#versionOf.get(node);
    if (known !== undefined) return known;
    return this.touch(node);
  }

  /** Something has changed: the version with it, and the mark. */
  touch(node: FakeNode): string {
    this.#versions += 1;
    const version = `version-${String(this.#versions)}`;
    this.#versionOf.set(node, version);
    const change = node.entry.change ?? 'modified';
    node.entry = { ...node.entry, change, modifiedAtMs: Date.now() };
    return version;
  }

  /** Puts a file into the tree. @throws `file/denied` */
  put(
    path: string,
    content: Uint8Array<ArrayBuffer>,
    overrides: Partial<FileEntry> = {},
  ): FakeNode {
    this.guard(path);
    const { children, name } = this.place(path);
    const before = children.get(name);
    if (before?.children !== undefined && overrides.kind !== 'directory') {
      throw failure('file/wrong-kind', `${path} is a directory.`);
    }
    if (before?.children !== undefined) return before;
    const change = before === undefined ? ('added' as const) : (before.entry.change ?? 'modified');
    const node = fakeNode(
      { ...before?.entry, ...overrides, change, sizeBytes: content.length },
      content,
    );
    children.set(name, node);
    this.touch(node);
    return node;
  }

  rename(path: string, to: string, replace: boolean): void {
    this.guard(path);
    this.guard(to);
    const from = this.place(path);
    const target = this.place(to);
    const node = this.find(path, false);
    const there = target.children.get(target.name);
    if (there !== undefined && there.entry.change !== 'removed' && !replace) {
      throw failure('file/exists', `${to} is there already.`);
    }
    from.children.delete(from.name);
    target.children.set(target.name, node);
    node.entry = { ...node.entry, change: 'added' };
  }

  remove(path: string, recursive: boolean): void {
    this.guard(path);
    const { children, name } = this.place(path);
    const node = this.find(path, false);
    if ((node.children?.size ?? 0) > 0 && !recursive) {
      throw failure('file/not-empty', `${path} is not empty.`);
    }
    children.delete(name);
  }

  /** Changes a node, and with `recursive` what is below it. */
  change(path: string, recursive: boolean, change: (node: FakeNode) => void): void {
    this.guard(path);
    const walk = (node: FakeNode) => {
      change(node);
      this.touch(node);
      if (recursive) for (const child of node.children?.values() ?? []) walk(child);
    };
    walk(this.find(path));
  }

  changes(): ChangedFile[] {
    const found: ChangedFile[] = [];
    const walk = (node: FakeNode, path: string) => {
      for (const [name, child] of node.children ?? []) {
        const at = `${path}/${name}`;
        const { change, kind, sizeBytes } = child.entry;
        // A directory in which something has changed is none itself.
        const isOnTheWay = change === 'modified' && kind === 'directory';
        if (change !== undefined && !isOnTheWay) found.push({ path: at, change, kind, sizeBytes });
        walk(child, at);
      }
    };
    walk(this.root, '');
    return found.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  }

  guard(path: string): void {
    if (`${path}/`.startsWith(`${readOnlyPath}/`)) {
      throw failure('file/denied', `${path}: read-only file system.`);
    }
  }
}
