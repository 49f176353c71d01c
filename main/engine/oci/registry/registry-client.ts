/** Registries and what Skerry asks of them: the OCI distribution specification. */
import { formatImageReference, type ImageReference } from '../../../contract/image-reference.ts';
import type { Credential } from '../../../contract/registry.ts';
import { AppError } from '../../base/app-error.ts';
import { silentLogger, type Logger } from '../../base/logger.ts';
import type { FindCredential } from './auth.ts';
import { removeBlobIfWrong } from '../blob-soundness.ts';
import { credentialKey } from './credential-words.ts';
import { fillFromFirst, fillFromRegistry } from './blob-fetch.ts';
import type { BlobFill, ContentStore } from '../content-store.ts';
import { limits, type DocumentOrigin } from '../document.ts';
import { defaultHttpTimeouts, type HttpTimeouts } from './http-answer.ts';
import type { BlobSource, Descriptor, ResolvedImage } from '../image-source.ts';
import { fetchManifest } from './manifest-fetch.ts';
import { parseManifest } from '../manifest.ts';
import { Mirrors } from './mirrors.ts';
import type { GuestPlatform } from '../platform.ts';
import { pushImage, type PushableImage, type PushOptions } from './push-image.ts';
import { quote } from '../quote.ts';
import { RegistryEndpoints, type SettingsOf } from './registry-endpoints.ts';
import { RegistryRequests } from './registry-requests.ts';
import { resolveImage, type RootDocument } from '../resolve-image.ts';
import { defaultBackoffMs, withRetries, type Backoff } from './retry.ts';
import { statusError } from './status-error.ts';
import { listTags } from './tag-list.ts';
import type { Transports } from './transport.ts';

/** Options of {@link RegistryClient}. */
export interface RegistryClientOptions {
  readonly store: ContentStore;
  /** Asked when a registry wants to know who asks; anonymous by default. */
  readonly findCredential?: FindCredential | undefined;
  readonly settingsOf?: SettingsOf;
  readonly logger?: Logger;
  readonly transports?: Transports;
  readonly timeouts?: Partial<HttpTimeouts>;
  readonly backoffMs?: Backoff;
}

/** Options of {@link RegistryClient.resolve}. */
export interface ResolveOptions {
  readonly platform: GuestPlatform;
  /** In place of any that is kept; no mirror is told. */
  readonly credential?: Credential | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Whom a request is for, and until when. */
type Caller = Pick<ResolveOptions, 'credential' | 'signal'>;

/** Where there is another one to ask, or nobody who would wait. */
const noRetries: Backoff = [];

/** A client of every registry; it keeps tokens in memory and blobs in the store. */
export class RegistryClient {
  readonly #store: ContentStore;
  readonly #requests: RegistryRequests;
  readonly #mirrors: Mirrors;
  readonly #backoffMs: Backoff;

  constructor(options: RegistryClientOptions) {
    const { settingsOf = () => undefined, transports, logger = silentLogger } = options;
    const timeouts = { ...defaultHttpTimeouts, ...options.timeouts };
    const endpoints = new RegistryEndpoints({ settingsOf, transports, timeouts });
    this.#store = options.store;
    this.#requests = new RegistryRequests(endpoints, timeouts, options.findCredential);
    this.#mirrors = new Mirrors(settingsOf, logger);
    this.#backoffMs = options.backoffMs ?? defaultBackoffMs;
  }

