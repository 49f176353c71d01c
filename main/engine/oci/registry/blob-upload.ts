/** One blob into a registry: the OCI distribution specification, "Pushing blobs". */
import { createReadStream } from 'node:fs';
import type { ImageReference } from '../../../contract/image-reference.ts';
import type { Credential } from '../../../contract/registry.ts';
import { AppError, isAppError } from '../../base/app-error.ts';
import { safeLocation, type HttpBody } from './http.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { Descriptor } from '../image-source.ts';
import { TransientError } from './network-error.ts';
import { pushRefusal } from './push-refusal.ts';
import { quote } from '../quote.ts';
import type { ApiRequest, RegistryRequests } from './registry-requests.ts';
import { withRetries, type Backoff } from './retry.ts';

/** How a blob got there. */
export type UploadOutcome =
  | { readonly how: 'exists' }
  | { readonly how: 'mounted'; readonly from: string }
  | { readonly how: 'uploaded' };

/** What {@link BlobUpload} needs. */
export interface BlobUploadOptions {
  readonly requests: RegistryRequests;
  /** The repository that it goes to. */
  readonly target: ImageReference;
  readonly credential?: Credential | undefined;
  readonly blob: Descriptor;
  /** The file that holds it; its size is the blob's. */
  readonly path: string;
  /** Another repository of the same registry that may have it. */
  readonly mountFrom?: string | undefined;
  readonly backoffMs: Backoff;
  readonly signal: AbortSignal;
  /** Hears how many bytes are sent; less than before where it begins anew. */
  readonly onProgress?: ((bytesDone: number) => void) | undefined;
}

/** What is less than this is not worth going on from. */
const resumableBytes = 1024 * 1024;
const fileChunkBytes = 256 * 1024;

/** An upload of one blob; what breaks off is gone on with from where the registry has got to. */
export class BlobUpload {
  readonly #options: BlobUploadOptions;
  readonly #what: string;
  /** Where the upload that is open goes on. */
  #location: URL | undefined;
  /** Bytes that the registry has of it. */
  #offset = 0;
  #attempts = 0;
  #furthest = 0;

  constructor(options: BlobUploadOptions) {
    this.#options = options;
    this.#what = `blob ${options.blob.digest}`;
  }

