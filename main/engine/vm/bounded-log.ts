import { open, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { AppError } from '../base/app-error.ts';

/**
 * A log file that keeps the last of what was written and never grows past a bound, however much a
 * guest says. A file that cannot be written loses the bytes: the machine must not wait for it.
 */
export class BoundedLog {
  readonly #path: string;
  readonly #maxBytes: number;
  #file: FileHandle;
  #size: number;

  private constructor(path: string, maxBytes: number, file: FileHandle, size: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#file = file;
    this.#size = size;
  }

  /** Opens the file, empty (`new`) or to go on from what it has (`continue`). */
  static async open(
    path: string,
    options: { readonly mode: 'new' | 'continue'; readonly maxBytes: number },
  ): Promise<BoundedLog> {
    try {
      const file = await open(path, options.mode === 'new' ? 'w+' : 'a+', 0o600);
      return new BoundedLog(path, options.maxBytes, file, (await file.stat()).size);
    } catch (cause) {
      throw new AppError('vm/start-failed', `The log ${path} cannot be opened.`, { cause });
    }
  }

  /** Resolves when the bytes are written. One call at a time. */
  async append(bytes: Uint8Array): Promise<void> {
    const kept = bytes.subarray(Math.max(0, bytes.length - this.#maxBytes / 2));
    try {
      if (this.#size + kept.length > this.#maxBytes) await this.#dropOldest();
      await this.#file.write(kept, 0, kept.length, this.#size);
      this.#size += kept.length;
    } catch {
      // A full disk: see above.
    }
  }

  /** The last bytes, as text. */
  async tail(maxBytes: number): Promise<string> {
    const length = Math.min(this.#size, maxBytes);
    try {
      const { buffer } = await this.#file.read(
        Buffer.alloc(length),
        0,
        length,
        this.#size - length,
      );
      return buffer.toString('utf8');
    } catch {
      return '';
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Starts again with the newer half; a reader sees the old file or the new one. */
  async #dropOldest(): Promise<void> {
    const keep = Math.min(this.#size, Math.floor(this.#maxBytes / 2));
    const { buffer } = await this.#file.read(Buffer.alloc(keep), 0, keep, this.#size - keep);
    const draft = `${this.#path}.new`;
    await writeFile(draft, buffer, { mode: 0o600 });
    const file = await open(draft, 'r+');
    await rename(draft, this.#path);
    await this.#file.close();
    this.#file = file;
    this.#size = keep;
  }
}
