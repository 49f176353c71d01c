/** Makes everything of a resolved image present: blobs, layers, root. */
import { AppError, cancelledError } from '../base/app-error.ts';
import type { Leases } from '../base/leases.ts';
import type { ContentStore } from '../oci/content-store.ts';
import type { BlobSource, LayerDescriptor, ResolvedImage } from '../oci/image-source.ts';
import { EarlyUnpack } from './early-unpack.ts';
import { LayerReporter } from './layer-progress.ts';
import { isDamage, type LayerStore } from './layer-store.ts';
import type { Limiter } from '../base/limiter.ts';
import type { RootRecord, RootStore } from './root-store.ts';
import type { PullProgress } from './types.ts';

/** The stores that an image is made present in. */
export interface ImageStores {
  readonly content: ContentStore;
  readonly layers: LayerStore;
  readonly roots: RootStore;
  /** Bounds the blobs that are fetched at the same time. */
  readonly fetches: Limiter;
  /** Within one, what an image is made of stays while it comes. */
  readonly leases: Leases;
}

/** Options of {@link prepareImage}. */
export interface PrepareOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
}

/**
 * Fetches and unpacks what is missing, layers in parallel, and composes the root. A layer whose
 * index proves damaged is unpacked once more.
 */
export async function prepareImage(
  image: ResolvedImage,
  source: BlobSource,
  stores: ImageStores,
  options: PrepareOptions,
): Promise<RootRecord> {
  const { onProgress } = options;
  onProgress?.({
    type: 'resolved',
    layers: image.layers.map(({ digest, size }) => ({ digest, sizeBytes: size })),
  });
  const diffIds = image.layers.map(({ diffId }) => diffId);
  const blobs = image.layers.map(({ digest }) => digest);
  await stores.leases.touch(image.digest, ...blobs, ...diffIds);
  for (let attempt = 1; ; attempt++) {
    await prepareLayers(image.layers, source, stores, options);
    try {
      onProgress?.({ type: 'root', phase: 'start' });
      await stores.roots.ensure(image, options.signal);
      break;
    } catch (error) {
      if (attempt > 1 || !isDamage(error)) throw error;
      if (!(await stores.layers.removeDamaged(diffIds))) throw error;
    }
  }
  onProgress?.({ type: 'root', phase: 'done' });
  const record = await stores.roots.get(image.digest);
  if (record !== undefined) return record;
  throw new AppError('store/corrupt', `The root of ${image.reference} was made and is not there.`);
}

/** All layers; where one fails the others are cancelled, and the first failure is thrown. */
async function prepareLayers(
  layers: readonly LayerDescriptor[],
  source: BlobSource,
  stores: ImageStores,
  options: PrepareOptions,
): Promise<void> {
  const abort = new AbortController();
  const signal = AbortSignal.any([options.signal, abort.signal]);
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    layers.map(async (layer) => {
      try {
        await prepareLayer(layer, source, stores, { ...options, signal });
      } catch (error) {
        failure ??= { error };
        abort.abort();
      }
    }),
  );
  if (failure !== undefined) throw failure.error;
}

/**
 * One layer. Its blob stays in the store when it is unpacked: pushing and exporting the image
 * need it as it came.
 */
async function prepareLayer(
  layer: LayerDescriptor,
  source: BlobSource,
  stores: ImageStores,
  { signal, onProgress }: PrepareOptions,
): Promise<void> {
  const reporter = new LayerReporter(layer, onProgress);
  if (await stores.layers.has(layer.diffId)) {
    reporter.end('present');
    return;
  }
  const early = new EarlyUnpack(layer, stores.layers, signal);
  try {
    await stores.fetches.run(async () => {
      if (signal.aborted) throw cancelledError(`Layer ${layer.digest}`);
      await source.fetchBlob(layer, {
        signal,
        onProgress: (bytesDone) => {
          reporter.at('download', bytesDone);
        },
        onGrowing: (blob) => {
          early.begin(blob);
        },
      });
    });
    reporter.at('unpack', 0);
    early.report((blobBytes) => {
      reporter.at('unpack', blobBytes);
    });
  } finally {
    await early.end();
  }
  // Where the unpacking from the beginning went well this finds the layer there.
  await stores.layers.ensure(layer, stores.content.blobPath(layer.digest), {
    signal,
    onProgress: (blobBytes) => {
      reporter.at('unpack', blobBytes);
    },
  });
  reporter.end('done');
}
