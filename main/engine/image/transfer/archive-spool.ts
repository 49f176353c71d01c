/** Takes the files of a tar apart: each becomes a file of a private directory, hashed on the way. */
import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { asDiskError } from '../../base/disk-error.ts';
import { limits } from '../../oci/document.ts';
import { quoteName } from '../layer-problem.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { TarVisitor } from '../tar/reader.ts';
import { archiveInvalid } from './archive-error.ts';
import { archiveLimits } from './archive-limits.ts';
import { cleanEntryPath, linkTarget, type CleanPath } from './archive-path.ts';

/** A file of the archive, and where its bytes are now. */
export interface SpooledFile {
  /** In the archive. */
  readonly path: string;
  /** On the disk, under a name of ours. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Of the bytes, whatever the archive says. */
  readonly digest: string;
}

interface OpenFile {
  readonly path: string;
  readonly file: string;
  readonly sizeBytes: number;
  readonly hash: Hash;
}

type Step =
  | { readonly kind: 'begin'; readonly target: OpenFile }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'end' };

/** What old versions of `docker save` put beside each layer, and nothing reads. */
const uselessNames = /(?:^|\/)(?:VERSION|json)$|^repositories$/;

/**
 * The visitor of the tar reader. What it hears is written out by {@link drain}, which has to be
 * awaited before the next bytes are pushed: so no more than those bytes are in memory.
 */
export class ArchiveSpool implements TarVisitor {
  readonly files = new Map<string, SpooledFile>();
  /** Path of a link and the path that it leads to, which may be none. */
  readonly links = new Map<string, string>();
  readonly #name: string;
  readonly #dir: string;
  #entries = 0;
  #current: OpenFile | undefined;
  #steps: Step[] = [];
  #writing: { readonly target: OpenFile; readonly handle: FileHandle; offset: number } | undefined;

  /** `name` is the archive's, for messages. */
  constructor(name: string, dir: string) {
    this.#name = name;
    this.#dir = dir;
  }

  onEntry(entry: TarEntry): void {
    this.#entries += 1;
    if (this.#entries > archiveLimits.entries) {
      throw archiveInvalid(this.#name, `has more than ${String(archiveLimits.entries)} entries`);
    }
    const path = this.#clean(entry, cleanEntryPath(entry.path));
    this.#current = undefined;
    switch (entry.type) {
      case 'directory':
        return;
      case 'file':
        this.#beginFile(entry, path);
        return;
      case 'symlink':
      case 'hardlink': {
        const target = this.#clean(entry, linkTarget(path, entry.linkPath, entry.type));
        this.#checkIsNew(entry, path);
        this.links.set(path, target);
        return;
      }
      default:
        throw this.#wrong(entry, `is a ${entry.type.replace('-', ' ')}`);
    }
  }

  onContent(bytes: Buffer): void {
    if (this.#current === undefined) return;
    this.#current.hash.update(bytes);
    this.#steps.push({ kind: 'bytes', bytes });
  }

  onEntryEnd(): void {
    if (this.#current !== undefined) this.#steps.push({ kind: 'end' });
    this.#current = undefined;
  }

  /** Writes out what has come. @throws AppError `store/no-space` */
  async drain(): Promise<void> {
    const steps = this.#steps;
    this.#steps = [];
    try {
      for (const step of steps) await this.#take(step);
    } catch (error) {
      throw asDiskError(error, this.#dir);
    }
  }

  /** Lets go of a file that is not whole. */
  async close(): Promise<void> {
    await this.#writing?.handle.close();
    this.#writing = undefined;
  }

  #beginFile(entry: TarEntry, path: string): void {
    if (path === '') throw this.#wrong(entry, 'has no name');
    if (entry.sparse !== undefined) throw this.#wrong(entry, 'is stored as a sparse file');
    if (entry.sizeBytes > limits.layerBytes) {
      throw this.#wrong(entry, `has more than ${String(limits.layerBytes)} bytes`);
    }
    this.#checkIsNew(entry, path);
    if (uselessNames.test(path)) return;
    const { sizeBytes } = entry;
    const file = join(this.#dir, String(this.files.size));
    this.#current = { path, file, sizeBytes, hash: createHash('sha256') };
    // Its place is taken at once, so that a second one of the name is seen in the same piece.
    this.files.set(path, { path, file, sizeBytes, digest: '' });
    this.#steps.push({ kind: 'begin', target: this.#current });
  }

  async #take(step: Step): Promise<void> {
    if (step.kind === 'begin') {
      const { target } = step;
      this.#writing = { target, handle: await open(target.file, 'wx', 0o600), offset: 0 };
      return;
    }
    const writing = this.#writing;
    if (writing === undefined) throw new Error('Bytes of no file.');
    if (step.kind === 'bytes') {
      await writeAll(writing.handle, step.bytes, writing.offset);
      writing.offset += step.bytes.length;
      return;
    }
    await this.close();
    const { path, file, sizeBytes, hash } = writing.target;
    this.files.set(path, { path, file, sizeBytes, digest: `sha256:${hash.digest('hex')}` });
  }

  #clean(entry: TarEntry, result: CleanPath): string {
    if (result.ok) return result.path;
    throw this.#wrong(entry, result.problem);
  }

  #checkIsNew(entry: TarEntry, path: string): void {
    if (this.files.has(path) || this.links.has(path)) {
      throw this.#wrong(entry, 'is in it twice');
    }
  }

  #wrong(entry: TarEntry, problem: string): Error {
    return archiveInvalid(this.#name, `has the entry ${quoteName(entry.path)}, which ${problem}`);
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
