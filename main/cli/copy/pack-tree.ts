/** Files of this machine as a tar, for a sandbox. */
import { open, lstat, readdir, readlink, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';
import { pack, type Pack } from 'tar-stream';

/** What is packed. */
export interface PackRequest {
  readonly path: string;
  /** What it is called in the tar; without it what is in the directory is packed. */
  readonly name: string | undefined;
  /** A link that is named itself brings what it leads to. */
  readonly follow: boolean;
  /** Hears what is left out because it can be in no tar. */
  readonly onLeftOut: (file: string, why: string) => void;
  /** Hears what is left out because it cannot be read. */
  readonly onUnreadable: (file: string, why: string) => void;
}

const blockBytes = 512;
/** Largest numbers of the fields of a header (POSIX.1-1988, ustar). */
const maxPlainId = 0o7777777;
const maxPlainTime = 0o77777777777;
/** What is said of a file besides its bytes. */
type Header = Parameters<Pack['entry']>[0];

/** A tar that is made while it is read. */
export interface PackedTree extends AsyncIterable<Uint8Array> {
  destroy(): void;
}

/**
 * The tar, as it is read. What goes while it is read is left out, and below the path what cannot be
 * read; a file that breaks off in the middle is the end of it.
 */
export function packTree(request: PackRequest): PackedTree {
  const tar = pack();
  const packAll = async (): Promise<void> => {
    try {
      await new Packer(tar, request).all(request);
      tar.finalize();
    } catch (error) {
      tar.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return {
    destroy: () => {
      tar.destroy();
    },
    [Symbol.asyncIterator]: () => {
      const bytes = (tar as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
      // Not before: an error that nobody hears would end the program.
      void packAll();
      return bytes;
    },
  };
}

/** About as many bytes as the tar will have. */
export async function measureTree(file: string, follow: boolean): Promise<number> {
  const stats = follow ? await stat(file) : await lstat(file);
  if (!stats.isDirectory()) {
    const content = stats.isFile() ? Math.ceil(stats.size / blockBytes) * blockBytes : 0;
    return blockBytes + content;
  }
  let total = blockBytes;
  for (const name of await readdir(file)) {
    total += await measureTree(path.join(file, name), false).catch(() => 0);
  }
  return total;
}

class Packer {
  readonly #tar: Pack;
  readonly #hears: Pick<PackRequest, 'onLeftOut' | 'onUnreadable'>;
  /** Files with several names, and the one that each was packed under. */
  readonly #names = new Map<string, string>();

  constructor(tar: Pack, hears: Pick<PackRequest, 'onLeftOut' | 'onUnreadable'>) {
    this.#tar = tar;
    this.#hears = hears;
  }

  async all({ path: file, name, follow }: PackRequest): Promise<void> {
    const stats = follow ? await stat(file) : await lstat(file);
    if (name === undefined) await this.#entries(file, '');
    else await this.#any(file, name, stats);
  }

  async #any(file: string, name: string, stats: Stats): Promise<void> {
    const header = { name, ...describe(stats) };
    if (stats.isDirectory()) {
      await this.#put({ ...header, name: `${name}/`, type: 'directory' });
      await this.#entries(file, `${name}/`);
    } else if (stats.isSymbolicLink()) {
      await this.#put({ ...header, type: 'symlink', linkname: await readlink(file) });
    } else if (stats.isFile()) {
      await this.#file(file, header, stats);
    } else {
      this.#hears.onLeftOut(file, 'neither file, directory nor link');
    }
  }

  async #entries(directory: string, prefix: string): Promise<void> {
    for (const name of await readdir(directory)) {
      const file = path.join(directory, name);
      try {
        await this.#any(file, `${prefix}${name}`, await lstat(file));
      } catch (error) {
        if (!isOfFile(error, file)) throw error;
        if (error.code !== 'ENOENT') this.#hears.onUnreadable(file, reasonOf(error));
      }
    }
  }

  async #file(file: string, header: Header, stats: Stats): Promise<void> {
    const inode = `${String(stats.dev)}:${String(stats.ino)}`;
    const first = stats.nlink > 1 ? this.#names.get(inode) : undefined;
    if (first !== undefined) {
      await this.#put({ ...header, type: 'link', linkname: first });
      return;
    }
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (stats.nlink > 1) this.#names.set(inode, header.name);
    const entry = this.#tar.entry({ ...header, type: 'file', size });
    const ended = new Promise<void>((resolve, reject) => {
      entry.on('finish', resolve);
      entry.on('error', reject);
    });
    ended.catch(() => undefined);
    // A file that grows or shrinks meanwhile has the size that it had.
    let left = size;
    for (const buffer = Buffer.alloc(64 * 1024); left > 0;) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(left, buffer.length));
      const length = bytesRead === 0 ? Math.min(left, buffer.length) : bytesRead;
      if (bytesRead === 0) buffer.fill(0);
      left -= length;
      if (!entry.write(Buffer.from(buffer.subarray(0, length)))) {
        const { promise: drained, resolve } = Promise.withResolvers<undefined>();
        entry.once('drain', () => {
          resolve(undefined);
        });
        await Promise.race([drained, ended]);
      }
    }
    entry.end(null);
    await ended;
  }

  /** An entry without content. */
  #put(header: Header): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tar.entry(header, (error) => {
        if (error === undefined || error === null) resolve();
        else reject(error);
      });
    });
  }
}

/** Mode, owner and time; in an extended header where a plain one has no room for them. */
function describe(stats: Stats): Omit<Header, 'name'> {
  const { uid, gid } = stats;
  const seconds = Math.floor(stats.mtimeMs / 1000);
  const isTimePlain = seconds >= 0 && seconds <= maxPlainTime;
  const pax = {
    ...(uid > maxPlainId && { uid: String(uid) }),
    ...(gid > maxPlainId && { gid: String(gid) }),
    ...(!isTimePlain && { mtime: String(seconds) }),
  };
  return {
    mode: stats.mode & 0o7777,
    uid: Math.min(uid, maxPlainId),
    gid: Math.min(gid, maxPlainId),
    mtime: new Date(isTimePlain ? seconds * 1000 : 0),
    ...(Object.keys(pax).length > 0 && { pax }),
  };
}

/** It could not be opened, listed or looked at: nothing of it is in the tar but its name. */
function isOfFile(error: unknown, file: string): error is NodeJS.ErrnoException {
  return error instanceof Error && 'path' in error && error.path === file;
}

/** `EACCES: permission denied, open '/x'` without what is said of the path already. */
function reasonOf({ message }: Error): string {
  return message.replace(/^\w+: /, '').replace(/, \w+ '.*$/s, '');
}
