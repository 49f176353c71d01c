import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Credential } from '../../../contract/registry.ts';
import { AppError, toErrorData } from '../../base/app-error.ts';
import {
  startScriptedRegistry,
  type Lie,
  type ScriptedRegistry,
} from '../../testing/scripted-registry.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import type { FindCredential } from './auth.ts';
import { ContentStore } from '../content-store.ts';
import { RegistryClient } from './registry-client.ts';

const platform = { os: 'linux', architecture: 'amd64' } as const;
const linux = { config: { os: 'linux', architecture: 'amd64' } };
const alice = { username: 'alice', password: 'open sesame' } satisfies Credential;
const token = { identityToken: 'an identity token' } satisfies Credential;

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Serves who brings this header, and asks others for one as the challenge says. */
function wants(authorization: string, challenge: string): Lie {
  return (request, response, serve) => {
    if (request.headers.authorization === authorization) serve();
    else response.writeHead(401, { 'www-authenticate': challenge }).end();
  };
}

function bearer(registry: ScriptedRegistry): string {
  return `Bearer realm="http://${registry.host}/token",service="it",scope="repository:team/app:pull"`;
}

/** Answers whatever is asked with a status and a document. */
function answers(status: number, document: unknown = {}): Lie {
  return (_request, response) => void response.writeHead(status).end(JSON.stringify(document));
}

