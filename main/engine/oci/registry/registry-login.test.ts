import { describe, expect, it } from 'vitest';
import type { Credential } from '../../../contract/registry.ts';
import { startScriptedRegistry, type ScriptedRegistry } from '../../testing/scripted-registry.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { RegistryAuth } from './auth.ts';
import { ContentStore } from '../content-store.ts';
import { defaultHttpTimeouts } from './http-answer.ts';
import { httpRequest } from './http.ts';
import { RegistryClient } from './registry-client.ts';

const alice = { username: 'alice', password: 'open sesame' } satisfies Credential;

describe('RegistryClient.checkLogin', () => {
  const temporary = useTemporaryDirectory();

  async function checkLogin(registry: ScriptedRegistry, credential: Credential): Promise<void> {
    const store = await ContentStore.open(temporary.path);
    const client = new RegistryClient({ store, backoffMs: [1, 1] });
    await client.checkLogin(registry.host, credential);
  }

  it('is content with a registry that lets the user in', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\/$/, (request, response) => {
      const basic = Buffer.from('alice:open sesame').toString('base64');
      const isAlice = request.headers.authorization === `Basic ${basic}`;
      response.writeHead(isAlice ? 200 : 401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    await expect(checkLogin(registry, alice)).resolves.toBeUndefined();
    const wrong = checkLogin(registry, { username: 'alice', password: 'no' });
    await expect(wrong).rejects.toMatchObject({ code: 'registry/wrong-password' });
  });

  it('asks a token server for no scope at all', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\/$/, (request, response) => {
      const isKnown = request.headers.authorization === 'Bearer known';
      const challenge = `Bearer realm="http://${registry.host}/token",service="it"`;
      response.writeHead(isKnown ? 200 : 401, { 'www-authenticate': challenge }).end();
    });
    registry.lie(/^\/token/, (_request, response) => void response.end('{"token":"known"}'));
    await expect(checkLogin(registry, alice)).resolves.toBeUndefined();
    expect(registry.requestsFor(/^\/token/).map(({ url }) => url)).toEqual(['/token?service=it']);
  });

  it('is not content with what is no registry', async () => {
    await using registry = await startScriptedRegistry();
    await expect(checkLogin(registry, alice)).rejects.toMatchObject({
      code: 'registry/bad-answer',
    });
  });

  it('asks anew for TLS where a registry says that it speaks it by now', async () => {
    await using registry = await startScriptedRegistry();
    const methods: (string | undefined)[] = [];
    registry.lie(/^\/v2\/$/, (request, response) => {
      methods.push(request.method);
      if (request.method === 'HEAD') response.writeHead(401).end();
      else response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n');
    });
    const store = await ContentStore.open(temporary.path);
    const settingsOf = () => ({ isInsecure: true, mirrors: [] });
    const client = new RegistryClient({ store, backoffMs: [], settingsOf });
    const speaksTls = { code: 'registry/tls-failed' };
    await expect(client.checkLogin(registry.host, alice)).rejects.toMatchObject(speaksTls);
    await expect(client.checkLogin(registry.host, alice)).rejects.toMatchObject(speaksTls);
    expect(methods).toEqual(['HEAD', 'GET', 'HEAD', 'GET']);
  });

  it('takes no password from TLS to plain HTTP', async () => {
    const auth = new RegistryAuth();
    await using registry = await startScriptedRegistry();
    registry.lie(/./, (_request, response) => {
      const challenge = `Bearer realm="http://${registry.host}/token"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    const url = new URL('https://127.0.0.1/v2/');
    const asked = new URL(`http://${registry.host}/v2/`);
    const request = { registry: 'x', url, credential: alice, timeouts: defaultHttpTimeouts };
    const sent = auth.send(request, (authorization) =>
      httpRequest({ url: asked, authorization, timeouts: defaultHttpTimeouts }),
    );
    await expect(sent).rejects.toMatchObject({ code: 'registry/bad-answer' });
    expect(registry.requestsFor(/^\/token/)).toEqual([]);
  });
});
