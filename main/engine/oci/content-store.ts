/** Blobs by digest, in the layout of OCI image-layout.md, and the partial files of fetches. */
import { randomUUID } from 'node:crypto';
import { copyFile, constants, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory, writeFileAtomic } from '../base/atomic-file.ts';
import { AppError, cancelledError, isAppError } from '../base/app-error.ts';
import { asDiskError } from '../base/disk-error.ts';
import { Leases } from '../base/leases.ts';
import { SharedWork } from '../base/shared-work.ts';
import { BlobWriter } from './blob-writer.ts';
import { digestHex, digestOf, isDigest } from './digest.ts';
import { hashFile, readWhole, sizeOfFile, syncFile } from './file-bytes.ts';
import { GrowingBlob } from './growing-blob.ts';
import type { BlobProgress, Descriptor } from './image-source.ts';

/** Options of everything that makes a blob present. */
export interface BlobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: BlobProgress | undefined;
  /** Hears of the file in which the blob grows, where it is fetched. May be called often. */
  readonly onGrowing?: ((blob: GrowingBlob) => void) | undefined;
}

/** Where a blob comes from when the store lacks it. */
export interface BlobFill {
  /** Whence, for telling apart: callers of different sources do not share each other's failures. */
  readonly source: string;
  /** Writes the bytes from `writer.offset` on; may restart. A failure keeps what was written. */
  fill(writer: BlobWriter, signal: AbortSignal): Promise<void>;
}

/** Of blobs that are being made here. */
const newPrefix = 'new-';

interface Progress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly growing?: GrowingBlob;
}

/**
 * The content store. One process owns its directory. Invariant: a file under `blobs` has the
 * digest it is named by; it gets there by a rename, after its bytes were checked and flushed.
 */
export class ContentStore {
  readonly #blobs: string;
  readonly #partial: string;
  readonly #leases: Leases;
  readonly #work = new SharedWork<Progress>();

  private constructor(dir: string, leases: Leases) {
    this.#blobs = join(dir, 'blobs', 'sha256');
    this.#partial = join(dir, 'partial');
    this.#leases = leases;
  }

