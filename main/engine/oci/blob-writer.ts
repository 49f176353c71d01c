/** A blob on its way to the store: a partial file whose hash goes along with its bytes. */
import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../base/app-error.ts';
import { asDiskError } from '../base/disk-error.ts';
import type { Descriptor } from './image-source.ts';

const flushBytes = 256 * 1024;

/** Options of {@link BlobWriter.open}. */
export interface BlobWriterOptions {
  readonly signal?: AbortSignal;
  /** Hears `offset` whenever it changes. */
  readonly onOffset?: (offset: number) => void;
  /** Hears how many bytes the file has whenever that changes; fewer than before after a restart. */
  readonly onFlushed?: (flushedBytes: number) => void;
}

/** Takes the bytes of one blob in order. Invariant: the hash covers exactly `offset` bytes. */
export class BlobWriter {
  readonly path: string;
  readonly descriptor: Descriptor;
  readonly #file: FileHandle;
  readonly #onOffset: BlobWriterOptions['onOffset'];
  readonly #onFlushed: BlobWriterOptions['onFlushed'];
  #hash: Hash = createHash('sha256');
  #offset = 0;
  #isJoined = false;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #flushing: Promise<void> = Promise.resolve();

  private constructor(
    path: string,
    descriptor: Descriptor,
    file: FileHandle,
    options: BlobWriterOptions,
  ) {
    this.path = path;
    this.descriptor = descriptor;
    this.#file = file;
    this.#onOffset = options.onOffset;
    this.#onFlushed = options.onFlushed;
  }

  /** Opens the partial file and reads what it holds already, to go on from there. */
  static async open(
    path: string,
    descriptor: Descriptor,
    options: BlobWriterOptions = {},
  ): Promise<BlobWriter> {
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
    const file = await open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
    const writer = new BlobWriter(path, descriptor, file, options);
    try {
      await writer.#readBack(options.signal);
      return writer;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Bytes held so far; the next write goes here. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether what it holds came in more than one answer, which need not fit together. */
  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** Says that what follows comes from another answer. */
  join(): void {
    this.#isJoined = true;
  }

  /**
   * Takes the next bytes. Throws `registry/digest-mismatch` at the first byte beyond the size of
   * the descriptor, so that an endless body ends there. The caller must not change the chunk later.
   */
  async write(chunk: Uint8Array): Promise<void> {
    const { size, digest } = this.descriptor;
    if (chunk.length > size - this.#offset) {
      throw new AppError(
        'registry/digest-mismatch',
        `More than the ${String(size)} bytes that blob ${digest} has were sent.`,
      );
    }
    this.#hash.update(chunk);
    this.#offset += chunk.length;
    this.#onOffset?.(this.#offset);
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= flushBytes) await this.#flush();
  }

  /** Forgets every byte. */
  async restart(): Promise<void> {
    await this.#flushing.catch(() => undefined);
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.#file.truncate(0);
    this.#hash = createHash('sha256');
    this.#offset = 0;
    this.#isJoined = false;
    this.#onOffset?.(0);
    this.#onFlushed?.(0);
  }

  /** Whether size and digest are right. */
  isRight(): boolean {
    const { size, digest } = this.descriptor;
    // A copy, because a hash that has given its digest takes no more bytes.
    return this.#offset === size && `sha256:${this.#hash.copy().digest('hex')}` === digest;
  }

  /** Flushes everything to the disk. */
  async sync(): Promise<void> {
    await this.#drain();
    await this.#file.sync();
  }

  /** Writes out what is buffered, so that the next fetch goes on from it, and closes. */
  async close(): Promise<void> {
    try {
      await this.#drain();
    } finally {
      await this.#file.close();
    }
  }

  async #drain(): Promise<void> {
    await this.#flush();
    await this.#flushing;
  }

  /** Waits for the write before this one only: the disk works while the next bytes arrive. */
  async #flush(): Promise<void> {
    await this.#flushing;
    if (this.#pendingBytes === 0) return;
    const buffers = this.#pending;
    const position = this.#offset - this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#flushing = this.#writeAll(buffers, position);
    // Seen by whoever flushes next; a rejection in between must not end the process.
    this.#flushing.catch(() => undefined);
  }

  async #writeAll(buffers: Uint8Array[], position: number): Promise<void> {
    try {
      let rest = buffers;
      let done = 0;
      while (rest.length > 0) {
        const { bytesWritten } = await this.#file.writev(rest, position + done);
        done += bytesWritten;
        rest = withoutFirst(rest, bytesWritten);
      }
      this.#onFlushed?.(position + done);
    } catch (error) {
      throw asDiskError(error, this.path);
    }
  }

  async #readBack(signal: AbortSignal | undefined): Promise<void> {
    const { size } = await this.#file.stat();
    if (size > this.descriptor.size) {
      await this.#file.truncate(0);
      return;
    }
    const buffer = Buffer.allocUnsafe(Math.min(size, flushBytes));
    while (this.#offset < size) {
      signal?.throwIfAborted();
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#offset);
      if (bytesRead === 0) break;
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#offset += bytesRead;
    }
    if (this.#offset === 0) return;
    this.#isJoined = true;
    this.#onOffset?.(this.#offset);
    this.#onFlushed?.(this.#offset);
  }
}

/** What is left of the buffers when so many bytes of them are written. */
function withoutFirst(buffers: readonly Uint8Array[], byteCount: number): Uint8Array[] {
  let left = byteCount;
  const rest: Uint8Array[] = [];
  for (const buffer of buffers) {
    const taken = Math.min(left, buffer.length);
    left -= taken;
    if (taken < buffer.length) rest.push(buffer.subarray(taken));
  }
  return rest;
}
