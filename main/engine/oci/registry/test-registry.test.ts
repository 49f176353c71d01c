import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { RegistryTest } from '../../../contract/registry.ts';
import {
  startScriptedRegistry,
  type Lie,
  type ScriptedRegistry,
} from '../../testing/scripted-registry.ts';
import { testRegistry, type RegistryTestRequest } from './test-registry.ts';

const credential = { username: 'somebody', password: 's3cret' };
const basic = `Basic ${Buffer.from('somebody:s3cret').toString('base64')}`;
const ok: Lie = (_, response) =>
  void response.writeHead(200, { 'docker-distribution-api-version': 'registry/2.0' }).end('{}');

/** Wants the password. */
function closed(then: Lie): Lie {
  return (request, response, serve) => {
    if (request.headers.authorization === basic) return then(request, response, serve);
    const headers = { 'www-authenticate': 'Basic realm="x"', 'content-type': 'application/json' };
    response.writeHead(401, headers).end();
  };
}

const words = ({ steps }: RegistryTest): string[] =>
  steps.map(({ step, result }) => `${step} ${result}`);

describe('testRegistry', () => {
  async function test(
    registry: Pick<ScriptedRegistry, 'host'>,
    request: Partial<RegistryTestRequest> = {},
    options: { readonly kept?: typeof credential; readonly totalMs?: number } = {},
  ): Promise<RegistryTest> {
    const { kept, totalMs = 20_000 } = options;
    return await testRegistry(
      { registry: registry.host, ...request },
      {
        settingsOf: () => undefined,
        findCredential: () => Promise.resolve(kept),
        environment: {},
        totalMs,
      },
    );
  }

  it('passes a registry that lets everybody in', async () => {
    await using registry = await startScriptedRegistry();
    registry.addImage([]);
    registry.lie(/^\/v2\/$/, ok);
    const result = await test(registry, { credential, repository: 'team/app' });
    expect(words(result)).toEqual([
      ...['name skip', 'reach pass', 'tls skip', 'api pass', 'login skip', 'permission pass'],
    ]);
  });

  it.each([
    ['typed', { credential }, undefined],
    ['kept', {}, credential],
  ])('passes with the password that is %s', async (_, request, kept) => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, closed(ok));
    const result = await test(registry, { ...request, repository: 'team/app' }, kept && { kept });
    expect(words(result).slice(-3)).toEqual(['api pass', 'login pass', 'permission pass']);
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });

  it('prefers what is typed, and fails at a password that is wrong', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\//, closed(ok));
    const wrong = { username: 'somebody', password: 'wr0ng' };
    const result = await test(registry, { credential: wrong }, { kept: credential });
    expect(words(result).slice(-2)).toEqual(['api pass', 'login fail']);
    expect(result.steps.at(-1)?.hint).toBeTruthy();
    expect(JSON.stringify(result)).not.toContain('wr0ng');
  });

  it('asks nobody’s password of what is no registry', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/./, (_, response) => void response.end('<html>'));
    const result = await test(registry, { credential });
    expect(words(result)).toEqual(['name skip', 'reach pass', 'tls skip', 'api fail']);
    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('fails at the permission', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(
      /^\/v2\//,
      closed((request, response, serve) => {
        if (request.url === '/v2/') return ok(request, response, serve);
        response.writeHead(403).end();
      }),
    );
    const result = await test(registry, { credential, repository: 'other/app' });
    expect(words(result).slice(-2)).toEqual(['login pass', 'permission fail']);
  });

  it('fails at a repository that is not there', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/^\/v2\/$/, ok);
    const result = await test(registry, { repository: 'no/app' });
    expect(words(result).slice(-1)).toEqual(['permission fail']);
    expect(result.steps.at(-1)?.evidence).toContain('no/app');
  });

  it('fails at a port where nobody listens', async () => {
    const registry = await startScriptedRegistry();
    const { host } = registry;
    await registry[Symbol.asyncDispose]();
    expect(words(await test({ host }))).toEqual(['name skip', 'reach fail']);
  });

  it('fails at a name that nobody knows', async () => {
    // A label has at most 63 octets (RFC 1035, section 2.3.4): no name server is asked for it.
    const host = `${'a'.repeat(64)}.example`;
    const result = await test({ host });
    expect(words(result)).toEqual(['name fail']);
    expect(result.steps[0]?.evidence).toContain(host);
  });

  it('fails at a server that speaks no HTTP', async () => {
    await using server = await startServer((socket) => socket.end('220 mail.example ready\r\n'));
    expect(words(await test(server)).slice(-1)).toEqual(['api fail']);
  });

  it('ends where a server says nothing', async () => {
    await using server = await startServer(() => undefined);
    const result = await test(server, {}, { totalMs: 100 });
    expect(result.steps.at(-1)).toMatchObject({
      result: 'fail',
      evidence: 'The registry took too long.',
    });
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    await using server = await startServer(() => {
      abort.abort();
    });
    const context = { settingsOf: () => undefined, environment: {} };
    await expect(
      testRegistry({ registry: server.host }, context, abort.signal),
    ).rejects.toMatchObject({ code: 'operation/cancelled' });
  });

  it('refuses what is no repository', async () => {
    await expect(test({ host: 'registry.example' }, { repository: 'A B' })).rejects.toMatchObject({
      code: 'image/reference-invalid',
    });
  });
});

async function startServer(
  onConnection: (socket: Socket) => unknown,
): Promise<AsyncDisposable & { host: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: `127.0.0.1:${String(port)}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
