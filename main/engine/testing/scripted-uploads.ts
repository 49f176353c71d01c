/** What a scripted registry takes: blobs and manifests that are pushed to it. */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lie, ScriptedRegistry } from './scripted-registry.ts';

/** A request that came, as `PUT /v2/…`. */
export interface UploadRequest {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
}

/** See the head of this file; the OCI distribution specification, "Push". */
export class ScriptedUploads {
  readonly requests: UploadRequest[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  /** Uploads whose bodies come at the same time, at most. */
  mostAtOnce = 0;
  readonly #open = new Map<string, Buffer>();
  readonly #cuts: number[] = [];
  readonly #lies: { readonly pattern: RegExp; readonly lies: Lie[] }[] = [];
  #atOnce = 0;

  /** Takes what is pushed to the registry. */
  constructor(registry: ScriptedRegistry) {
    registry.lie(/^\/v2\//, (request, response) => this.answer(request, response));
  }

  /** Breaks the next bodies off after so many bytes each. */
  cutAfter(...bytes: readonly number[]): void {
    this.#cuts.push(...bytes);
  }

  /** Answers the next requests whose line matches with these, one each. */
  lie(pattern: RegExp, ...lies: readonly Lie[]): void {
    this.#lies.push({ pattern, lies: [...lies] });
  }

  /** `PUT`, `PATCH`, … of the requests whose line matches. */
  methods(pattern: RegExp): string[] {
    const lines = this.requests.map(({ line }) => line).filter((line) => pattern.test(line));
    return lines.map((line) => line.slice(0, line.indexOf(' ')));
  }

  /** Answers one request; for a test that stands before it. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${String(request.method)} ${String(request.url)}`;
    this.requests.push({ line, headers: request.headers });
    const serve = (): void => {
      // A body that breaks off has no answer.
      this.#serve(request, response).catch(() => undefined);
    };
    const found = this.#lies.find(({ pattern, lies }) => lies.length > 0 && pattern.test(line));
    const lie = found?.lies.shift();
    if (lie === undefined) serve();
    else await lie(request, response, serve);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '' } = request;
    const url = new URL(request.url ?? '', 'http://registry.example');
    const [, repository = '', kind, name = ''] =
      /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests)\/([^/]*)$/.exec(url.pathname) ?? [];
    const status = (code: number, headers: Record<string, string> = {}): void => {
      response.writeHead(code, headers).end();
    };
    if (kind === 'manifests') {
      const bytes = await this.#read(request, '');
      this.manifests.set(name, { bytes, type: request.headers['content-type'] ?? '' });
      status(201, { 'docker-content-digest': digestOf(bytes) });
    } else if (kind === 'blobs') {
      status(this.blobs.has(name) ? 200 : 404);
    } else if (method === 'POST') {
      const mount = url.searchParams.get('mount') ?? '';
      if (this.blobs.has(mount)) {
        status(201, { location: `/v2/${repository}/blobs/${mount}` });
        return;
      }
      const id = randomUUID();
      this.#open.set(id, Buffer.alloc(0));
      // Other clients' libraries would change how this is written.
      status(202, { location: `/v2/${repository}/blobs/uploads/${id}?_state=a%2Bb==` });
    } else if (!this.#open.has(name) || url.searchParams.get('_state') !== 'a+b==') {
      status(404);
    } else if (method === 'GET') {
      status(204, { range: `0-${String((this.#open.get(name)?.length ?? 1) - 1)}` });
    } else {
      const location = url.pathname + url.search;
      const first = /^(\d+)-/.exec(request.headers['content-range'] ?? '')?.[1];
      if (first !== undefined && Number(first) !== this.#open.get(name)?.length) {
        status(416);
        return;
      }
      const bytes = await this.#read(request, name);
      if (method === 'PATCH') {
        status(202, { location });
        return;
      }
      const digest = url.searchParams.get('digest') ?? '';
      this.#open.delete(name);
      if (digestOf(bytes) !== digest) {
        status(400);
        return;
      }
      this.blobs.set(digest, bytes);
      status(201, { 'docker-content-digest': digest });
    }
  }

  /** Everything of an upload; what came before a fault stays. */
  async #read(request: IncomingMessage, id: string): Promise<Buffer> {
    const cut = Number(request.headers['content-length'] ?? 0) > 0 ? this.#cuts.shift() : undefined;
    let pieces = [this.#open.get(id) ?? Buffer.alloc(0)];
    let came = 0;
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    try {
      for await (const piece of request as AsyncIterable<Buffer>) {
        const left = (cut ?? Infinity) - came;
        pieces.push(piece.subarray(0, left));
        came += Math.min(piece.length, left);
        if (came === cut) request.socket.destroy();
      }
    } finally {
      this.#atOnce -= 1;
      pieces = [Buffer.concat(pieces)];
      if (id !== '' && this.#open.has(id)) this.#open.set(id, pieces[0] ?? Buffer.alloc(0));
    }
    return pieces[0] ?? Buffer.alloc(0);
  }
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
