/** A registry in this process that serves what a test gives it, and lies where the test says so. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Descriptor } from '../oci/image-source.ts';
import { hostArchitecture } from './write-oci-layout.ts';

/** Answers one request; `serve` gives the honest answer. */
export type Lie = (
  request: IncomingMessage,
  response: ServerResponse,
  serve: () => void,
) => void | Promise<void>;

/** A request that was made. */
export interface RecordedRequest {
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** What {@link ScriptedRegistry.addImage} made. */
export interface ScriptedImage {
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** See {@link startScriptedRegistry}. */
export class ScriptedRegistry implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response);
  });
  readonly #blobs = new Map<string, Buffer>();
  readonly #manifests = new Map<string, { bytes: Buffer; type: string }>();
  readonly #lies: { pattern: RegExp; lie: Lie }[] = [];

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** `127.0.0.1:PORT`. */
  get host(): string {
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Requests whose URL matches. */
  requestsFor(pattern: RegExp): RecordedRequest[] {
    return this.requests.filter(({ url }) => pattern.test(url));
  }

  /** Answers requests whose URL matches with the lies, one each in turn; the last one stays. */
  lie(pattern: RegExp, ...lies: [Lie, ...Lie[]]): void {
    let next = 0;
    this.#lies.unshift({
      pattern,
      lie: (request, response, serve) => {
        const lie = lies[Math.min(next, lies.length - 1)];
        next += 1;
        return lie?.(request, response, serve);
      },
    });
  }

  addBlob(bytes: Buffer, mediaType: string): Descriptor {
    const digest = digestOf(bytes);
    this.#blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  /** Adds a manifest under its digest and, if given, a tag. A string or bytes go as they are. */
  addManifest(document: unknown, type: string, tag?: string): Descriptor {
    const raw = typeof document === 'string' || Buffer.isBuffer(document);
    const bytes = Buffer.from(raw ? document : JSON.stringify(document));
    const digest = digestOf(bytes);
    this.#manifests.set(digest, { bytes, type });
    if (tag !== undefined) this.#manifests.set(tag, { bytes, type });
    return { mediaType: type, digest, size: bytes.length };
  }

  /** Adds an image of these uncompressed layers; `patch` changes its documents. */
  addImage(
    tars: readonly Buffer[],
    options: {
      readonly tag?: string;
      readonly config?: Readonly<Record<string, unknown>>;
      readonly manifest?: Readonly<Record<string, unknown>>;
    } = {},
  ): ScriptedImage {
    const layers = tars.map((tar) =>
      this.addBlob(gzipSync(tar), 'application/vnd.oci.image.layer.v1.tar+gzip'),
    );
    const configuration = {
      os: 'linux',
      architecture: hostArchitecture,
      rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
      ...options.config,
    };
    const config = this.addBlob(
      Buffer.from(JSON.stringify(configuration)),
      'application/vnd.oci.image.config.v1+json',
    );
    const document = { schemaVersion: 2, mediaType: manifestType, config, layers };
    const manifest = this.addManifest(
      { ...document, ...options.manifest },
      manifestType,
      options.tag ?? 'latest',
    );
    return { manifest, config, layers };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    this.requests.push({ url, headers: request.headers });
    const serve = (): void => {
      this.#serve(url, request, response);
    };
    const found = this.#lies.find(({ pattern }) => pattern.test(url));
    if (found) await found.lie(request, response, serve);
    else serve();
  }

  #serve(url: string, request: IncomingMessage, response: ServerResponse): void {
    const [, kind, name] = /^\/v2\/.+\/(manifests|blobs)\/([^/?]+)$/.exec(url) ?? [];
    const manifest = kind === 'manifests' ? this.#manifests.get(name ?? '') : undefined;
    const blob = kind === 'blobs' ? this.#blobs.get(name ?? '') : manifest?.bytes;
    if (!blob) {
      response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
      return;
    }
    const type = manifest?.type ?? 'application/octet-stream';
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = `bytes ${String(from)}-${String(blob.length - 1)}/${String(blob.length)}`;
    response.writeHead(from > 0 ? 206 : 200, {
      'content-type': type,
      'content-length': blob.length - from,
      ...(from > 0 && { 'content-range': range }),
      ...(manifest && { 'docker-content-digest': digestOf(blob) }),
    });
    response.end(blob.subarray(from));
  }
}

/** Starts one on a free loopback port; `await using` ends it. */
export async function startScriptedRegistry(): Promise<ScriptedRegistry> {
  const registry = new ScriptedRegistry();
  await registry.listen();
  return registry;
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