  /**
   * Opens the store, making its directories where they are missing. Blobs that an interrupted
   * process was making go; those it was fetching can be gone on with. What is looked at or brought
   * in within one of the leases stays until that ends.
   */
  static async open(dir: string, leases = new Leases()): Promise<ContentStore> {
    const store = new ContentStore(dir, leases);
    await mkdir(store.#blobs, { recursive: true, mode: 0o700 });
    await mkdir(store.#partial, { recursive: true, mode: 0o700 });
    for (const name of await readdir(store.#partial)) {
      if (name.startsWith(newPrefix)) await rm(join(store.#partial, name), { force: true });
    }
    return store;
  }

  /** Path of the blob, there or not. Throws `image/unsupported` for what is no sha256 digest. */
  blobPath(digest: string): string {
    return join(this.#blobs, digestHex(digest));
  }

  async has(digest: string): Promise<boolean> {
    await this.#leases.touch(digest);
    return (await sizeOfFile(this.blobPath(digest))) !== undefined;
  }

  /**
   * Reads a small blob whole and checks its digest. Throws `store/corrupt` where it is missing,
   * longer than `maxBytes` or not what its name says.
   */
  async readBlob(digest: string, maxBytes: number): Promise<Uint8Array> {
    const path = this.blobPath(digest);
    await this.#leases.touch(digest);
    const size = await sizeOfFile(path);
    if (size === undefined) {
      throw new AppError('store/corrupt', `The image store lacks blob ${digest}.`);
    }
    if (size > maxBytes) {
      throw new AppError(
        'store/corrupt',
        `Blob ${digest} has ${String(size)} bytes where at most ${String(maxBytes)} belong.`,
      );
    }
    const bytes = await readWhole(path, size);
    if (digestOf(bytes) !== digest) {
      throw new AppError('store/corrupt', `The file ${path} is not the blob it is named by.`);
    }
    return bytes;
  }

  /** Keeps the bytes as a blob and returns its digest. A damaged one of that digest is replaced. */
  async writeBlob(bytes: Uint8Array): Promise<string> {
    const digest = digestOf(bytes);
    const path = this.blobPath(digest);
    await this.#leases.touch(digest);
    const isThere =
      (await sizeOfFile(path)) === bytes.length &&
      digestOf(await readWhole(path, bytes.length)) === digest;
    if (!isThere) await writeFileAtomic(path, bytes);
    return digest;
  }

  /** The digests that files of the store are named by, whatever is in them. */
  async digests(): Promise<string[]> {
    const names = await readdir(this.#blobs);
    return names.map((name) => `sha256:${name}`).filter(isDigest);
  }

  /** How many fetches were interrupted and left bytes for the next pull, or are under way. */
  async partialCount(): Promise<number> {
    const names = await readdir(this.#partial);
    return names.filter((name) => isDigest(`sha256:${name}`)).length;
  }

  /**
   * Publishes what an interrupted fetch left, where it is the whole blob. The file of a fetch that
   * is under way is let alone; one that begins meanwhile waits.
   */
  async restoreFromPartial(digest: string): Promise<boolean> {
    const key = fetchOf(digest);
    if (this.#work.isRunning(key)) return false;
    const notWhole = new Error('What was left is not the whole blob.');
    const work = async (): Promise<void> => {
      // Thrown for those who joined: they have means of their own.
      if (!(await this.#restore(digest))) throw notWhole;
    };
    try {
      await this.#work.run({ key, means: 'what was left', work });
      return true;
    } catch (error) {
      if (error === notWhole) return false;
      throw error;
    }
  }

  async #restore(digest: string): Promise<boolean> {
    const path = join(this.#partial, digestHex(digest));
    if ((await sizeOfFile(path)) === undefined || (await hashFile(path)) !== digest) return false;
    await syncFile(path);
    await this.#publish(path, { digest });
    return true;
  }

  /**
   * Keeps a file as a blob that `write` makes at the path it is given, and whose digest it says.
   * Where that fails nothing is left. Throws `store/no-space` and whatever it throws.
   */
  async addFile<T extends { readonly digest: string }>(
    write: (path: string) => Promise<T>,
  ): Promise<T> {
    const path = join(this.#partial, `${newPrefix}${randomUUID()}`);
    try {
      const written = await write(path);
      await syncFile(path);
      await this.#leases.touch(written.digest);
      await this.#publish(path, written);
      return written;
    } catch (error) {
      await rm(path, { force: true });
      throw asDiskError(error, path);
    }
  }

  /** Removes a blob, there or not. */
  async remove(digest: string): Promise<void> {
    await rm(this.blobPath(digest), { force: true });
  }

  /**
   * Makes the blob present, fetching it once however many ask. Throws `registry/digest-mismatch`
   * where the bytes are not the descriptor's, `store/no-space`, `operation/cancelled`, and
   * whatever the fill throws.
   */
  async ensureBlob(
    descriptor: Descriptor,
    from: BlobFill,
    options: BlobOptions = {},
  ): Promise<void> {
    await this.#ensure(descriptor, from.source, options, async (signal, report) => {
      const path = this.#partialPath(descriptor);
      const growing = new GrowingBlob(path);
      try {
        await this.#fetch(descriptor, from, growing, signal, report);
        growing.end('complete');
      } finally {
        growing.end('failed');
      }
    });
  }

  /**
   * Makes the blob present from a regular file, by reflink where the filesystem has them.
   * Throws `registry/digest-mismatch` where the file is not the descriptor's.
   */
  async importBlob(
    descriptor: Descriptor,
    sourcePath: string,
    options: BlobOptions = {},
  ): Promise<void> {
    await this.#ensure(descriptor, sourcePath, options, async (signal, report) => {
      const path = `${this.#partialPath(descriptor)}.import`;
      try {
        await copyFile(sourcePath, path, constants.COPYFILE_FICLONE);
        const digest = await hashFile(path, {
          signal,
          onOffset: (offset) => {
            report({ bytesDone: offset, bytesTotal: descriptor.size });
          },
        });
        if (digest !== descriptor.digest || (await sizeOfFile(path)) !== descriptor.size) {
          throw new AppError(
            'registry/digest-mismatch',
            `The file ${sourcePath} is not blob ${descriptor.digest}.`,
          );
        }
        await syncFile(path);
      } catch (error) {
        await rm(path, { force: true });
        throw asDiskError(error, path);
      }
      await this.#publish(path, descriptor);
    });
  }

  async #fetch(
    descriptor: Descriptor,
    from: BlobFill,
    growing: GrowingBlob,
    signal: AbortSignal,
    report: (progress: Progress) => void,
  ): Promise<void> {
    const { path } = growing;
    const writer = await BlobWriter.open(path, descriptor, {
      signal,
      onOffset: (offset) => {
        report({ bytesDone: offset, bytesTotal: descriptor.size, growing });
      },
      onFlushed: (flushedBytes) => {
        // What a reader has read was wrong, or another attempt's.
        if (flushedBytes < growing.readableBytes) growing.end('failed');
        growing.growTo(flushedBytes);
      },
    });
    try {
      await fillChecked(writer, from, signal);
      await writer.sync();
    } catch (error) {
      await writer.close().catch(() => undefined);
      // Bytes that are wrong would spoil every later attempt.
      if (isAppError(error, 'registry/digest-mismatch')) await rm(path, { force: true });
      throw asDiskError(error, path);
    }
    await writer.close();
    await this.#publish(path, descriptor);
  }

  /**
   * Takes a private file of the same file system over as a blob. The caller has computed digest and
   * size of the descriptor from the bytes that it wrote there.
   */
  async adoptBlob(descriptor: Descriptor, path: string): Promise<void> {
    await this.#leases.touch(descriptor.digest);
    if (await this.#isPresent(descriptor)) return;
    try {
      await syncFile(path);
      await this.#publish(path, descriptor);
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  async #ensure(
    descriptor: Descriptor,
    means: string,
    options: BlobOptions,
    work: (signal: AbortSignal, report: (progress: Progress) => void) => Promise<void>,
  ): Promise<void> {
    const { signal, onProgress, onGrowing } = options;
    const what = fetchOf(descriptor.digest);
    if (signal?.aborted === true) throw cancelledError(what);
    await this.#leases.touch(descriptor.digest);
    if (await this.#isPresent(descriptor)) {
      onProgress?.(descriptor.size, descriptor.size);
      return;
    }
    await this.#work.run({
      key: what,
      means,
      signal,
      onProgress: ({ bytesDone, bytesTotal, growing }) => {
        onProgress?.(bytesDone, bytesTotal);
        if (growing !== undefined) onGrowing?.(growing);
      },
      work: async (workSignal, report) => {
        // It may have come since we looked.
        if (await this.#isPresent(descriptor)) return;
        await work(workSignal, report);
      },
    });
  }

  /** A blob of another size is damaged, or its descriptor lies; its hash tells which. */
  async #isPresent(descriptor: Descriptor): Promise<boolean> {
    const path = this.blobPath(descriptor.digest);
    const size = await sizeOfFile(path);
    if (size === undefined || size === descriptor.size) return size !== undefined;
    if ((await hashFile(path)) === descriptor.digest) {
      throw new AppError(
        'registry/digest-mismatch',
        `Blob ${descriptor.digest} has ${String(size)} bytes, not ${String(descriptor.size)} as the image says.`,
      );
    }
    await rm(path, { force: true });
    return false;
  }

  #partialPath(descriptor: Descriptor): string {
    return join(this.#partial, digestHex(descriptor.digest));
  }

  async #publish(path: string, descriptor: Pick<Descriptor, 'digest'>): Promise<void> {
    await rename(path, this.blobPath(descriptor.digest));
    await syncDirectory(this.#blobs);
  }
}

/** What is fetched at a time, in words. */
function fetchOf(digest: string): string {
  return `The fetch of ${digest}`;
}

/** Runs the fill; where what came in several answers proves wrong, once more from the start. */
async function fillChecked(writer: BlobWriter, from: BlobFill, signal: AbortSignal): Promise<void> {
  const { size, digest } = writer.descriptor;
  for (let attempt = 1; ; attempt += 1) {
    if (writer.offset < size) await from.fill(writer, signal);
    if (writer.isRight()) return;
    if (attempt > 1 || !writer.isJoined) {
      throw new AppError(
        'registry/digest-mismatch',
        `The bytes that came for blob ${digest} have another digest or size.`,
      );
    }
    await writer.restart();
  }
}
