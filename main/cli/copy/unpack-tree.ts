/**
 * A tar of a sandbox, unpacked on this machine. Every byte is an attacker's: nothing of it leads out
 * of the directory, and no link in there is followed, whoever made it.
 */
import { constants } from 'node:fs';
import {
  chmod,
  lchown,
  link,
  lstat,
  lutimes,
  mkdir,
  open,
  rename,
  rm,
  symlink,
  utimes,
} from 'node:fs/promises';
import path from 'node:path';
import { extract, type Extract, type Header } from 'tar-stream';
import { clientError, type ClientError } from '../../server/client/client-error.ts';
import { printableLine } from '../format.ts';

/** Where it goes and how. */
export interface UnpackOptions {
  /** A directory that is there. */
  readonly directory: string;
  /** Takes the place of the first part of every name. */
  readonly name: string | undefined;
  /** Owners, setuid and setgid as the tar has them. */
  readonly keepOwners: boolean;
  readonly onLeftOut: (file: string, why: string) => void;
}

/** One file of the tar, and what it holds. */
type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

const maxNameBytes = 4096;
const maxId = 0xffff_ffff;
/** Directories that are remembered; any more are looked at anew, and keep the time they are made. */
const maxKnownDirectories = 100_000;

/** A stream to write a tar to; `done` settles when all of it is unpacked, or why it is not. */
export function unpackTree(options: UnpackOptions): { stream: Extract; done: Promise<void> } {
  const stream = extract();
  const unpacker = new Unpacker(options);
  const done = (async () => {
    for await (const entry of stream) {
      await unpacker.put(entry);
      entry.resume();
    }
    await unpacker.finish();
  })();
  done.catch(() => undefined);
  return { stream, done };
}

class Unpacker {
  readonly #options: UnpackOptions;
  /** Paths that were seen to be directories and no links. */
  readonly #directories = new Set<string>();
  /** Directories that were made, whose mode and time come last. */
  readonly #made: { readonly file: string; readonly header: Header }[] = [];
  #count = 0;

  constructor(options: UnpackOptions) {
    this.#options = options;
  }

  async put(entry: Entry): Promise<void> {
    const { header } = entry;
    const relative = this.#place(header.name);
    if (relative === '') return;
    const file = await this.#makeWay(relative);
    switch (header.type) {
      case 'directory':
        await this.#putDirectory(relative, header);
        return;
      case 'file':
      case 'contiguous-file':
        await this.#replace(file, (beside) => this.#writeFile(beside, entry));
        return;
      case 'symlink':
        await this.#replace(file, async (beside) => {
          await symlink(header.linkname, beside);
          await lutimes(beside, timeOf(header), timeOf(header));
          await this.#own(beside, header);
        });
        return;
      case 'link':
        await this.#replace(file, (beside) => this.#linkTo(beside, header));
        return;
      default:
        this.#options.onLeftOut(header.name, 'neither file, directory nor link');
    }
  }

  async finish(): Promise<void> {
    for (const { file, header } of this.#made.reverse()) {
      await this.#own(file, header);
      await chmod(file, this.#modeOf(header));
      await utimes(file, timeOf(header), timeOf(header));
    }
  }

  /** The path below the directory. @throws ClientError `file/archive-invalid` */
  #place(name: string): string {
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    const isBad =
      name.startsWith('/') || parts.includes('..') || Buffer.byteLength(name) > maxNameBytes;
    if (isBad || name.includes('\0')) throw refused(name, 'its name leads out of the directory');
    if (this.#options.name !== undefined && parts.length > 0) parts[0] = this.#options.name;
    return parts.join('/');
  }

  /** Makes the directories above that are missing. @throws ClientError where one is none */
  async #makeWay(relative: string): Promise<string> {
    const parts = relative.split('/').slice(0, -1);
    for (let count = 1; count <= parts.length; count++) {
      await this.#enter(parts.slice(0, count).join('/'), true);
    }
    return path.join(this.#options.directory, relative);
  }

  /** Whether it had to be made. */
  async #enter(relative: string, makes: boolean): Promise<boolean> {
    if (this.#directories.has(relative)) return false;
    const file = path.join(this.#options.directory, relative);
    const stats = await lstat(file).catch(ifGone);
    if (stats !== undefined && !stats.isDirectory()) {
      throw refused(relative, 'a file or a link is in the place of a directory');
    }
    if (stats === undefined && makes) await mkdir(file, { mode: 0o755 });
    if (this.#directories.size < maxKnownDirectories) this.#directories.add(relative);
    return stats === undefined;
  }

  async #putDirectory(relative: string, header: Header): Promise<void> {
    const isNew = await this.#enter(relative, true);
    const file = path.join(this.#options.directory, relative);
    // One that was there stays as it is.
    if (isNew && this.#made.length < maxKnownDirectories) this.#made.push({ file, header });
  }

  /** Makes it under another name first, so that what was there is replaced whole or not at all. */
  async #replace(file: string, make: (beside: string) => Promise<void>): Promise<void> {
    this.#count += 1;
    const name = `.skerry-${String(process.pid)}-${String(this.#count)}`;
    const beside = path.join(path.dirname(file), name);
    try {
      await make(beside);
      await rename(beside, file);
    } finally {
      // Also what `rename` leaves alone: two names of one file.
      await rm(beside, { force: true });
    }
  }

  async #writeFile(beside: string, entry: Entry): Promise<void> {
    const { header } = entry;
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    await using handle = await open(beside, flags, 0o600);
    for await (const piece of entry as AsyncIterable<Uint8Array>) await handle.writeFile(piece);
    if (this.#options.keepOwners) await handle.chown(idOf(header, 'uid'), idOf(header, 'gid'));
    await handle.chmod(this.#modeOf(header));
    await handle.utimes(timeOf(header), timeOf(header));
  }

  async #linkTo(beside: string, header: Header): Promise<void> {
    const relative = this.#place(header.linkname);
    const parts = relative.split('/').slice(0, -1);
    for (let count = 1; count <= parts.length; count++) {
      await this.#enter(parts.slice(0, count).join('/'), false);
    }
    const target = path.join(this.#options.directory, relative);
    if (relative === '' || (await lstat(target)).isDirectory()) {
      throw refused(header.name, 'it is a hard link to a directory');
    }
    await link(target, beside);
  }

  async #own(file: string, header: Header): Promise<void> {
    if (this.#options.keepOwners) await lchown(file, idOf(header, 'uid'), idOf(header, 'gid'));
  }

  /** Nothing of a sandbox becomes a program that runs as someone else here, unless it is asked for. */
  #modeOf({ mode }: Header): number {
    return mode & (this.#options.keepOwners ? 0o7777 : 0o777);
  }
}

/** What an extended header says counts, and is a text. */
function paxOf({ pax }: Header, key: string): number | undefined {
  const isPax = typeof pax === 'object' && pax !== null;
  const value: unknown = isPax ? Reflect.get(pax, key) : undefined;
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function timeOf(header: Header): Date {
  const seconds = paxOf(header, 'mtime');
  const time = seconds === undefined ? header.mtime : new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? new Date(0) : time;
}

function idOf(header: Header, key: 'uid' | 'gid'): number {
  const id = paxOf(header, key) ?? header[key];
  return Number.isInteger(id) && id >= 0 && id < maxId ? id : 0;
}

function refused(name: string, why: string): ClientError {
  return clientError('file/archive-invalid', `${printableLine(name)}: ${why}.`);
}

function ifGone(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
