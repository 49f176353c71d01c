import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ImageReference } from '../../../contract/image-reference.ts';
import {
  startScriptedRegistry,
  type Lie,
  type ScriptedRegistry,
} from '../../testing/scripted-registry.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { ContentStore } from '../content-store.ts';
import { RegistryClient } from './registry-client.ts';

const platform = { os: 'linux', architecture: 'amd64' } as const;
const linux = { config: { os: 'linux', architecture: 'amd64' } };

/** Asks for a token of the realm, and serves who brings the right one. */
function wantsToken(realm: string, token: string): Lie {
  return (request, response, serve) => {
    if (request.headers.authorization === `Bearer ${token}`) {
      serve();
      return;
    }
    const challenge = `Bearer realm="${realm}",service="the registry",scope="repository:team/app:pull"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  };
}

/** Gives a token. */
function givesToken(document: unknown, status = 200): Lie {
  return (_request, response) => void response.writeHead(status).end(JSON.stringify(document));
}

describe('RegistryClient with a token server', () => {
  const temporary = useTemporaryDirectory();

  async function openClient(): Promise<RegistryClient> {
    const store = await ContentStore.open(temporary.path);
    return new RegistryClient({ store, backoffMs: [1, 1] });
  }

  const team = (registry: ScriptedRegistry): ImageReference => ({
    registry: registry.host,
    repository: 'team/app',
    tag: 'latest',
  });

  it('asks for a token once, and pulls with it', async () => {
    await using registry = await startScriptedRegistry();
    const image = registry.addImage([randomBytes(1000), randomBytes(1000)], linux);
    registry.lie(/^\/v2\//, wantsToken(`http://${registry.host}/token?account=none`, 'secret'));
    registry.lie(/^\/token/, givesToken({ token: 'secret', expires_in: 300 }));
    const client = await openClient();
    await client.resolve(team(registry), { platform });
    const source = client.sourceFor(team(registry));
    await Promise.all(image.layers.map((layer) => source.fetchBlob(layer)));
    expect(registry.requestsFor(/^\/token/).map(({ url }) => url)).toEqual([
      '/token?account=none&service=the+registry&scope=repository%3Ateam%2Fapp%3Apull',
    ]);
    expect(registry.requestsFor(/^\/token/)[0]?.headers.authorization).toBeUndefined();
  });

  it('takes the token by its other name', async () => {
    await using registry = await startScriptedRegistry();
    registry.addImage([], linux);
    registry.lie(/^\/v2\//, wantsToken(`http://${registry.host}/token`, 'other'));
    registry.lie(/^\/token/, givesToken({ access_token: 'other' }));
    const client = await openClient();
    await expect(client.resolve(team(registry), { platform })).resolves.toBeDefined();
  });

  it('gets a new token when the registry takes the old one no longer', async () => {
    await using registry = await startScriptedRegistry();
    const image = registry.addImage([randomBytes(1000)], linux);
    const realm = `http://${registry.host}/token`;
    registry.lie(/^\/v2\//, wantsToken(realm, 'first'));
    registry.lie(/^\/token/, givesToken({ token: 'first' }), givesToken({ token: 'second' }));
    const client = await openClient();
    await client.resolve(team(registry), { platform });
    registry.lie(/^\/v2\//, wantsToken(realm, 'second'));
    for (const layer of image.layers) await client.sourceFor(team(registry)).fetchBlob(layer);
    expect(registry.requestsFor(/^\/token/)).toHaveLength(2);
  });

  it('does not use a token that has expired', async () => {
    await using registry = await startScriptedRegistry();
    registry.addImage([], linux);
    registry.lie(/^\/v2\//, wantsToken(`http://${registry.host}/token`, 'brief'));
    registry.lie(/^\/token/, givesToken({ token: 'brief', expires_in: 1 }));
    const client = await openClient();
    await client.resolve(team(registry), { platform });
    const brought = registry.requestsFor(/^\/v2\//).map(({ headers }) => headers.authorization);
    expect(brought).toEqual([undefined, 'Bearer brief', undefined, 'Bearer brief']);
  });

  it('gives up where the new token is refused too', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wantsToken(`http://${registry.host}/token`, 'right'));
    registry.lie(/^\/token/, givesToken({ token: 'wrong' }));
    const client = await openClient();
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/unauthorized',
    });
    expect(registry.requestsFor(/^\/v2\//)).toHaveLength(2);
  });

  it('says that a registry wants a password', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="private"' }).end();
    });
    const client = await openClient();
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/unauthorized',
      message: expect.stringContaining('a user name and a password') as string,
    });
  });

  it('says that no token is given to strangers', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wantsToken(`http://${registry.host}/token`, 'right'));
    registry.lie(/^\/token/, givesToken({ details: 'who are you?' }, 401));
    const client = await openClient();
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/unauthorized',
    });
  });

  it.each([
    ['no token', {}],
    ['an empty one', { token: '' }],
    ['one with a line break', { token: 'a\r\nx-header: b' }],
    ['no JSON object', 'token'],
  ])('refuses the answer of a token server with %s', async (_, document) => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wantsToken(`http://${registry.host}/token`, 'right'));
    registry.lie(/^\/token/, givesToken(document));
    const client = await openClient();
    await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
      code: 'registry/bad-answer',
    });
  });

  it('tells nobody of a token that is no JSON', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, wantsToken(`http://${registry.host}/token`, 'right'));
    registry.lie(/^\/token/, (_request, response) => void response.end('eyJ.s3cret'));
    const client = await openClient();
    const failure: unknown = await client
      .resolve(team(registry), { platform })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'registry/bad-answer' });
    expect(inspect(failure)).not.toContain('s3cret');
  });

  it.each(['http://registry.test/token', 'ftp://127.0.0.1/', 'not a URL', 'file:///etc/passwd'])(
    'does not ask %s for a token',
    async (realm) => {
      await using registry = await startScriptedRegistry();
      registry.lie(/^\/v2\//, wantsToken(realm, 'right'));
      const client = await openClient();
      await expect(client.resolve(team(registry), { platform })).rejects.toMatchObject({
        code: 'registry/bad-answer',
        message: expect.stringContaining('not safe to follow') as string,
      });
    },
  );

  it('takes its token to no other server that it is sent to', async () => {
    await using registry = await startScriptedRegistry();
    await using storage = await startScriptedRegistry();
    const tar = randomBytes(1000);
    registry.addImage([tar], linux);
    const [layer] = storage.addImage([tar], linux).layers;
    if (!layer) throw new Error('The image has a layer.');
    registry.lie(/^\/v2\//, wantsToken(`http://${registry.host}/token`, 'secret'));
    registry.lie(/^\/token/, givesToken({ token: 'secret', expires_in: 300 }));
    const client = await openClient();
    await client.resolve(team(registry), { platform });
    const location = `http://${storage.host}/v2/team/app/blobs/${layer.digest}`;
    registry.lie(/blobs/, (_request, response) => void response.writeHead(307, { location }).end());
    await client.sourceFor(team(registry)).fetchBlob(layer);
    expect(registry.requestsFor(/blobs/).at(-1)?.headers.authorization).toBe('Bearer secret');
    expect(storage.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('takes its token nowhere that another server sends it back to', async () => {
    await using registry = await startScriptedRegistry();
    await using storage = await startScriptedRegistry();
    const { config } = registry.addImage([randomBytes(1000)], linux);
    registry.lie(/^\/v2\//, wantsToken(`http://${registry.host}/token`, 'secret'));
    registry.lie(/^\/token/, givesToken({ token: 'secret', expires_in: 300 }));
    const redirectTo = (location: string): Lie => {
      return (_request, response) => void response.writeHead(307, { location }).end();
    };
    registry.lie(/blobs/, redirectTo(`http://${storage.host}/blob`));
    storage.lie(/blob/, redirectTo(`http://${registry.host}/v2/private`));
    const source = (await openClient()).sourceFor(team(registry));
    await expect(source.fetchBlob(config)).rejects.toMatchObject({ code: 'registry/bad-answer' });
    const sentBack = registry.requestsFor(/private/).map(({ headers }) => headers.authorization);
    expect(new Set(sentBack)).toEqual(new Set([undefined]));
  });
});

describe('RegistryClient and redirects', () => {
  const temporary = useTemporaryDirectory();

  async function fetchRedirected(registry: ScriptedRegistry, lie: Lie): Promise<ContentStore> {
    const blob = registry.addBlob(Buffer.from('the blob'), 'text/plain');
    registry.lie(/blobs/, lie);
    const store = await ContentStore.open(temporary.path);
    const client = new RegistryClient({ store, backoffMs: [1, 1] });
    await client.sourceFor({ registry: registry.host, repository: 'team/app' }).fetchBlob(blob);
    return store;
  }

  const redirectTo =
    (location: string): Lie =>
    (_request, response) =>
      void response.writeHead(307, { location }).end();

  it.each([301, 302, 303, 307, 308])('follows status %d', async (status) => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/elsewhere/, (_request, response) => void response.end('the blob'));
    const store = await fetchRedirected(registry, (_request, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(registry.requestsFor(/elsewhere/)).toHaveLength(1);
    expect(store).toBeDefined();
  });

  it('takes the range along', async () => {
    await using registry = await startScriptedRegistry();
    const bytes = randomBytes(1_500_000);
    const blob = registry.addBlob(bytes, 'text/plain');
    let cut = (): void => undefined;
    registry.lie(/^\/elsewhere/, (request, response) => {
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
      const size = bytes.length;
      const range = `bytes ${String(from)}-${String(size - 1)}/${String(size)}`;
      response.writeHead(206, { 'content-range': range }).end(bytes.subarray(from));
    });
    registry.lie(
      /blobs/,
      (_request, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 1_200_000));
        cut = () => {
          response.destroy();
        };
      },
      redirectTo('/elsewhere'),
    );
    const store = await ContentStore.open(temporary.path);
    const client = new RegistryClient({ store, backoffMs: [1, 1] });
    await client.sourceFor({ registry: registry.host, repository: 'team/app' }).fetchBlob(blob, {
      onProgress: (done) => {
        if (done === 1_200_000) cut();
      },
    });
    expect(registry.requestsFor(/elsewhere/)[0]?.headers.range).toBe('bytes=1200000-');
  });

  it('stops after five redirects', async () => {
    await using registry = await startScriptedRegistry();
    const url = '/v2/team/app/blobs/again';
    await expect(fetchRedirected(registry, redirectTo(url))).rejects.toMatchObject({
      code: 'registry/bad-answer',
      message: expect.stringContaining('more than 5 times') as string,
    });
    expect(registry.requests).toHaveLength(6);
  });

  it.each([
    'http://registry.test/blob',
    'http://user:password@127.0.0.1/blob',
    'file:///etc/passwd',
    'http://[',
  ])('does not follow to %s', async (location) => {
    await using registry = await startScriptedRegistry();
    await expect(fetchRedirected(registry, redirectTo(location))).rejects.toMatchObject({
      code: 'registry/bad-answer',
    });
    expect(registry.requests).toHaveLength(1);
  });

  it('takes a stale link of another server for a fault that passes', async () => {
    await using registry = await startScriptedRegistry();
    await using storage = await startScriptedRegistry();
    storage.lie(
      /signed/,
      (_request, response) => void response.writeHead(403).end('expired'),
      (_request, response) => void response.end('the blob'),
    );
    await fetchRedirected(registry, redirectTo(`http://${storage.host}/signed`));
    expect(registry.requests).toHaveLength(2);
  });
});
