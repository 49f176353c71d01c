/**
 * Files of the fake engine's sandboxes, in memory: what needs no guest. For transfers, and for what
 * a kernel has to say, see files-engine.ts.
 */
import path from 'node:path';
import type { FileEntry } from '../../contract/files.ts';
import { AppError } from '../base/app-error.ts';
import type { FileCalls } from '../live-calls.ts';

interface FakeFile {
  entry: FileEntry;
  text: string;
  version: number;
}

/** See the head of this file. Each sandbox begins with `/etc/motd` and `/root`. */
export class FakeFiles implements FileCalls {
  readonly #check: (name: string) => void;
  readonly #trees = new Map<string, Map<string, FakeFile>>();
  #versions = 0;

  /** @param check throws where no such sandbox runs */
  constructor(check: (name: string) => void) {
    this.#check = check;
  }

  async list(name: string, of: string): ReturnType<FileCalls['list']> {
    const tree = this.#tree(name);
    if (this.#get(name, of).entry.kind !== 'directory') {
      throw new AppError('file/wrong-kind', `${of}: Not a directory.`);
    }
    const entries = [...tree]
      .filter(([file]) => file !== '/' && path.posix.dirname(file) === of)
      .map(([, { entry }]) => entry);
    return Promise.resolve({ entries, isTruncated: false });
  }

  async inspect(name: string, of: string): Promise<FileEntry> {
    return Promise.resolve(this.#get(name, of).entry);
  }

  async read(name: string, of: string): ReturnType<FileCalls['read']> {
    const { entry, text, version } = this.#get(name, of);
    return Promise.resolve({ entry, text, version: String(version) });
  }

  async write(request: Parameters<FileCalls['write']>[0]): ReturnType<FileCalls['write']> {
    const { name, path: of, text, version } = request;
    const old = this.#tree(name).get(of);
    if (version === undefined && old !== undefined) {
      throw new AppError('file/exists', `${of}: File exists.`);
    }
    if (version !== undefined && String(old?.version) !== version) {
      throw new AppError('file/changed', `${of}: it has been written to.`);
    }
    this.#put(name, of, { ...(old?.entry ?? entryOf(of, 'file')), sizeBytes: text.length }, text);
    return this.read(name, of);
  }

  async rename(request: Parameters<FileCalls['rename']>[0]): Promise<void> {
    const { name, path: of, to, replace } = request;
    const tree = this.#tree(name);
    this.#get(name, of);
    if (tree.has(to) && !replace) throw new AppError('file/exists', `${to}: File exists.`);
    for (const [file, { entry, text }] of [...tree]) {
      if (file !== of && !file.startsWith(`${of}/`)) continue;
      const moved = `${to}${file.slice(of.length)}`;
      tree.delete(file);
      this.#put(name, moved, { ...entry, name: path.posix.basename(moved) }, text);
    }
    return Promise.resolve();
  }

  async remove(request: Parameters<FileCalls['remove']>[0]): Promise<void> {
    const { name, path: of, recursive } = request;
    const tree = this.#tree(name);
    this.#get(name, of);
    const below = [...tree.keys()].filter((file) => file.startsWith(`${of}/`));
    if (below.length > 0 && !recursive) {
      throw new AppError('file/not-empty', `${of}: Directory not empty.`);
    }
    for (const file of [of, ...below]) tree.delete(file);
    return Promise.resolve();
  }

  async makeDirectory(request: Parameters<FileCalls['makeDirectory']>[0]): Promise<void> {
    const { name, path: of, parents } = request;
    const tree = this.#tree(name);
    if (tree.has(of) && !parents) throw new AppError('file/exists', `${of}: File exists.`);
    const above = path.posix.dirname(of);
    if (!tree.has(above)) {
      if (!parents) throw new AppError('file/not-found', `${of}: No such file or directory.`);
      await this.makeDirectory({ name, path: above, parents });
    }
    if (!tree.has(of)) this.#put(name, of, entryOf(of, 'directory'), '');
  }

  async setMode(request: Parameters<FileCalls['setMode']>[0]): Promise<void> {
    const file = this.#get(request.name, request.path);
    file.entry = { ...file.entry, mode: request.mode };
    return Promise.resolve();
  }

  async setOwner(request: Parameters<FileCalls['setOwner']>[0]): Promise<void> {
    const file = this.#get(request.name, request.path);
    const [user, group] = request.owner.split(':');
    file.entry = {
      ...file.entry,
      ...(user !== '' && { user }),
      ...(group !== undefined && { group }),
    };
    return Promise.resolve();
  }

  async changes(name: string): ReturnType<FileCalls['changes']> {
    const files = [...this.#tree(name)]
      .filter(([, { version }]) => version > 0)
      .map(([file, { entry }]) => ({ path: file, change: 'modified' as const, kind: entry.kind }));
    return Promise.resolve({ files, isTruncated: false });
  }

  async download(request: { readonly name: string }): ReturnType<FileCalls['download']> {
    return Promise.reject(this.#noTransfer(request.name));
  }

  async upload(request: { readonly name: string }): ReturnType<FileCalls['upload']> {
    return Promise.reject(this.#noTransfer(request.name));
  }

  #noTransfer(name: string): AppError {
    this.#check(name);
    return new AppError('file/failed', 'The fake has no guest that could make a tar.');
  }

  #tree(name: string): Map<string, FakeFile> {
    this.#check(name);
    const known = this.#trees.get(name);
    if (known !== undefined) return known;
    const tree = new Map<string, FakeFile>();
    this.#trees.set(name, tree);
    for (const directory of ['/', '/etc', '/root']) {
      tree.set(directory, { entry: entryOf(directory, 'directory'), text: '', version: 0 });
    }
    const motd = { ...entryOf('/etc/motd', 'file'), sizeBytes: 6 };
    tree.set('/etc/motd', { entry: motd, text: 'hello\n', version: 0 });
    return tree;
  }

  #get(name: string, of: string): FakeFile {
    const file = this.#tree(name).get(of);
    if (file !== undefined) return file;
    throw new AppError('file/not-found', `${of}: No such file or directory.`);
  }

  #put(name: string, of: string, entry: FileEntry, text: string): void {
    this.#versions += 1;
    this.#tree(name).set(of, { entry, text, version: this.#versions });
  }
}

function entryOf(of: string, kind: FileEntry['kind']): FileEntry {
  return {
    name: path.posix.basename(of),
    kind,
    sizeBytes: 0,
    mode: kind === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    user: 'root',
    group: 'root',
    modifiedAtMs: 0,
  };
}
