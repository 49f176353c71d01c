import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { registrySettingsSchema } from '../../../contract/registry.ts';
import { parsedReference } from '../../testing/pull-image.ts';
import {
  startScriptedRegistry,
  type Lie,
  type ScriptedRegistry,
} from '../../testing/scripted-registry.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import type { Logger } from '../../base/logger.ts';
import { ContentStore } from '../content-store.ts';
import { RegistryClient } from './registry-client.ts';

const platform = { os: 'linux', architecture: 'amd64' } as const;
const linux = { config: { os: 'linux', architecture: 'amd64' } };
const layer = randomBytes(100_000);

describe('mirrors', () => {
  const temporary = useTemporaryDirectory();

  /** Pulls `team/app` of a registry with these mirrors; returns its digest and what was logged. */
  async function pull(
    registry: ScriptedRegistry,
    mirrors: readonly string[],
    options: { readonly credential?: { username: string; password: string } } = {},
  ): Promise<{ digest: string; passedOver: unknown[] }> {
    const passedOver: unknown[] = [];
    const nothing = (): void => undefined;
    const logger: Logger = {
      debug: nothing,
      info: nothing,
      error: nothing,
      warn: (_, fields) => passedOver.push(fields?.['mirror']),
    };
    const store = await ContentStore.open(temporary.path);
    const client = new RegistryClient({
      store,
      logger,
      backoffMs: [1, 1],
      timeouts: { headersMs: 500 },
      settingsOf: (name) =>
        name === registry.host ? registrySettingsSchema.parse({ mirrors }) : undefined,
      findCredential: ({ registry: name }) =>
        Promise.resolve(name === registry.host ? options.credential : undefined),
    });
    const reference = parsedReference(`${registry.host}/team/app`);
    const image = await client.resolve(reference, { platform });
    for (const part of image.layers) await client.sourceFor(reference).fetchBlob(part);
    for (const part of image.layers) expect(await store.has(part.digest)).toBe(true);
    return { digest: image.digest, passedOver };
  }

  it('are asked first, and the registry not at all', async () => {
    await using registry = await startScriptedRegistry();
    await using mirror = await startScriptedRegistry();
    const { manifest } = mirror.addImage([layer], linux);
    const { digest, passedOver } = await pull(registry, [mirror.host]);
    expect({ digest, passedOver }).toEqual({ digest: manifest.digest, passedOver: [] });
    expect(registry.requests).toEqual([]);
  });

  it('are asked in their order until one has the image', async () => {
    await using registry = await startScriptedRegistry();
    await using empty = await startScriptedRegistry();
    await using gone = await startScriptedRegistry();
    await using full = await startScriptedRegistry();
    const goneHost = gone.host;
    await gone[Symbol.asyncDispose]();
    full.addImage([layer], linux);
    const { passedOver } = await pull(registry, [goneHost, empty.host, full.host]);
    // What is not there is asked once, what lacks the image at each blob.
    expect(passedOver).toEqual([goneHost, empty.host, empty.host, empty.host]);
    expect(registry.requests).toEqual([]);
  });

  const nonsense: readonly [string, Lie][] = [
    ['is out of order', (_, response) => void response.writeHead(500).end()],
    ['forbids it', (_, response) => void response.writeHead(403).end()],
    [
      'wants a password',
      (_, response) =>
        void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
    ],
    ['says no manifest', (_, response) => void response.end('<html>')],
    ['says another document', (_, response) => void response.end('{"schemaVersion":1}')],
    ['says nothing', () => undefined],
    [
      'leads to elsewhere',
      (_, response) =>
        void response.writeHead(307, { location: 'http://elsewhere.example/' }).end(),
    ],
  ];
  it.each(nonsense)('are passed over where one %s', async (_, lie) => {
    await using registry = await startScriptedRegistry();
    await using mirror = await startScriptedRegistry();
    const { manifest } = registry.addImage([layer], linux);
    mirror.lie(/manifests/, lie);
    const { digest, passedOver } = await pull(registry, [mirror.host]);
    expect(digest).toBe(manifest.digest);
    expect(passedOver).toContain(mirror.host);
  });

  it('cannot give other bytes for a blob', async () => {
    await using registry = await startScriptedRegistry();
    await using mirror = await startScriptedRegistry();
    registry.addImage([layer], linux);
    const [{ digest, size } = { digest: '', size: 0 }] = mirror.addImage([layer], linux).layers;
    const wrong = [
      Buffer.alloc(size, 'x'),
      Buffer.alloc(size + 1, 'x'),
      Buffer.alloc(size - 1, 'x'),
    ];
    for (const bytes of wrong) {
      mirror.lie(new RegExp(digest), (_, response) => void response.end(bytes));
      await pull(registry, [mirror.host]);
      await rm(temporary.path, { recursive: true });
    }
    // What is too short is gone on with first, and is found to be wrong then.
    const rest = `bytes=${String(size - 1)}-`;
    const asked = registry.requestsFor(/blobs/).map(({ headers }) => headers.range);
    expect(asked.filter((range) => range === undefined)).toHaveLength(wrong.length);
    expect(asked.at(-2)).toBe(rest);
  });

  it('may break off: the registry goes on from there', async () => {
    await using registry = await startScriptedRegistry();
    await using mirror = await startScriptedRegistry();
    const { layers } = registry.addImage([layer], linux);
    mirror.addImage([layer], linux);
    const cut = 60_000;
    mirror.lie(new RegExp(layers[0]?.digest ?? ''), (request, response, serve) => {
      const end = response.end.bind(response);
      Object.assign(response, {
        end: (bytes: Buffer) => {
          response.write(bytes.subarray(0, cut), () => request.socket.destroy());
          return end;
        },
      });
      serve();
    });
    await pull(registry, [mirror.host]);
    const asked = registry.requestsFor(/blobs/).map(({ headers }) => headers.range);
    expect(asked).toEqual([`bytes=${String(cut)}-`]);
  });

  it('cannot mix two images: a tag is looked up once', async () => {
    await using registry = await startScriptedRegistry();
    await using mirror = await startScriptedRegistry();
    registry.addImage([randomBytes(1000)], linux);
    const old = mirror.addImage([layer], linux);
    mirror.lie(/blobs/, (_, response) => void response.writeHead(404).end());
    await expect(pull(registry, [mirror.host])).rejects.toMatchObject({
      code: 'registry/bad-answer',
      message: expect.stringContaining(old.config.digest) as string,
    });
    expect(registry.requestsFor(/manifests/)).toEqual([]);
  });

  it('hear nothing of who asks the registry', async () => {
    await using registry = await startScriptedRegistry();
    await using mirror = await startScriptedRegistry();
    registry.addImage([layer], linux);
    const wantsPassword: Lie = (request, response, serve) => {
      if (request.headers.authorization !== undefined) serve();
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    };
    registry.lie(/v2/, wantsPassword);
    mirror.lie(/v2/, wantsPassword);
    const credential = { username: 'somebody', password: 's3cret' };
    await pull(registry, [mirror.host], { credential });
    expect(mirror.requests.length).toBeGreaterThan(0);
    expect(mirror.requests.map(({ headers }) => headers.authorization)).toEqual(
      mirror.requests.map(() => undefined),
    );
    expect(registry.requests.at(-1)?.headers.authorization).toMatch(/^Basic /);
  });

  it('that the settings of a mirror name are not asked', async () => {
    await using registry = await startScriptedRegistry();
    registry.addImage([layer], linux);
    await pull(registry, [registry.host]);
    expect(registry.requestsFor(/manifests/)).toHaveLength(1);
  });
});
