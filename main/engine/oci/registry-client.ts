/** Pulls from a registry, anonymously: the OCI distribution specification, "Pull". */
import { formatImageReference, type ImageReference } from '../../contract/image-reference.ts';
import { AppError } from '../base/app-error.ts';
import { TokenCache } from './auth.ts';
import { removeBlobIfWrong } from './blob-soundness.ts';
import { fillFromRegistry } from './blob-fetch.ts';
import type { ContentStore } from './content-store.ts';
import { digestOf } from './digest.ts';
import { limits, type DocumentOrigin } from './document.ts';
import { registryOrigin } from './endpoint.ts';
import { defaultHttpTimeouts, httpGet, type HttpAnswer, type HttpTimeouts } from './http.ts';
import type { BlobSource, Descriptor, ResolvedImage } from './image-source.ts';
import { acceptedManifests } from './media-types.ts';
import type { GuestPlatform } from './platform.ts';
import { quote } from './quote.ts';
import { resolveImage, type RootDocument } from './resolve-image.ts';
import { defaultBackoffMs, withRetries, type Backoff } from './retry.ts';
import { statusError } from './status-error.ts';

/** Options of {@link RegistryClient}. */
export interface RegistryClientOptions {
  readonly store: ContentStore;
  readonly timeouts?: Partial<HttpTimeouts>;
  readonly backoffMs?: Backoff;
}

/** Options of {@link RegistryClient.resolve}. */
export interface ResolveOptions {
  readonly platform: GuestPlatform;
  readonly signal?: AbortSignal | undefined;
}

/** A client of every registry; it keeps tokens in memory and blobs in the store. */
export class RegistryClient {
  readonly #store: ContentStore;
  readonly #timeouts: HttpTimeouts;
  readonly #backoffMs: Backoff;
  readonly #tokens = new TokenCache();

  constructor(options: RegistryClientOptions) {
    this.#store = options.store;
    this.#timeouts = { ...defaultHttpTimeouts, ...options.timeouts };
    this.#backoffMs = options.backoffMs ?? defaultBackoffMs;
  }

  /**
   * Finds the image and brings its manifest and configuration into the store. A reference by
   * digest that is there already needs no network. Throws `image/…`, `registry/…`, `store/…` or
   * `operation/cancelled`.
   */
  async resolve(reference: ImageReference, options: ResolveOptions): Promise<ResolvedImage> {
    const { signal } = options;
    const name = formatImageReference(reference);
    const origin: DocumentOrigin = { name, malformed: 'registry/bad-answer' };
    const root = await this.#rootDocument(reference, signal);
    return await resolveImage(name, root, options.platform, {
      origin,
      readManifest: async (descriptor) => {
        const { bytes } = await this.#manifest(reference, descriptor.digest, signal);
        if (bytes.length === descriptor.size) return bytes;
        throw new AppError(
          'registry/digest-mismatch',
          `Manifest ${descriptor.digest} of ${quote(name)} has ${String(bytes.length)} bytes, not ${String(descriptor.size)} as its index says.`,
        );
      },
      readConfig: async (descriptor) => {
        const { digest } = descriptor;
        // A damaged one is fetched again, and another one refused.
        const known = await this.#readStored(digest, limits.configBytes);
        if (known?.length === descriptor.size) return known;
        await this.sourceFor(reference).fetchBlob(descriptor, signal ? { signal } : {});
        return await this.#store.readBlob(digest, limits.configBytes);
      },
    });
  }

  /** The blobs of the reference's repository, fetched into the store. */
  sourceFor(reference: ImageReference): BlobSource {
    return {
      fetchBlob: (descriptor, options) => this.#fetchBlob(reference, descriptor, options),
    };
  }

  async #fetchBlob(
    reference: ImageReference,
    descriptor: Descriptor,
    options: Parameters<BlobSource['fetchBlob']>[1],
  ): Promise<void> {
    const what = `blob ${descriptor.digest} of ${quote(formatImageReference(reference))}`;
    const path = `blobs/${descriptor.digest}`;
    const from = {
      source: `${reference.registry}/${reference.repository}`,
      fill: fillFromRegistry({
        what,
        backoffMs: this.#backoffMs,
        get: (headers, signal) => this.#get(reference, path, headers, signal),
      }),
    };
    await this.#store.ensureBlob(descriptor, from, options);
  }

  async #rootDocument(
    reference: ImageReference,
    signal: AbortSignal | undefined,
  ): Promise<RootDocument> {
    if (reference.digest !== undefined) {
      return await this.#manifest(reference, reference.digest, signal);
    }
    return await this.#fetchManifest(reference, reference.tag ?? 'latest', signal);
  }

  async #manifest(
    reference: ImageReference,
    digest: string,
    signal: AbortSignal | undefined,
  ): Promise<RootDocument> {
    const bytes = await this.#readStored(digest, limits.manifestBytes);
    if (bytes !== undefined) return { digest, bytes };
    return await this.#fetchManifest(reference, digest, signal);
  }

  /** A document that is in the store; one that is damaged goes. */
  async #readStored(digest: string, maxBytes: number): Promise<Uint8Array | undefined> {
    if (!(await this.#store.has(digest))) return undefined;
    if (await removeBlobIfWrong(this.#store, digest)) return undefined;
    return await this.#store.readBlob(digest, maxBytes);
  }

  async #fetchManifest(
    reference: ImageReference,
    tagOrDigest: string,
    signal: AbortSignal | undefined,
  ): Promise<RootDocument> {
    const name = quote(formatImageReference(reference));
    const byDigest = tagOrDigest === reference.digest || tagOrDigest.includes(':');
    const headers = { accept: acceptedManifests };
    const { bytes, mediaType, promised } = await withRetries(
      async () => {
        const answer = await this.#get(reference, `manifests/${tagOrDigest}`, headers, signal);
        if (answer.status !== 200)
          throw await statusError(answer, `image ${name}`, 'image/not-found');
        return {
          bytes: await answer.read(limits.manifestBytes),
          mediaType: answer.header('content-type')?.split(';')[0]?.trim().toLowerCase(),
          promised: byDigest ? tagOrDigest : answer.header('docker-content-digest'),
        };
      },
      { backoffMs: this.#backoffMs, signal },
    );
    const digest = digestOf(bytes);
    if (promised?.startsWith('sha256:') === true && promised !== digest) {
      throw new AppError(
        'registry/digest-mismatch',
        `The manifest that came for ${name} has digest ${digest}, not ${quote(promised)}.`,
      );
    }
    await this.#store.writeBlob(bytes);
    return { digest, bytes, mediaType };
  }

  /** One request to the API, with a token where the registry asks for one. */
  async #get(
    reference: ImageReference,
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    const { registry, repository } = reference;
    const url = new URL(`v2/${repository}/${path}`, registryOrigin(registry));
    const request = { url, headers, timeouts: this.#timeouts, signal };
    const authorization = this.#tokens.current(url, repository);
    const answer = await httpGet({ ...request, authorization });
    if (answer.status !== 401 || !answer.sameOrigin) return answer;
    const challenge = answer.header('www-authenticate');
    await answer.discard();
    const renewed = await this.#tokens.renew({ ...request, challenge, repository });
    return await httpGet({ ...request, authorization: renewed });
  }
}
