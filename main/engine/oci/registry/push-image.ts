/** An image into a registry: the OCI distribution specification, "Push". */
import type { ImageReference } from '../../../contract/image-reference.ts';
import type { Credential } from '../../../contract/registry.ts';
import { AppError } from '../../base/app-error.ts';
import { Limiter } from '../../base/limiter.ts';
import { BlobUpload, checkAnsweredDigest, type UploadOutcome } from './blob-upload.ts';
import type { ContentStore } from '../content-store.ts';
import { sizeOfFile } from '../file-bytes.ts';
import type { Descriptor } from '../image-source.ts';
import { pushRefusal } from './push-refusal.ts';
import { quote } from '../quote.ts';
import type { RegistryRequests } from './registry-requests.ts';
import { withRetries, type Backoff } from './retry.ts';

/** An image of the store, ready to be sent. */
export interface PushableImage {
  readonly manifest: Descriptor;
  readonly manifestBytes: Uint8Array;
  /** Configuration and layers. */
  readonly blobs: readonly Descriptor[];
}

/** How far a push is. */
export type PushProgress =
  | { readonly type: 'planned'; readonly blobs: readonly Descriptor[] }
  | { readonly type: 'begin'; readonly digest: string }
  | { readonly type: 'sent'; readonly digest: string; readonly bytesDone: number }
  | ({ readonly type: 'end'; readonly digest: string } & UploadOutcome)
  | { readonly type: 'manifest'; readonly phase: 'start' | 'done' };

/** Options of {@link pushImage}. */
export interface PushOptions {
  /** Used once, in place of any that is kept. */
  readonly credential?: Credential | undefined;
  /** Another repository of the same registry that may have a blob. */
  readonly mountFrom?: ((digest: string) => string | undefined) | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: PushProgress) => void) | undefined;
}

/** What a push goes over. */
export interface PushTools {
  readonly requests: RegistryRequests;
  readonly store: ContentStore;
  readonly backoffMs: Backoff;
}

/** As many as Docker's. */
const parallelUploads = 5;

/**
 * Sends what the registry lacks of an image, its manifest last.
 * @throws AppError `image/incomplete` where the store lacks a part, before anything is sent;
 * `registry/…`, `operation/cancelled`
 */
export async function pushImage(
  image: PushableImage,
  target: ImageReference,
  tools: PushTools,
  options: PushOptions,
): Promise<void> {
  const { onProgress } = options;
  const blobs = [...new Map(image.blobs.map((blob) => [blob.digest, blob])).values()];
  await checkPresent(blobs, tools.store);
  onProgress?.({ type: 'planned', blobs });
  await uploadAll(blobs, target, tools, options);
  onProgress?.({ type: 'manifest', phase: 'start' });
  await putManifest(image, target, tools, options);
  onProgress?.({ type: 'manifest', phase: 'done' });
}

async function checkPresent(blobs: readonly Descriptor[], store: ContentStore): Promise<void> {
  for (const { digest, size } of blobs) {
    const found = await sizeOfFile(store.blobPath(digest));
    if (found === size) continue;
    const problem = found === undefined ? 'not in the store any more' : 'damaged in the store';
    throw new AppError('image/incomplete', `The part ${digest} of the image is ${problem}.`);
  }
}

/** All of them; where one fails the others are ended, and the first failure is thrown. */
async function uploadAll(
  blobs: readonly Descriptor[],
  target: ImageReference,
  { requests, store, backoffMs }: PushTools,
  options: PushOptions,
): Promise<void> {
  const { credential, mountFrom, onProgress } = options;
  const limiter = new Limiter(parallelUploads);
  const abort = new AbortController();
  const signal = AbortSignal.any([options.signal, abort.signal]);
  let failure: { readonly error: unknown } | undefined;
  const upload = async (blob: Descriptor): Promise<void> => {
    if (failure !== undefined) return;
    const { digest } = blob;
    onProgress?.({ type: 'begin', digest });
    const outcome = await new BlobUpload({
      requests,
      target,
      credential,
      blob,
      path: store.blobPath(digest),
      mountFrom: mountFrom?.(digest),
      backoffMs,
      signal,
      onProgress: (bytesDone) => {
        onProgress?.({ type: 'sent', digest, bytesDone });
      },
    }).run();
    onProgress?.({ type: 'end', digest, ...outcome });
  };
  await Promise.all(
    blobs.map((blob) =>
      limiter.run(() =>
        upload(blob).catch((error: unknown) => {
          failure ??= { error };
          abort.abort();
        }),
      ),
    ),
  );
  if (failure !== undefined) throw failure.error;
}

async function putManifest(
  { manifest, manifestBytes }: PushableImage,
  target: ImageReference,
  { requests, backoffMs }: PushTools,
  { credential, signal }: PushOptions,
): Promise<void> {
  const { registry, repository } = target;
  const what = `the manifest of ${quote(repository)}`;
  const answer = await withRetries(
    async () => {
      const answer = await requests.send({
        registry,
        repository,
        credential,
        actions: 'pull,push',
        method: 'PUT',
        path: `manifests/${target.tag ?? manifest.digest}`,
        headers: { 'content-type': manifest.mediaType },
        body: {
          length: manifestBytes.length,
          open: async function* () {
            yield await Promise.resolve(manifestBytes);
          },
        },
        signal,
      });
      if (![200, 201, 202].includes(answer.status)) throw await pushRefusal(answer, target, what);
      await answer.discard();
      return answer;
    },
    { backoffMs, signal },
  );
  checkAnsweredDigest(answer, manifest.digest, what);
}