describe('RegistryClient with a credential', () => {
  const temporary = useTemporaryDirectory();

  async function openClient(findCredential?: FindCredential): Promise<RegistryClient> {
    const store = await ContentStore.open(temporary.path);
    return new RegistryClient({ store, findCredential, backoffMs: [1, 1] });
  }

  const keeps =
    (credential: Credential | undefined): FindCredential =>
    () =>
      Promise.resolve(credential);

  const team = (registry: ScriptedRegistry) =>
    ({ registry: registry.host, repository: 'team/app', tag: 'latest' }) as const;

  it('gives user and password where they are asked for, and then at once', async () => {
    await using registry = await startScriptedRegistry();
    const image = registry.addImage([randomBytes(1000), randomBytes(1000)], linux);
    registry.lie(/^\/v2\//, wants(basic('alice', 'open sesame'), 'Basic realm="private"'));
    const client = await openClient(keeps(alice));
    await client.resolve(team(registry), { platform });
    for (const layer of image.layers) await client.sourceFor(team(registry)).fetchBlob(layer);
    const brought = registry.requests.map(({ headers }) => headers.authorization !== undefined);
    expect(brought).toEqual([false, true, true, true, true]);
  });

  it('looks for nobody where nobody is asked for', async () => {
    await using registry = await startScriptedRegistry();
    registry.addImage([], linux);
    const client = await openClient(() => Promise.reject(new Error('Nobody was asked for.')));
    await expect(client.resolve(team(registry), { platform })).resolves.toBeDefined();
  });

  it('says for which repository of which registry it looks', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wants('', 'Basic realm="private"'));
    const searches: unknown[] = [];
    const client = await openClient((search, { isAgain }) => {
      searches.push({ ...search, isAgain });
      return Promise.resolve(undefined);
    });
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/unauthorized',
    });
    const { host } = registry;
    expect(searches).toEqual([{ registry: host, repository: 'team/app', isAgain: false }]);
  });

  it('exchanges a password for a token with GET', async () => {
    await using registry = await startScriptedRegistry();
    registry.addImage([], linux);
    registry.lie(/^\/v2\//, wants('Bearer for-alice', bearer(registry)));
    registry.lie(/^\/token/, (request, response) => {
      const isAlice = request.headers.authorization === basic('alice', 'open sesame');
      response.writeHead(isAlice ? 200 : 401).end(JSON.stringify({ token: 'for-alice' }));
    });
    const client = await openClient(keeps(alice));
    await expect(client.resolve(team(registry), { platform })).resolves.toBeDefined();
  });

  it('takes a credential that comes with the request, and not the one that is kept', async () => {
    await using registry = await startScriptedRegistry();
    const { layers } = registry.addImage([randomBytes(1000)], linux);
    registry.lie(/^\/v2\//, wants(basic('alice', 'open sesame'), 'Basic realm="private"'));
    const client = await openClient(keeps({ username: 'bob', password: 'no' }));
    await client.resolve(team(registry), { platform, credential: alice });
    const source = client.sourceFor(team(registry), alice);
    for (const layer of layers) await expect(source.fetchBlob(layer)).resolves.toBeUndefined();
  });

  it('uses a changed credential at once, and its own token for each', async () => {
    await using registry = await startScriptedRegistry();
    const { layers } = registry.addImage([randomBytes(1000)], linux);
    registry.lie(/^\/v2\//, (request, response, serve) => {
      const { authorization = '' } = request.headers;
      if (authorization.startsWith('Bearer for-')) serve();
      else response.writeHead(401, { 'www-authenticate': bearer(registry) }).end();
    });
    registry.lie(/^\/token/, (request, response) => {
      const { authorization = '' } = request.headers;
      const [user] = Buffer.from(authorization.slice(6), 'base64').toString().split(':');
      response.end(JSON.stringify({ token: `for-${user ?? ''}`, expires_in: 300 }));
    });
    let current: Credential = alice;
    const client = await openClient(() => Promise.resolve(current));
    await client.resolve(team(registry), { platform });
    current = { username: 'bob', password: 'b' };
    for (const layer of layers) await client.sourceFor(team(registry)).fetchBlob(layer);
    expect(registry.requests.at(-1)?.headers.authorization).toBe('Bearer for-bob');
    expect(registry.requestsFor(/^\/token/)).toHaveLength(2);
  });

  it('looks again where what it found is refused', async () => {
    await using registry = await startScriptedRegistry();
    const { layers } = registry.addImage([randomBytes(1000)], linux);
    const challenge = 'Basic realm="private"';
    registry.lie(/^\/v2\//, wants(basic('alice', 'old'), challenge));
    let password = 'old';
    let remembered = 'old';
    const client = await openClient((_search, { isAgain }) => {
      if (isAgain === true) remembered = password;
      return Promise.resolve({ username: 'alice', password: remembered });
    });
    await client.resolve(team(registry), { platform });
    password = 'new';
    registry.lie(/^\/v2\//, wants(basic('alice', 'new'), challenge));
    const source = client.sourceFor(team(registry));
    for (const layer of layers) await expect(source.fetchBlob(layer)).resolves.toBeUndefined();
  });

  it.each([
    ['a password', alice, 'refused the password of "alice"'],
    ['an identity token', token, 'refused the identity token'],
  ])('says that %s is wrong, by whom', async (_, credential, words) => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wants('Bearer none', bearer(registry)));
    registry.lie(/^\/token/, answers(401));
    const client = await openClient(keeps(credential));
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/wrong-password',
      message: `The registry "${registry.host}" ${words}.`,
    });
  });

  it('says that a password is wrong which is asked for plainly', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wants(basic('alice', 'other'), 'Basic realm="private"'));
    const client = await openClient(keeps(alice));
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/wrong-password',
      message: `The registry "${registry.host}" refused the password of "alice".`,
    });
  });

  it.each([
    ['the registry', 200, 403, 'does not permit "alice" to pull from "team/app"'],
    ['a token that is good for nothing', 200, 401, 'does not permit "alice" to pull from'],
    ['the token server', 403, 200, 'gives "alice" no token for "team/app"'],
  ])('tells a right password that permits nothing: %s', async (_, tokenStatus, status, words) => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wants('', bearer(registry)), (_request, response) => {
      const scarce = `${bearer(registry)},error="insufficient_scope"`;
      response.writeHead(status, { 'www-authenticate': scarce }).end();
    });
    registry.lie(/^\/token/, answers(tokenStatus, { token: 'weak' }));
    const client = await openClient(keeps(alice));
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/forbidden',
      message: expect.stringContaining(words) as string,
    });
  });

  it('blames nobody for a token that the registry does not believe', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wants('', `${bearer(registry)},error="invalid_token"`));
    registry.lie(/^\/token/, answers(200, { token: 'strange' }));
    const client = await openClient(keeps(alice));
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/unauthorized',
    });
  });

  it('has no use for an identity token where a password is asked for', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wants('', 'Basic realm="private"'));
    const client = await openClient(keeps(token));
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/unauthorized',
      message: expect.stringContaining('there is an identity token') as string,
    });
    expect(registry.requests).toHaveLength(1);
  });

  describe('an identity token', () => {
    async function exchange(registry: ScriptedRegistry, ...lies: [Lie, ...Lie[]]) {
      registry.addImage([], linux);
      registry.lie(/^\/v2\//, wants('Bearer fresh', bearer(registry)));
      registry.lie(/^\/token/, ...lies);
      const client = await openClient(keeps(token));
      await client.resolve(team(registry), { platform });
    }

    it('is exchanged with POST', async () => {
      await using registry = await startScriptedRegistry();
      const forms: string[] = [];
      await exchange(registry, async (request: IncomingMessage, response) => {
        forms.push(`${request.method ?? ''} ${request.url ?? ''} ${await text(request)}`);
        response.end(JSON.stringify({ access_token: 'fresh' }));
      });
      const form =
        'grant_type=refresh_token&client_id=skerry&refresh_token=an+identity+token&service=it&scope=repository%3Ateam%2Fapp%3Apull';
      expect(forms).toEqual([`POST /token ${form}`]);
    });

    it.each([404, 405])('is brought with GET where POST is answered with %d', async (status) => {
      await using registry = await startScriptedRegistry();
      await exchange(registry, answers(status), (request, response) => {
        expect(request.method).toBe('GET');
        expect(request.headers.authorization).toBe(basic('<token>', 'an identity token'));
        response.end(JSON.stringify({ token: 'fresh' }));
      });
      expect(registry.requestsFor(/^\/token/)).toHaveLength(2);
    });

    it('is not posted where a redirect leads', async () => {
      await using registry = await startScriptedRegistry();
      await using thief = await startScriptedRegistry();
      const location = `http://${thief.host}/token`;
      const redirected = exchange(registry, (_request, response) => {
        response.writeHead(307, { location }).end();
      });
      await expect(redirected).rejects.toMatchObject({ code: 'registry/bad-answer' });
      expect(thief.requests).toEqual([]);
    });

    it('that has run out is wrong', async () => {
      await using registry = await startScriptedRegistry();
      const expired = answers(400, { error: 'invalid_grant' });
      await expect(exchange(registry, expired)).rejects.toMatchObject({
        code: 'registry/wrong-password',
      });
    });
  });

  it('takes a password to no other server that it is sent to', async () => {
    await using registry = await startScriptedRegistry();
    await using thief = await startScriptedRegistry();
    const [layer] = registry.addImage([randomBytes(1000)], linux).layers;
    if (!layer) throw new Error('The image has a layer.');
    const challenge = 'Basic realm="private"';
    registry.lie(/^\/v2\//, wants(basic('alice', 'open sesame'), challenge));
    const client = await openClient(keeps(alice));
    await client.resolve(team(registry), { platform });
    const location = `http://${thief.host}/stolen`;
    registry.lie(/blobs/, (_request, response) => void response.writeHead(307, { location }).end());
    // It asks for a password as if it were the registry.
    thief.lie(/./, wants('', challenge));
    await expect(client.sourceFor(team(registry)).fetchBlob(layer)).rejects.toMatchObject({
      code: 'registry/bad-answer',
    });
    expect(thief.requests.length).toBeGreaterThan(0);
    for (const { headers } of thief.requests) expect(headers.authorization).toBeUndefined();
  });

  it('takes a password to no server that a token server sends it to', async () => {
    await using registry = await startScriptedRegistry();
    await using thief = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wants('', bearer(registry)));
    const location = `http://${thief.host}/token`;
    registry.lie(/^\/token/, (_request, response) => {
      response.writeHead(302, { location }).end();
    });
    thief.lie(/./, answers(401));
    const client = await openClient(keeps(alice));
    await expect(client.resolve(team(registry), { platform })).rejects.toBeInstanceOf(AppError);
    expect(thief.requests.length).toBeGreaterThan(0);
    for (const { headers } of thief.requests) expect(headers.authorization).toBeUndefined();
  });

  it('asks no server for a token that is not safe to ask', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wants('', 'Bearer realm="http://registry.test/token"'));
    const client = await openClient(keeps(alice));
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/bad-answer',
      message: expect.stringContaining('not safe to follow') as string,
    });
  });

  describe('that cannot be read', () => {
    const unreadable: FindCredential = () =>
      Promise.reject(new AppError('credentials/unreadable', 'The helper is broken.'));

    it('keeps nothing away that is public', async () => {
      await using registry = await startScriptedRegistry();
      registry.addImage([], linux);
      registry.lie(/^\/v2\//, wants('Bearer public', bearer(registry)));
      registry.lie(/^\/token/, answers(200, { token: 'public' }));
      const client = await openClient(unreadable);
      await expect(client.resolve(team(registry), { platform })).resolves.toBeDefined();
    });

    it.each([
      ['by the token server', 401],
      ['by the registry', 200],
    ])('is the reason where strangers are refused %s', async (_, status) => {
      await using registry = await startScriptedRegistry();
      registry.lie(/^\/v2\//, wants('', bearer(registry)));
      registry.lie(/^\/token/, answers(status, { token: 'weak' }));
      const client = await openClient(unreadable);
      await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
        code: 'credentials/unreadable',
      });
    });

    it('is the reason where a password is asked for', async () => {
      await using registry = await startScriptedRegistry();
      registry.lie(/^\/v2\//, wants('', 'Basic realm="private"'));
      const client = await openClient(unreadable);
      await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
        code: 'credentials/unreadable',
      });
    });
  });

  it.each([
    ['refusal', 403],
    ['failure', 400],
  ])('repeats no secret that comes back with a %s', async (_, status) => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wants('', 'Basic realm="private"'), (request, response) => {
      const { authorization = '' } = request.headers;
      const echo = `Seen: open sesame, open%20sesame, ${authorization}.`;
      response.writeHead(status).end(echo.repeat(100));
    });
    const client = await openClient(keeps(alice));
    const error: unknown = await client
      .resolve(team(registry), { platform })
      .catch((caught: unknown) => caught);
    const told = JSON.stringify(toErrorData(error));
    expect(told).toContain('Seen: [secret]');
    for (const secret of ['sesame', basic('alice', 'open sesame').slice(6)]) {
      expect(told).not.toContain(secret);
    }
  });
});