  /**
   * Finds the image and brings its manifest and configuration into the store. A reference by
   * digest that is there already needs no network. A tag is looked up once; whatever follows is
   * addressed by digest, and may come from any mirror. Throws `image/…`, `registry/…`, `store/…`
   * or `operation/cancelled`.
   */
  async resolve(reference: ImageReference, options: ResolveOptions): Promise<ResolvedImage> {
    const { credential, signal } = options;
    const caller = { credential, signal };
    const name = formatImageReference(reference);
    const origin = originOf(reference);
    const tagOrDigest = reference.digest ?? reference.tag ?? 'latest';
    const root = await this.#manifest(reference, tagOrDigest, caller);
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
        const { digest } = descriptor;
        // A damaged one is fetched again, and another one refused.
        const known = await this.#readStored(digest, limits.configBytes);
        if (known?.length === descriptor.size) return known;
        const source = this.sourceFor(reference, credential);
        await source.fetchBlob(descriptor, signal ? { signal } : {});
        return await this.#store.readBlob(digest, limits.configBytes);
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
    await withRetries(
      async () => {
        const answer = await this.#requests.send({ registry, path: '', credential, signal });
        if (answer.status === 200) await answer.discard();
        else throw await statusError(answer, 'its API', 'registry/bad-answer');
      },
      { backoffMs: this.#backoffMs, signal },
    );
  }

  /** See {@link pushImage}. */
  async push(image: PushableImage, target: ImageReference, options: PushOptions): Promise<void> {
    const tools = { requests: this.#requests, store: this.#store, backoffMs: this.#backoffMs };
    await pushImage(image, target, tools, options);
  }

  /** See {@link listTags}. Asked once: somebody waits who types. */
  async tags(
    repository: Pick<ImageReference, 'registry' | 'repository'>,
    signal?: AbortSignal,
  ): Promise<string[]> {
    return await listTags(this.#requests, repository, { backoffMs: noRetries, signal });
  }

  async #fetchBlob(
    reference: ImageReference,
    descriptor: Descriptor,
    credential: Credential | undefined,
    options: Parameters<BlobSource['fetchBlob']>[1],
  ): Promise<void> {
    const what = `blob ${descriptor.digest} of ${quote(formatImageReference(reference))}`;
    const { registry, repository } = reference;
    const fillFrom = (asked: string, backoffMs: Backoff): BlobFill['fill'] =>
      fillFromRegistry({
        what,
        backoffMs,
        get: (headers, signal) =>
          this.#requests.send({
            registry: asked,
            repository,
            path: `blobs/${descriptor.digest}`,
            headers,
            signal,
            ...(asked === registry && { credential }),
          }),
      });
    const mirrors = this.#mirrors.of(registry).map((mirror) => ({
      fill: fillFrom(mirror, noRetries),
      onSkip: (error: unknown) => {
        this.#mirrors.skip(mirror, what, error);
      },
    }));
    const from = {
      source: [registry, repository, credentialKey(credential)].join('/'),
      fill: fillFromFirst(mirrors, fillFrom(registry, this.#backoffMs)),
    };
    await this.#store.ensureBlob(descriptor, from, options);
  }

  async #manifest(
    reference: ImageReference,
    tagOrDigest: string,
    caller: Caller,
  ): Promise<RootDocument> {
    if (tagOrDigest.includes(':')) {
      const bytes = await this.#readStored(tagOrDigest, limits.manifestBytes);
      if (bytes !== undefined) return { digest: tagOrDigest, bytes };
    }
    const document = await this.#fetchManifest(reference, tagOrDigest, caller);
    await this.#store.writeBlob(document.bytes);
    return document;
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
    caller: Caller,
  ): Promise<RootDocument> {
    const { signal } = caller;
    const asked = { reference, tagOrDigest, signal };
    for (const mirror of this.#mirrors.of(reference.registry)) {
      try {
        const request = { ...asked, registry: mirror, backoffMs: noRetries };
        const document = await fetchManifest(this.#requests, request);
        // What cannot be read as a manifest is the mirror's fault until the registry says the same.
        parseManifest(document.bytes, originOf(reference), document.mediaType);
        return document;
      } catch (error) {
        this.#mirrors.skip(mirror, `image ${formatImageReference(reference)}`, error);
      }
    }
    const { registry } = reference;
    return await fetchManifest(this.#requests, {
      ...asked,
      registry,
      credential: caller.credential,
      backoffMs: this.#backoffMs,
    });
  }
}

function originOf(reference: ImageReference): DocumentOrigin {
  return { name: formatImageReference(reference), malformed: 'registry/bad-answer' };
}
