/** Unpacked layers on the disk, by the digest of their tar; each is there whole or not at all. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { syncDirectory } from '../base/atomic-file.ts';
import { isAppError, type AppError } from '../base/app-error.ts';
import { asDiskError } from '../base/disk-error.ts';
import { Leases } from '../base/leases.ts';
import { SharedWork } from '../base/shared-work.ts';
import { blockBytes } from '../erofs/format/block.ts';
import { digestHex, isDigest } from '../oci/digest.ts';
import { syncFile } from '../oci/file-bytes.ts';
import type { GrowingBlob } from '../oci/growing-blob.ts';
import type { LayerDescriptor } from '../oci/image-source.ts';
import { layerIndexVersion, readLayerHead, parseLayerIndex } from './layer-index.ts';
import { LayerProblem } from './layer-problem.ts';
import { Limiter } from '../base/limiter.ts';
import { runWorker } from './run-worker.ts';

/** What unpacking a layer has to know of it. */
export type UnpackableLayer = Pick<LayerDescriptor, 'digest' | 'diffId' | 'compression'>;

/** Options of {@link LayerStore.ensure}. */
export interface EnsureLayerOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears how many bytes of the blob were read. */
  readonly onProgress?: ((blobBytes: number) => void) | undefined;
}

/** Another version of the format has another name, so that what an older Skerry made is made anew. */
const indexName = `index.v${String(layerIndexVersion)}`;
const dataName = 'data';
const headBytes = 128;
/**
 * Layers that are unpacked while they come. One more worker is for those that are whole already:
 * who waits for the network must not keep them waiting. Each takes some 40 MiB of memory.
 */
const mostFollowers = Math.min(availableParallelism(), 2);

/** The layers of a store. One process owns its directory. */
export class LayerStore {
  readonly #layers: string;
  readonly #unfinished: string;
  readonly #work = new SharedWork<number>();
  readonly #followers = new Limiter(mostFollowers);
  readonly #workers = new Limiter(mostFollowers + 1);
  /** What is renamed into the place of a layer goes there one after the other. */
  readonly #publishing = new Limiter(1);
  readonly #leases: Leases;

  private constructor(dir: string, leases: Leases) {
    this.#layers = join(dir, 'layers');
    this.#unfinished = join(dir, 'unfinished');
    this.#leases = leases;
  }

