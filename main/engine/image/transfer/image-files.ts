/** The files that hold images, in an archive that was taken apart or in a directory. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isAppError } from '../../base/app-error.ts';
import type { ContentStore } from '../../oci/content-store.ts';
import { digestOf } from '../../oci/digest.ts';
import { readWhole, sizeOfFile } from '../../oci/file-bytes.ts';
import type { Descriptor } from '../../oci/image-source.ts';
import { quote } from '../../oci/quote.ts';
import { archiveInvalid } from './archive-error.ts';
import { archiveLimits } from './archive-limits.ts';
import type { ArchiveSpool, SpooledFile } from './archive-spool.ts';

/** Options of {@link ImageFiles.store}. */
export interface StoreOptions {
  readonly signal: AbortSignal;
  readonly onBytes?: ((bytesDone: number) => void) | undefined;
}

/** See the head of this file. Paths are those of the archive, below its top. */
export interface ImageFiles {
  /** For messages. */
  readonly name: string;
  /** Size of a regular file; undefined where there is none. */
  sizeOf(path: string): Promise<number | undefined>;
  /** A small file, whole. @throws AppError `image/archive-invalid` */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  /**
   * Makes a blob of the file, which has to be what the descriptor says.
   * @throws AppError `image/archive-invalid`, `store/no-space`, `operation/cancelled`
   */
  store(
    path: string,
    descriptor: Descriptor,
    content: ContentStore,
    options: StoreOptions,
  ): Promise<void>;
}

/** Counts what is read whole: one document may be that of very many images. */
class DocumentBytes {
  #total = 0;

  /** Throws `image/archive-invalid` for more than all images together may have. */
  add(name: string, sizeBytes: number): void {
    this.#total += sizeBytes;
    const max = archiveLimits.documentBytes;
    if (this.#total <= max) return;
    const problem = `has more than ${String(max)} bytes of manifests and configurations`;
    throw archiveInvalid(name, problem);
  }
}

/** Those of an archive; their digests are known. */
export class ArchiveFiles implements ImageFiles {
  readonly name: string;
  readonly #documents = new DocumentBytes();
  readonly #spool: ArchiveSpool;

  constructor(name: string, spool: ArchiveSpool) {
    this.name = name;
    this.#spool = spool;
  }

  /** Files and links at the top, for messages. */
  paths(): string[] {
    return [...this.#spool.files.keys(), ...this.#spool.links.keys()];
  }

  get(path: string): SpooledFile | undefined {
    return this.#spool.files.get(path);
  }

  /** The file at a path, links of the archive followed. */
  follow(path: string, maxLinks: number): SpooledFile | undefined {
    let at = path;
    for (let links = 0; links <= maxLinks; links++) {
      const target = this.#spool.links.get(at);
      if (target === undefined) return this.get(at);
      at = target;
    }
    return undefined;
  }

  sizeOf(path: string): Promise<number | undefined> {
    return Promise.resolve(this.get(path)?.sizeBytes);
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array> {
    const found = this.get(path);
    if (found === undefined) throw missing(this.name, path);
    if (found.sizeBytes > maxBytes) throw tooLong(this.name, path, maxBytes);
    this.#documents.add(this.name, found.sizeBytes);
    return await readWhole(found.file, found.sizeBytes);
  }

  async store(path: string, descriptor: Descriptor, content: ContentStore): Promise<void> {
    const found = this.get(path);
    if (found === undefined) throw missing(this.name, path);
    if (found.digest !== descriptor.digest || found.sizeBytes !== descriptor.size) {
      throw notTheBlob(this.name, path, descriptor);
    }
    await content.adoptBlob(descriptor, found.file);
  }
}

/** Those of an OCI layout in a directory, no part of whose paths may be a symlink. */
export class DirectoryFiles implements ImageFiles {
  readonly name: string;
  readonly #documents = new DocumentBytes();
  readonly #dir: string;

  private constructor(name: string, dir: string) {
    this.name = name;
    this.#dir = dir;
  }

  static async open(dir: string): Promise<DirectoryFiles> {
    return new DirectoryFiles(dir, await realpath(dir));
  }

  async sizeOf(path: string): Promise<number | undefined> {
    const file = join(this.#dir, path);
    const size = await sizeOfFile(file);
    return size !== undefined && (await realpath(file)) === file ? size : undefined;
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array> {
    const size = await this.sizeOf(path);
    if (size === undefined) throw missing(this.name, path);
    if (size > maxBytes) throw tooLong(this.name, path, maxBytes);
    this.#documents.add(this.name, size);
    return await readWhole(join(this.#dir, path), size);
  }

  async store(
    path: string,
    descriptor: Descriptor,
    content: ContentStore,
    { signal, onBytes }: StoreOptions,
  ): Promise<void> {
    const size = await this.sizeOf(path);
    if (size === undefined) throw missing(this.name, path);
    if (size !== descriptor.size) throw notTheBlob(this.name, path, descriptor);
    try {
      await content.importBlob(descriptor, join(this.#dir, path), { signal, onProgress: onBytes });
    } catch (error) {
      if (!isAppError(error, 'registry/digest-mismatch')) throw error;
      throw notTheBlob(this.name, path, descriptor);
    }
  }
}

/** A document that is addressed by its digest. @throws AppError `image/archive-invalid` */
export async function readDocument(
  files: ImageFiles,
  path: string,
  descriptor: Descriptor,
): Promise<Uint8Array> {
  const bytes = await files.read(path, descriptor.size);
  if (bytes.length !== descriptor.size || digestOf(bytes) !== descriptor.digest) {
    throw notTheBlob(files.name, path, descriptor);
  }
  return bytes;
}

function missing(name: string, path: string): Error {
  return archiveInvalid(name, `does not have the file ${quote(path)}`);
}

function tooLong(name: string, path: string, maxBytes: number): Error {
  const problem = `has the file ${quote(path)}, which is longer than the ${String(maxBytes)} bytes that it may have`;
  return archiveInvalid(name, problem);
}

function notTheBlob(name: string, path: string, { digest, size }: Descriptor): Error {
  const problem = `has the file ${quote(path)}, which is not the ${String(size)} bytes with the digest ${digest}`;
  return archiveInvalid(name, problem);
}
