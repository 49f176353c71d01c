/** Makes everything of a resolved image present: blobs, layers, root. */
import { AppError, cancelledError, isAppError } from '../base/app-error.ts';
import type { Leases } from '../base/leases.ts';
import { removeBlobIfWrong } from '../oci/blob-soundness.ts';
import type { ContentStore } from '../oci/content-store.ts';
import type { BlobSource, LayerDescriptor, ResolvedImage } from '../oci/image-source.ts';
import { EarlyUnpack } from './early-unpack.ts';
import { LayerReporter } from './layer-progress.ts';
import { isDamage, type LayerStore } from './layer-store.ts';
import type { Limiter } from '../base/limiter.ts';
import type { RootRecord, RootStore } from './root-store.ts';
import { warmWorker } from './run-worker.ts';
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
 * need it as it came, and a damaged layer is made anew from it.
 */
async function prepareLayer(
  layer: LayerDescriptor,
  source: BlobSource,
  stores: ImageStores,
  options: PrepareOptions,
): Promise<void> {
  const reporter = new LayerReporter(layer, options.onProgress);
  const { layers, content } = stores;
  if ((await layers.has(layer.diffId)) && (await content.has(layer.digest))) {
    reporter.end('present');
    return;
  }
  warmWorker();
  const fetchAndUnpack = async (): Promise<void> => {
    await fetchLayer(layer, source, stores, options.signal, reporter);
    await unpackLayer(layer, stores, options.signal, reporter);
  };
  try {
    await fetchAndUnpack();
  } catch (error) {
    // Either the image has a broken layer, or what the store has is not the image's.
    if (!isAppError(error, 'image/layer-corrupt')) throw error;
    if (!(await removeBlobIfWrong(content, layer.digest))) throw error;
    await fetchAndUnpack();
  }
  reporter.end('done');
}

/** The layer is unpacked as it comes, where that goes well. */
async function fetchLayer(
  layer: LayerDescriptor,
  source: BlobSource,
  { fetches, layers }: ImageStores,
  signal: AbortSignal,
  reporter: LayerReporter,
): Promise<void> {
  const early = new EarlyUnpack(layer, layers, signal);
  try {
    await fetches.run(async () => {
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
    }, signal);
    reporter.at('unpack', 0);
    early.report((blobBytes) => {
      reporter.at('unpack', blobBytes);
    });
  } finally {
    await early.end();
  }
}

async function unpackLayer(
  layer: LayerDescriptor,
  { layers, content }: ImageStores,
  signal: AbortSignal,
  reporter: LayerReporter,
): Promise<void> {
  await layers.ensure(layer, content.blobPath(layer.digest), {
    signal,
    onProgress: (blobBytes) => {
      reporter.at('unpack', blobBytes);
    },
  });
}
