/** Pulls from a registry: the OCI distribution specification, "Pull". */
import { formatImageReference, type ImageReference } from '../../contract/image-reference.ts';
import type { Credential } from '../../contract/registry.ts';
import { AppError } from '../base/app-error.ts';
import { RegistryAuth, type FindCredential } from './auth.ts';
import { fillFromRegistry } from './blob-fetch.ts';
import type { ContentStore } from './content-store.ts';
import { credentialKey } from './credential-words.ts';
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
  /** Asked when a registry wants to know who asks; anonymous by default. */
  readonly findCredential?: FindCredential | undefined;
  readonly timeouts?: Partial<HttpTimeouts>;
  readonly backoffMs?: Backoff;
}

/** Options of {@link RegistryClient.resolve}. */
export interface ResolveOptions {
  readonly platform: GuestPlatform;
  /** In place of any that is kept. */
  readonly credential?: Credential | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Whom a request is for, and until when. */
interface Caller {
  readonly credential?: Credential | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A client of every registry; it keeps tokens in memory and blobs in the store. */
export class RegistryClient {
  readonly #store: ContentStore;
  readonly #timeouts: HttpTimeouts;
  readonly #backoffMs: Backoff;
  readonly #auth: RegistryAuth;

  constructor(options: RegistryClientOptions) {
    this.#store = options.store;
    this.#auth = new RegistryAuth(options.findCredential);
    this.#timeouts = { ...defaultHttpTimeouts, ...options.timeouts };
    this.#backoffMs = options.backoffMs ?? defaultBackoffMs;
  }

  /**
   * Finds the image and brings its manifest and configuration into the store. A reference by
   * digest that is there already needs no network. Throws `image/…`, `registry/…`, `store/…` or
   * `operation/cancelled`.
   */
  async resolve(reference: ImageReference, options: ResolveOptions): Promise<ResolvedImage> {
    const { credential, signal } = options;
    const caller = { credential, signal };
    const name = formatImageReference(reference);
    const origin: DocumentOrigin = { name, malformed: 'registry/bad-answer' };
    const root = await this.#rootDocument(reference, caller);
    return await resolveImage(name, root, options.platform, {
      origin,
      readManifest: async (descriptor) => {
        const { bytes } = await this.#manifest(reference, descriptor.digest, caller);
        if (bytes.length === descriptor.size) return bytes;
        throw new AppError(
          'registry/digest-mismatch',
          `Manifest ${descriptor.digest} of ${quote(name)} has ${String(bytes.length)} bytes, not ${String(descriptor.size)} as its index says.`,
        );
      },
      readConfig: async (descriptor) => {
        const source = this.sourceFor(reference, credential);
        await source.fetchBlob(descriptor, signal ? { signal } : {});
        return await this.#store.readBlob(descriptor.digest, limits.configBytes);
      },
    });
  }

  /** The blobs of the reference's repository, fetched into the store. */
  sourceFor(reference: ImageReference, credential?: Credential): BlobSource {
    return {
      fetchBlob: (descriptor, options) =>
        this.#fetchBlob(reference, descriptor, credential, options),
    };
  }

  /**
   * Asks the registry whether it knows this user.
   * @throws AppError `registry/wrong-password`, `registry/forbidden`, `registry/…`
   */
  async checkLogin(registry: string, credential: Credential, signal?: AbortSignal): Promise<void> {
    const url = new URL('v2/', registryOrigin(registry));
    const request = { registry, url, credential, timeouts: this.#timeouts, signal };
    await withRetries(
      async () => {
        const answer = await this.#auth.send(request, (authorization) =>
          httpGet({ ...request, authorization }),
        );
        if (answer.status === 200) await answer.discard();
        else throw await statusError(answer, 'its API', 'registry/bad-answer');
      },
      { backoffMs: this.#backoffMs, signal },
    );
  }

  async #fetchBlob(
    reference: ImageReference,
    descriptor: Descriptor,
    credential: Credential | undefined,
    options: Parameters<BlobSource['fetchBlob']>[1],
  ): Promise<void> {
    const what = `blob ${descriptor.digest} of ${quote(formatImageReference(reference))}`;
    const path = `blobs/${descriptor.digest}`;
    const from = {
      source: [reference.registry, reference.repository, credentialKey(credential)].join('/'),
      fill: fillFromRegistry({
        what,
        backoffMs: this.#backoffMs,
        get: (headers, signal) => this.#get(reference, path, headers, { credential, signal }),
      }),
    };
    await this.#store.ensureBlob(descriptor, from, options);
  }

  async #rootDocument(reference: ImageReference, caller: Caller): Promise<RootDocument> {
    if (reference.digest !== undefined) {
      return await this.#manifest(reference, reference.digest, caller);
    }
    return await this.#fetchManifest(reference, reference.tag ?? 'latest', caller);
  }

  async #manifest(
    reference: ImageReference,
    digest: string,
    caller: Caller,
  ): Promise<RootDocument> {
    if (await this.#store.has(digest)) {
      return { digest, bytes: await this.#store.readBlob(digest, limits.manifestBytes) };
    }
    return await this.#fetchManifest(reference, digest, caller);
  }

  async #fetchManifest(
    reference: ImageReference,
    tagOrDigest: string,
    caller: Caller,
  ): Promise<RootDocument> {
    const name = quote(formatImageReference(reference));
    const byDigest = tagOrDigest === reference.digest || tagOrDigest.includes(':');
    const headers = { accept: acceptedManifests };
    const { bytes, mediaType, promised } = await withRetries(
      async () => {
        const answer = await this.#get(reference, `manifests/${tagOrDigest}`, headers, caller);
        if (answer.status !== 200)
          throw await statusError(answer, `image ${name}`, 'image/not-found');
        return {
          bytes: await answer.read(limits.manifestBytes),
          mediaType: answer.header('content-type')?.split(';')[0]?.trim().toLowerCase(),
          promised: byDigest ? tagOrDigest : answer.header('docker-content-digest'),
        };
      },
      { backoffMs: this.#backoffMs, signal: caller.signal },
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

  /** One request to the API, by whom the registry wants to hear of. */
  async #get(
    reference: ImageReference,
    path: string,
    headers: Readonly<Record<string, string>>,
    { credential, signal }: Caller,
  ): Promise<HttpAnswer> {
    const { registry, repository } = reference;
    const url = new URL(`v2/${repository}/${path}`, registryOrigin(registry));
    const request = { url, timeouts: this.#timeouts, signal };
    return await this.#auth.send(
      { ...request, registry, repository, credential },
      (authorization) => httpGet({ ...request, headers, authorization }),
    );
  }
}