  /** Throws `registry/…`, `operation/cancelled` or the error of the file. */
  async run(): Promise<UploadOutcome> {
    const { mountFrom } = this.#options;
    if (await this.#retrying(() => this.#exists())) return { how: 'exists' };
    if (mountFrom !== undefined && (await this.#mount(mountFrom))) {
      return { how: 'mounted', from: mountFrom };
    }
    await this.#retrying(() => this.#attempt());
    return { how: 'uploaded' };
  }

  async #retrying<Value>(attempt: () => Promise<Value>): Promise<Value> {
    const { backoffMs, signal } = this.#options;
    return await withRetries(attempt, {
      backoffMs,
      signal,
      madeProgress: () => {
        if (this.#offset < this.#furthest + resumableBytes) return false;
        this.#furthest = this.#offset;
        return true;
      },
    });
  }

  async #exists(): Promise<boolean> {
    const { blob } = this.#options;
    const answer = await this.#send({ method: 'HEAD', path: `blobs/${blob.digest}` });
    // A registry that sends us to elsewhere has it; elsewhere a signed address may be for GET alone.
    const isThere = answer.status === 200 || !answer.sameOrigin;
    if (!isThere && answer.status !== 404) throw await this.#refusal(answer);
    await answer.discard();
    return isThere;
  }

  /** Whether the registry took it from the other repository; it may open an upload instead. */
  async #mount(from: string): Promise<boolean> {
    const { blob } = this.#options;
    const query = new URLSearchParams({ mount: blob.digest, from });
    try {
      const answer = await this.#send({
        method: 'POST',
        path: `blobs/uploads/?${query.toString()}`,
        moreScopes: [`repository:${from}:pull`],
      });
      await answer.discard();
      if (answer.status === 202) this.#location = safeLocation(answer);
      return answer.status === 201;
    } catch (error) {
      // What we may not read there we send ourselves.
      if (error instanceof TransientError) return false;
      if (!(error instanceof AppError) || isAppError(error, 'operation/cancelled')) throw error;
      return false;
    }
  }

  async #attempt(): Promise<void> {
    this.#attempts += 1;
    if (this.#attempts > 1) {
      await this.#findOffset();
      // The answer to the last request may be all that was lost.
      if (this.#location === undefined && (await this.#exists())) return;
    }
    this.#location ??= await this.#open();
    const isResumed = this.#offset > 0;
    if (isResumed) this.#location = await this.#sendRest(this.#location);
    await this.#finish(this.#location, isResumed);
  }

  async #open(): Promise<URL> {
    this.#restart();
    const answer = await this.#send({ method: 'POST', path: 'blobs/uploads/' });
    if (answer.status !== 202) throw await this.#refusal(answer);
    return await locationOf(answer);
  }

  /** Asks how far the upload has come; it is begun anew where that is not far, or not known. */
  async #findOffset(): Promise<void> {
    const location = this.#location;
    this.#restart();
    if (location === undefined) return;
    const answer = await this.#send({ path: location });
    const end = /^(?:bytes=)?0-(\d{1,15})$/.exec(answer.header('range') ?? '')?.[1];
    const offset = answer.status === 204 && end !== undefined ? Number(end) + 1 : 0;
    if (offset < resumableBytes || offset > this.#options.blob.size) {
      await answer.discard();
      return;
    }
    this.#location = await locationOf(answer, location);
    this.#offset = offset;
  }

  /** Returns where the upload goes on. */
  async #sendRest(location: URL): Promise<URL> {
    const { size } = this.#options.blob;
    if (this.#offset === size) return location;
    const answer = await this.#send({
      method: 'PATCH',
      path: location,
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `${String(this.#offset)}-${String(size - 1)}`,
      },
      body: this.#rest(),
    });
    if (answer.status !== 202) throw await this.#anew(answer);
    this.#offset = size;
    return await locationOf(answer);
  }

  /** Closes the upload; one that is not resumed has its bytes sent along. */
  async #finish(location: URL, isResumed: boolean): Promise<void> {
    const { digest } = this.#options.blob;
    const url = new URL(location);
    // Appended as text: what the registry wrote must come back letter for letter.
    url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
    const answer = await this.#send({
      method: 'PUT',
      path: url,
      headers: { 'content-type': 'application/octet-stream' },
      ...(!isResumed && { body: this.#rest() }),
    });
    if (![200, 201, 204].includes(answer.status)) {
      throw isResumed ? await this.#anew(answer) : await this.#refusal(answer);
    }
    await answer.discard();
    checkAnsweredDigest(answer, digest, this.#what);
  }

  #rest(): HttpBody {
    const { blob, path, signal, onProgress } = this.#options;
    const start = this.#offset;
    return {
      length: blob.size - start,
      open: async function* () {
        let done = start;
        onProgress?.(done);
        const options = { start, end: blob.size - 1, highWaterMark: fileChunkBytes, signal };
        for await (const piece of createReadStream(path, options) as AsyncIterable<Uint8Array>) {
          yield piece;
          done += piece.length;
          onProgress?.(done);
        }
      },
    };
  }

  #restart(): void {
    this.#location = undefined;
    this.#offset = 0;
  }

  /** What is no use going on with is begun anew, in a later try. */
  async #anew(answer: HttpAnswer): Promise<unknown> {
    const error = await this.#refusal(answer);
    this.#restart();
    return error instanceof TransientError ? error : new TransientError(error);
  }

  async #refusal(answer: HttpAnswer): Promise<AppError | TransientError> {
    return await pushRefusal(answer, this.#options.target, this.#what);
  }

  async #send(
    request: Pick<ApiRequest, 'method' | 'path' | 'headers' | 'body' | 'moreScopes'>,
  ): Promise<HttpAnswer> {
    const { requests, target, credential, signal } = this.#options;
    const { registry, repository } = target;
    const who = { registry, repository, credential, actions: 'pull,push' } as const;
    return await requests.send({ ...request, ...who, signal });
  }
}

/** Throws `registry/digest-mismatch` where the registry says that it took something else. */
export function checkAnsweredDigest(answer: HttpAnswer, digest: string, what: string): void {
  const answered = answer.header('docker-content-digest');
  if (answered === undefined || !answered.startsWith('sha256:') || answered === digest) return;
  throw new AppError(
    'registry/digest-mismatch',
    `The registry took ${what} and says that it has the digest ${quote(answered)}.`,
  );
}

async function locationOf(answer: HttpAnswer, otherwise?: URL): Promise<URL> {
  await answer.discard();
  const isAbsent = answer.header('location') === undefined;
  return isAbsent && otherwise !== undefined ? otherwise : safeLocation(answer);
}
