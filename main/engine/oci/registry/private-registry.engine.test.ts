/** Credentials at a real registry: with passwords of its own, and with a token server. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Credential } from '../../../contract/registry.ts';
import { writeBusyboxImage } from '../../testing/images.ts';
import { parsedReference } from '../../testing/pull-image.ts';
import { startRegistry, type TestRegistry } from '../../testing/registry.ts';
import { runTool } from '../../testing/run-tool.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { TokenServer } from '../../testing/token-server.ts';
import { hostArchitecture } from '../../testing/write-oci-layout.ts';
import { RegistryAuth } from './auth.ts';
import { ContentStore } from '../content-store.ts';
import { defaultHttpTimeouts } from './http-answer.ts';
import { httpRequest } from './http.ts';
import { RegistryClient } from './registry-client.ts';

const platform = { os: 'linux', architecture: hostArchitecture } as const;
const alice = { username: 'alice', password: 'open: sésame' } satisfies Credential;

describe('a private registry', () => {
  const temporary = useTemporaryDirectory();

  async function pull(reference: string, credential?: Credential): Promise<number> {
    const store = await ContentStore.open(join(temporary.path, 'store'));
    const client = new RegistryClient({ store, findCredential: () => Promise.resolve(credential) });
    const parsed = parsedReference(reference);
    const image = await client.resolve(parsed, { platform });
    const source = client.sourceFor(parsed);
    await Promise.all(image.layers.map((layer) => source.fetchBlob(layer)));
    return image.layers.length;
  }

  async function checkLogin({ host }: TestRegistry, credential: Credential): Promise<void> {
    const store = await ContentStore.open(join(temporary.path, 'store'));
    await new RegistryClient({ store }).checkLogin(host, credential);
  }

  async function pushTo(registry: TestRegistry, name: string): Promise<string> {
    const layout = join(temporary.path, 'layout');
    await writeBusyboxImage(layout);
    const credential = `${alice.username}:${alice.password}`;
    return await registry.push(layout, 'latest', name, { credential });
  }

  it('with passwords lets in whoever brings the right one', async () => {
    const file = join(temporary.path, 'htpasswd');
    const args = ['-Bbn', '-C', '4', alice.username, alice.password];
    await writeFile(file, await runTool('htpasswd', args));
    await using registry = await startRegistry({
      auth: { htpasswd: { realm: 'private', path: file } },
    });
    const reference = await pushTo(registry, 'team/app:1');
    await expect(pull(reference)).rejects.toMatchObject({ code: 'registry/unauthorized' });
    const wrong = { ...alice, password: 'wrong' };
    for (const ask of [() => pull(reference, wrong), () => checkLogin(registry, wrong)]) {
      await expect(ask()).rejects.toMatchObject({
        code: 'registry/wrong-password',
        message: `The registry "${registry.host}" refused the password of "alice".`,
      });
    }
    await checkLogin(registry, alice);
    expect(await pull(reference, alice)).toBeGreaterThan(0);
  });

  it('with a token server gives each what they may', async () => {
    const identityToken = 'the identity of alice';
    await using tokens = await TokenServer.start(temporary.path, {
      '': { password: '', may: { 'public/app': ['pull'] } },
      alice: {
        password: alice.password,
        identityToken,
        may: { 'team/app': ['pull', 'push'], 'public/app': ['pull', 'push'] },
      },
      bob: { password: 'b', may: {} },
    });
    await using registry = await startRegistry({ auth: tokens.auth });
    const reference = await pushTo(registry, 'team/app:1');
    const open = await pushTo(registry, 'public/app:1');

    expect(await pull(open)).toBeGreaterThan(0);
    await expect(pull(reference)).rejects.toMatchObject({ code: 'registry/unauthorized' });
    const bob = { username: 'bob', password: 'b' };
    await checkLogin(registry, bob);
    await expect(pull(reference, bob)).rejects.toMatchObject({
      code: 'registry/forbidden',
      message: `The registry "${registry.host}" does not permit "bob" to pull from "team/app".`,
    });
    const wrong = { ...bob, password: 'wrong' };
    for (const ask of [() => pull(reference, wrong), () => checkLogin(registry, wrong)]) {
      await expect(ask()).rejects.toMatchObject({ code: 'registry/wrong-password' });
    }
    tokens.requests.length = 0;
    expect(await pull(reference, alice)).toBeGreaterThan(0);
    expect(tokens.requests).toEqual([
      { method: 'GET', user: 'alice', scopes: ['repository:team/app:pull'] },
    ]);
  });

  it('with a token server takes an identity token', async () => {
    const may = { 'team/app': ['pull', 'push'] };
    await using tokens = await TokenServer.start(temporary.path, {
      alice: { password: alice.password, identityToken: 'the identity of alice', may },
    });
    await using registry = await startRegistry({ auth: tokens.auth });
    const reference = await pushTo(registry, 'team/app:1');
    tokens.requests.length = 0;
    expect(await pull(reference, { identityToken: 'the identity of alice' })).toBeGreaterThan(0);
    expect(tokens.requests.map(({ method }) => method)).toEqual(['POST']);
    await checkLogin(registry, { identityToken: 'the identity of alice' });
    await expect(checkLogin(registry, { identityToken: 'old' })).rejects.toMatchObject({
      code: 'registry/wrong-password',
    });
  });

  it('with a token server is told what a push needs', async () => {
    const may = { 'team/app': ['pull', 'push'], base: ['pull'] };
    await using tokens = await TokenServer.start(temporary.path, {
      alice: { password: alice.password, may },
    });
    await using registry = await startRegistry({ auth: tokens.auth });
    const auth = new RegistryAuth(() => Promise.resolve(alice));
    const url = new URL(`http://${registry.host}/v2/team/app/tags/list`);
    const request = {
      registry: registry.host,
      repository: 'team/app',
      actions: 'pull,push',
      moreScopes: ['repository:base:pull'],
      url,
      timeouts: defaultHttpTimeouts,
    } as const;
    const authorizations: (string | undefined)[] = [];
    const send = async () =>
      await auth.send(request, (authorization) => {
        authorizations.push(authorization);
        return httpRequest({ url, authorization, timeouts: defaultHttpTimeouts });
      });
    await (await send()).discard();
    const scopes = ['repository:team/app:pull,push', 'repository:base:pull'];
    expect(tokens.requests).toEqual([{ method: 'GET', user: 'alice', scopes }]);
    // The token is good for the next request of that push.
    await (await send()).discard();
    expect(tokens.requests).toHaveLength(1);
    expect(authorizations).toEqual([undefined, authorizations[1], authorizations[1]]);
    const claims = authorizations[1]?.split('.')[1] ?? '';
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      access: [
        { name: 'team/app', actions: ['pull', 'push'] },
        { name: 'base', actions: ['pull'] },
      ],
    });
  });
});
