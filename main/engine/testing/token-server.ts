/**
 * A token server whose tokens a real docker-registry believes: the distribution specification,
 * "Token Authentication Implementation" (JSON Web Tokens, RFC 7519, signed with ES256).
 */
import { createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { runTool } from './run-tool.ts';

/** Somebody who may do something. */
export interface TokenUser {
  readonly password: string;
  /** Actions by repository: `{ 'team/app': ['pull', 'push'] }`. */
  readonly may: Readonly<Record<string, readonly string[]>>;
  /** An identity token, which stands for the user. */
  readonly identityToken?: string;
}

/** A request for a token, as it came. */
export interface TokenRequestSeen {
  readonly method: string;
  readonly user: string | undefined;
  readonly scopes: readonly string[];
}

const service = 'the registry of the test';
const issuer = 'the token server of the test';

/** See the head of this file. */
export class TokenServer implements AsyncDisposable {
  readonly requests: TokenRequestSeen[] = [];
  readonly #server: Server;
  readonly #users: Readonly<Record<string, TokenUser>>;
  readonly #certificate: string;
  readonly #key: KeyObject;

  private constructor(
    users: Readonly<Record<string, TokenUser>>,
    certificate: string,
    key: KeyObject,
  ) {
    this.#users = users;
    this.#certificate = certificate;
    this.#key = key;
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  /** Starts one on a free loopback port; its certificate goes to `dir`. */
  static async start(
    dir: string,
    users: Readonly<Record<string, TokenUser>>,
  ): Promise<TokenServer> {
    const [keyFile, certificate] = [path.join(dir, 'token-key.pem'), path.join(dir, 'token.pem')];
    await runTool('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=token-server', '-days', '2', '-keyout', keyFile, '-out', certificate],
    ]);
    const key = createPrivateKey(await readFile(keyFile));
    const server = new TokenServer(users, certificate, key);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** `auth` of the registry's configuration. */
  get auth(): Record<string, Record<string, string>> {
    const { port } = this.#server.address() as AddressInfo;
    const realm = `http://127.0.0.1:${String(port)}/token`;
    return { token: { realm, service, issuer, rootcertbundle: this.#certificate } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isPost = request.method === 'POST';
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const form = isPost ? new URLSearchParams(await text(request)) : searchParams;
    const scopes = form.getAll('scope').flatMap((scope) => scope.split(' '));
    const name = isPost ? this.#ownerOf(form.get('refresh_token')) : this.#userOf(request);
    this.requests.push({ method: request.method ?? '', user: name, scopes });
    if (name === undefined) {
      response.writeHead(401).end('{"details":"no such user"}');
      return;
    }
    const token = await this.#issue(name, scopes);
    response.end(JSON.stringify(isPost ? { access_token: token } : { token, expires_in: 300 }));
  }

  /** Empty for nobody; undefined for a password that is wrong. */
  #userOf({ headers }: IncomingMessage): string | undefined {
    if (headers.authorization === undefined) return '';
    const pair = Buffer.from(headers.authorization.replace('Basic ', ''), 'base64').toString();
    const colon = pair.indexOf(':');
    const name = pair.slice(0, colon);
    return this.#users[name]?.password === pair.slice(colon + 1) ? name : undefined;
  }

  #ownerOf(identityToken: string | null): string | undefined {
    const found = Object.entries(this.#users).find(
      ([, user]) => user.identityToken === identityToken,
    );
    return identityToken === null ? undefined : found?.[0];
  }

  /** What of the scopes the user may do, and nothing else. */
  async #issue(name: string, scopes: readonly string[]): Promise<string> {
    const access = scopes.map((scope) => {
      const [type = '', repository = '', actions = ''] = scope.split(':');
      const may = this.#users[name]?.may[repository] ?? [];
      return { type, name: repository, actions: actions.split(',').filter((a) => may.includes(a)) };
    });
    const nowS = Math.floor(Date.now() / 1000);
    const times = { iat: nowS, nbf: nowS - 60, exp: nowS + 300 };
    const claims = { iss: issuer, aud: service, sub: name, jti: randomUUID(), ...times, access };
    const pem = await readFile(this.#certificate, 'utf8');
    const x5c = [pem.replace(/-----[^-]+-----|\s/g, '')];
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const signed = `${encode({ typ: 'JWT', alg: 'ES256', x5c })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), {
      key: this.#key,
      dsaEncoding: 'ieee-p1363',
    });
    return `${signed}.${signature.toString('base64url')}`;
  }
}