  /**
   * Opens the store and clears away what an interrupted process left. A layer that is looked at
   * or unpacked within one of the leases stays until that ends.
   */
  static async open(dir: string, leases = new Leases()): Promise<LayerStore> {
    const store = new LayerStore(dir, leases);
    await rm(store.#unfinished, { recursive: true, force: true });
    await mkdir(store.#unfinished, { recursive: true, mode: 0o700 });
    await mkdir(store.#layers, { recursive: true, mode: 0o700 });
    return store;
  }

  /** Path of a layer's data, there or not. */
  dataPath(diffId: string): string {
    return join(this.#dir(diffId), dataName);
  }

  /** Path of a layer's index, there or not. */
  indexPath(diffId: string): string {
    return join(this.#dir(diffId), indexName);
  }

  /** Whether the layer is there, its data as long as its index says. */
  async has(diffId: string): Promise<boolean> {
    await this.#leases.touch(diffId);
    return (await this.#dataBytes(diffId)) !== undefined;
  }

  /** What there is of the layer: the size of its data, and what data and index occupy. */
  async onDisk(diffId: string): Promise<{ dataBytes: number | undefined; diskBytes: number }> {
    const [data, index] = await Promise.all(
      [this.dataPath(diffId), this.indexPath(diffId)].map((path) => sizesOf(path)),
    );
    return {
      dataBytes: data?.sizeBytes,
      diskBytes: (data?.diskBytes ?? 0) + (index?.diskBytes ?? 0),
    };
  }

  /**
   * Unpacks the layer unless it is there; who asks for one that is being unpacked joins in.
   * Of a blob that still grows, what is there is unpacked while the rest comes; the layer is there
   * only once the blob proved right.
   * @throws AppError `image/layer-corrupt`, `image/layer-unsafe`, `image/unsupported`,
   *   `store/no-space`, `operation/cancelled`; nothing is left behind then
   */
  async ensure(
    layer: UnpackableLayer,
    blob: string | GrowingBlob,
    options: EnsureLayerOptions = {},
  ): Promise<void> {
    await this.#leases.touch(layer.diffId);
    const { digest, diffId, compression } = layer;
    await this.#work.run({
      key: `Layer ${diffId}`,
      // Another image may be wrong about what blob it is made of, and how. Who has the whole blob
      // does not share the failure of who had it in the making.
      means: [digest, compression, typeof blob === 'string' ? 'whole' : 'growing'].join(' '),
      signal: options.signal,
      onProgress: options.onProgress,
      work: async (signal, report) => {
        if (await this.has(layer.diffId)) return;
        const isWhole = typeof blob === 'string';
        const unpack = () =>
          this.#workers.run(
            () => this.#unpack(layer, blob, { signal, onProgress: report }),
            signal,
          );
        if (isWhole) {
          await unpack();
          return;
        }
        // Its turn could come long after the blob is whole.
        if (!this.#followers.hasRoom || !this.#workers.hasRoom) {
          throw new Error('Enough layers are being unpacked.');
        }
        await this.#followers.run(unpack);
      },
    });
  }

  /** Removes a layer, there or not. */
  async remove(diffId: string): Promise<void> {
    await rm(this.#dir(diffId), { recursive: true, force: true });
  }

  /** Removes those of the layers whose index is damaged. Returns whether there were any. */
  async removeDamaged(diffIds: readonly string[]): Promise<boolean> {
    let removed = false;
    for (const diffId of diffIds) {
      if (await this.isIndexSound(diffId)) continue;
      await this.remove(diffId);
      removed = true;
    }
    return removed;
  }

  /** The layers that have a directory, whatever is in it. */
  async diffIds(): Promise<string[]> {
    const names = await readdir(this.#layers);
    return names.map((name) => name.replace(/^sha256-/, 'sha256:')).filter(isDigest);
  }

  /**
   * What of the layer is not as its blob has it, in a sentence; undefined where all is. Takes as
   * long as unpacking it, and no room.
   * @throws AppError as {@link ensure}, where the blob cannot be unpacked
   */
  async compare(
    layer: UnpackableLayer,
    blobPath: string,
    options: EnsureLayerOptions = {},
  ): Promise<string | undefined> {
    const { compression, diffId, digest } = layer;
    const dataPath = this.dataPath(diffId);
    const indexPath = this.indexPath(diffId);
    try {
      await this.#workers.run(
        () =>
          runWorker(
            { kind: 'compare', blob: { path: blobPath }, compression, diffId, dataPath, indexPath },
            { what: `Layer ${digest}`, ...options },
          ),
        options.signal,
      );
      return undefined;
    } catch (error) {
      if (isDamage(error)) return error.message.replace(/^Layer sha256:\w+: /, '');
      throw error;
    }
  }

  /**
   * Puts a layer that was unpacked anew in the place of one that is damaged. Whoever has its files
   * open keeps them; at no moment is there less than before.
   */
  async replace(
    layer: UnpackableLayer,
    blobPath: string,
    options: EnsureLayerOptions = {},
  ): Promise<void> {
    await this.#workers.run(
      () => this.#unpack(layer, blobPath, options, this.#exchange),
      options.signal,
    );
  }

  async #unpack(
    layer: UnpackableLayer,
    blob: string | GrowingBlob,
    options: EnsureLayerOptions,
    publish = this.#publish,
  ): Promise<void> {
    const temporary = join(this.#unfinished, randomUUID());
    const dataPath = join(temporary, dataName);
    const indexPath = join(temporary, indexName);
    const { compression, diffId } = layer;
    const job = { kind: 'unpack', compression, diffId, dataPath, indexPath } as const;
    const what = `Layer ${layer.digest}`;
    try {
      await mkdir(temporary, { mode: 0o700 });
      if (typeof blob === 'string') {
        await runWorker({ ...job, blob: { path: blob } }, { what, ...options });
      } else {
        // By a descriptor: the file gets another name when it is whole.
        await using file = await open(blob.path, 'r');
        await runWorker(
          { ...job, blob: { growingFile: file.fd } },
          { what, growing: blob, ...options },
        );
        // The tar may have ended before the blob has.
        if (blob.state !== 'complete') throw new Error(`${what} did not come whole.`);
      }
      await Promise.all([syncFile(dataPath), syncFile(indexPath)]);
      await syncDirectory(temporary);
      await this.#publishing.run(() => publish(temporary, diffId));
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw asDiskError(error, temporary);
    }
  }

  readonly #publish = async (temporary: string, diffId: string): Promise<void> => {
    const dir = this.#dir(diffId);
    // It came of another blob meanwhile: whoever has seen it there goes on finding it.
    if ((await this.#dataBytes(diffId)) !== undefined) {
      await rm(temporary, { recursive: true, force: true });
      return;
    }
    // What is there was not whole, or of another version.
    await rm(dir, { recursive: true, force: true });
    await rename(temporary, dir);
    await syncDirectory(this.#layers);
  };

  /** A layer is always unpacked to the same bytes, so its files can go in one after the other. */
  readonly #exchange = async (temporary: string, diffId: string): Promise<void> => {
    const dir = this.#dir(diffId);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await rename(join(temporary, dataName), this.dataPath(diffId));
    await rename(join(temporary, indexName), this.indexPath(diffId));
    await syncDirectory(dir);
    await syncDirectory(this.#layers);
    await rm(temporary, { recursive: true, force: true });
  };

  /** Whether the index of the layer can be read whole. */
  async isIndexSound(diffId: string): Promise<boolean> {
    try {
      const index = parseLayerIndex(await readFile(this.indexPath(diffId)));
      for (const _entry of index.entries);
      return true;
    } catch (error) {
      if (error instanceof LayerProblem) return false;
      throw error;
    }
  }

  async #dataBytes(diffId: string): Promise<number | undefined> {
    try {
      const [data, blocks] = await Promise.all([
        stat(this.dataPath(diffId)),
        readHead(this.indexPath(diffId)),
      ]);
      return data.size === blocks * blockBytes ? data.size : undefined;
    } catch {
      return undefined;
    }
  }

  #dir(diffId: string): string {
    return join(this.#layers, `sha256-${digestHex(diffId)}`);
  }
}

/** Whether the error says that an index is damaged. */
export function isDamage(error: unknown): error is AppError {
  return isAppError(error, 'store/corrupt');
}

/** Length of a file and the bytes that it occupies, holes not counted; undefined where there is none. */
export async function sizesOf(
  path: string,
): Promise<{ sizeBytes: number; diskBytes: number } | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && { sizeBytes: found.size, diskBytes: found.blocks * 512 };
}

async function readHead(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return readLayerHead(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
