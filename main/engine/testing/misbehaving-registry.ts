/** A proxy before a real registry that breaks what it passes on, where the test says so. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the registry behind answered, whole. */
export interface HonestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A request on its way. */
export interface Exchange {
  readonly request: PassedRequest;
  readonly response: ServerResponse;
  /** Asks the registry behind; with the request's range, unless other headers are given. */
  readonly ask: (headers?: Readonly<Record<string, string>>) => Promise<HonestAnswer>;
  /** Gives an answer as it is. */
  readonly give: (answer: HonestAnswer) => void;
}

/** Answers a request in its own way; see misbehaviours.ts. */
export type Misbehaviour = (exchange: Exchange) => void | Promise<void>;

/** A request that came, and what has been sent for it. */
export interface PassedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the body, as far as it was handed to the system. */
  sentBytes: number;
}

/** See {@link startMisbehavingRegistry}. */
export class MisbehavingRegistry implements AsyncDisposable {
  readonly requests: PassedRequest[] = [];
  readonly #upstream: string;
  readonly #server = createServer((request, response) => {
    const passed: PassedRequest = {
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: request.headers,
      sentBytes: 0,
    };
    this.#pass(passed, response).catch(() => {
      response.destroy();
    });
  });
  #rules: { readonly pattern: RegExp; readonly left: Misbehaviour[]; readonly stays: boolean }[] =
    [];

  constructor(upstream: string) {
    this.#upstream = upstream;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** `127.0.0.1:PORT`. */
  get host(): string {
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** The next requests whose URL matches are answered so, one each; those after them honestly. */
  misbehave(pattern: RegExp, ...misbehaviours: Misbehaviour[]): void {
    this.#rules.unshift({ pattern, left: misbehaviours, stays: false });
  }

  /** Every request whose URL matches is answered so. */
  alwaysMisbehave(pattern: RegExp, misbehaviour: Misbehaviour): void {
    this.#rules.unshift({ pattern, left: [misbehaviour], stays: true });
  }

  /** From here on it is honest, and forgets what came. */
  behave(): void {
    this.#rules = [];
    this.requests.length = 0;
  }

  /** Requests whose URL matches. */
  requestsFor(pattern: RegExp): PassedRequest[] {
    return this.requests.filter(({ url }) => pattern.test(url));
  }

  /** Bytes of bodies that were sent for such requests. */
  sentBytes(pattern: RegExp): number {
    return this.requestsFor(pattern).reduce((sum, request) => sum + request.sentBytes, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #pass(request: PassedRequest, response: ServerResponse): Promise<void> {
    this.requests.push(request);
    countBody(request, response);
    const exchange: Exchange = {
      request,
      response,
      ask: (headers = rangeOf(request)) => this.#ask(request, headers),
      give: (answer) => {
        response.writeHead(answer.status, answer.headers).end(answer.body);
      },
    };
    const rule = this.#rules.find(
      ({ pattern, left }) => pattern.test(request.url) && left.length > 0,
    );
    const misbehaviour = rule?.stays === true ? rule.left[0] : rule?.left.shift();
    if (misbehaviour === undefined) exchange.give(await exchange.ask());
    else await misbehaviour(exchange);
  }

  async #ask(
    { method, url, headers: asked }: PassedRequest,
    headers: Readonly<Record<string, string>>,
  ): Promise<HonestAnswer> {
    const answer = await fetch(`http://${this.#upstream}${url}`, {
      method,
      headers: { accept: asked.accept ?? '*/*', 'accept-encoding': 'identity', ...headers },
    });
    const kept = ['content-type', 'content-length', 'content-range', 'docker-content-digest'];
    return {
      status: answer.status,
      headers: Object.fromEntries(
        kept.flatMap((name) => {
          const value = answer.headers.get(name);
          return value === null ? [] : [[name, value]];
        }),
      ),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  }
}

/** Starts one before the registry at `upstream`; `await using` ends it. */
export async function startMisbehavingRegistry(upstream: string): Promise<MisbehavingRegistry> {
  const registry = new MisbehavingRegistry(upstream);
  await registry.listen();
  return registry;
}

function rangeOf({ headers }: PassedRequest): Record<string, string> {
  return headers.range === undefined ? {} : { range: headers.range };
}

/** Counts what is written to the response from here on. */
function countBody(request: PassedRequest, response: ServerResponse): void {
  for (const name of ['write', 'end'] as const) {
    const send = response[name].bind(response) as (...args: unknown[]) => never;
    response[name] = (...args: unknown[]) => {
      const [body] = args;
      if (typeof body === 'string' || body instanceof Uint8Array) request.sentBytes += body.length;
      return send(...args);
    };
  }
}
