/** Unpacks a layer while its blob is still coming, so that the wait is for the network alone. */
import type { GrowingBlob } from '../oci/growing-blob.ts';
import type { LayerDescriptor } from '../oci/image-source.ts';
import type { LayerStore } from './layer-store.ts';

/** A smaller blob is there before a worker has started. */
const leastBytes = 4 * 1024 * 1024;

/** One layer's. Its failure is nobody's: the layer is then unpacked from the whole blob. */
export class EarlyUnpack {
  readonly #layer: LayerDescriptor;
  readonly #layers: LayerStore;
  readonly #signal: AbortSignal;
  #work: Promise<void> | undefined;
  #report: ((blobBytes: number) => void) | undefined;

  constructor(layer: LayerDescriptor, layers: LayerStore, signal: AbortSignal) {
    this.#layer = layer;
    this.#layers = layers;
    this.#signal = signal;
  }

  /** Begins with the first blob it is called with, if that is worth it. */
  begin(blob: GrowingBlob): void {
    if (this.#work !== undefined || this.#layer.size < leastBytes || blob.readableBytes === 0) {
      return;
    }
    this.#work = this.#layers
      .ensure(this.#layer, blob, {
        signal: this.#signal,
        onProgress: (blobBytes) => this.#report?.(blobBytes),
      })
      .catch(() => undefined);
  }

  /** From now on its progress is what there is to tell. */
  report(listener: (blobBytes: number) => void): void {
    this.#report = listener;
  }

  /** Resolves when it has ended, whichever way. */
  async end(): Promise<void> {
    await this.#work;
  }
}
