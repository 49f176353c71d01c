import { describe, expect, it } from 'vitest';
import { parsedReference } from '../../testing/pull-image.ts';
import { startScriptedRegistry, type ScriptedRegistry } from '../../testing/scripted-registry.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { ContentStore } from '../content-store.ts';
import type { ResolvedImage } from '../image-source.ts';
import { RegistryClient } from './registry-client.ts';

const amd64 = { os: 'linux', architecture: 'amd64' } as const;
const arm64 = { os: 'linux', architecture: 'arm64' } as const;
const indexType = 'application/vnd.oci.image.index.v1+json';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const timeouts = { headersMs: 5000, stallMs: 5000, documentMs: 5000 };

describe('RegistryClient.resolve', () => {
  const temporary = useTemporaryDirectory();

  async function resolve(
    registry: ScriptedRegistry,
    options: {
      name?: string;
      platform?: typeof amd64 | typeof arm64;
      documentMs?: number;
      headersMs?: number;
    } = {},
  ): Promise<ResolvedImage> {
    const store = await ContentStore.open(temporary.path);
    const { name = 'team/app', platform = amd64, ...shorter } = options;
    const client = new RegistryClient({
      store,
      timeouts: { ...timeouts, ...shorter },
      backoffMs: [1, 1],
    });
    return await client.resolve(parsedReference(`${registry.host}/${name}`), { platform });
  }

  const linux = { config: { os: 'linux', architecture: 'amd64' } };

  it('gives the configuration and the layers, bottom first', async () => {
    await using registry = await startScriptedRegistry();
    const tars = ['lower', 'upper'].map((text) => Buffer.from(text));
    const image = registry.addImage(tars, {
      config: {
        architecture: 'amd64',
        created: '2024-01-02T03:04:05Z',
        config: {
          Env: ['A=1'],
          Cmd: ['/bin/sh'],
          Entrypoint: null,
          WorkingDir: '/srv',
          User: '1000:100',
        },
      },
    });
    const resolved = await resolve(registry);
    expect(resolved).toMatchObject({
      reference: `${registry.host}/team/app:latest`,
      digest: image.manifest.digest,
      config: {
        os: 'linux',
        architecture: 'amd64',
        createdAtMs: Date.UTC(2024, 0, 2, 3, 4, 5),
        env: ['A=1'],
        cmd: ['/bin/sh'],
        entrypoint: [],
        workdir: '/srv',
        user: '1000:100',
      },
      layers: image.layers.map(({ digest }) => ({ digest, compression: 'gzip' })),
    });
    const store = await ContentStore.open(temporary.path);
    expect(await store.has(image.manifest.digest)).toBe(true);
    expect(await store.has(image.config.digest)).toBe(true);
  });

  it('asks for all four types of manifest', async () => {
    await using registry = await startScriptedRegistry();
    registry.addImage([Buffer.from('tar')], linux);
    await resolve(registry);
    const [first] = registry.requestsFor(/manifests/);
    expect(first?.headers.accept?.split(', ')).toEqual([
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.oci.image.manifest.v1+json',
      'application/vnd.docker.distribution.manifest.v2+json',
    ]);
    expect(first?.headers['accept-encoding']).toBe('identity');
  });

  it('needs no network for a digest that is in the store', async () => {
    const image = await (async () => {
      await using registry = await startScriptedRegistry();
      const { manifest } = registry.addImage([Buffer.from('tar')], linux);
      await resolve(registry);
      return { digest: manifest.digest, host: registry.host };
    })();
    const client = new RegistryClient({ store: await ContentStore.open(temporary.path) });
    const gone = parsedReference(`${image.host}/team/app@${image.digest}`);
    expect(await client.resolve(gone, { platform: amd64 })).toMatchObject({
      digest: image.digest,
    });
  });

  it('takes the manifest of the platform from an index', async () => {
    await using registry = await startScriptedRegistry();
    const images = (['amd64', 'arm64', 's390x'] as const).map((architecture) => ({
      architecture,
      ...registry.addImage([Buffer.from(architecture)], { config: { architecture } }).manifest,
    }));
    const manifests = images.map(({ architecture, ...descriptor }) => ({
      ...descriptor,
      platform: {
        os: 'linux',
        architecture,
        ...(architecture === 'arm64' && { variant: 'v8' }),
      },
    }));
    const attestation = { ...manifests[0], platform: { os: 'unknown', architecture: 'unknown' } };
    const index = {
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [attestation, ...manifests],
    };
    registry.addManifest(index, indexType, 'latest');
    expect((await resolve(registry)).digest).toBe(images[0]?.digest);
    expect((await resolve(registry, { platform: arm64 })).digest).toBe(images[1]?.digest);
  });

  it('says for which platforms an image is there', async () => {
    await using registry = await startScriptedRegistry();
    const { manifest } = registry.addImage([], { config: { architecture: 's390x' } });
    const platforms = [
      { os: 'linux', architecture: 's390x' },
      { os: 'linux', architecture: 'arm', variant: 'v7' },
      { os: 'unknown', architecture: 'unknown' },
    ];
    const manifests = platforms.map((platform) => ({ ...manifest, platform }));
    registry.addManifest({ schemaVersion: 2, manifests }, indexType, 'latest');
    await expect(resolve(registry)).rejects.toMatchObject({
      code: 'image/platform-unavailable',
      details: { available: ['linux/s390x', 'linux/arm/v7'] },
    });
  });

  it('refuses a single image of another platform', async () => {
    await using registry = await startScriptedRegistry();
    registry.addImage([], { config: { architecture: 's390x' } });
    await expect(resolve(registry)).rejects.toMatchObject({
      code: 'image/platform-unavailable',
      details: { available: ['linux/s390x'] },
    });
  });

  it('does not mix two images where the tag moves during the pull', async () => {
    await using registry = await startScriptedRegistry();
    const old = registry.addImage([Buffer.from('old')], linux);
    const platform = { os: 'linux', architecture: 'amd64' };
    const index = { schemaVersion: 2, manifests: [{ ...old.manifest, platform }] };
    registry.addManifest(index, indexType, 'latest');
    registry.lie(/manifests\/latest/, (_request, _response, serve) => {
      serve();
      registry.addImage([Buffer.from('new')], linux);
    });
    const resolved = await resolve(registry);
    expect(resolved.digest).toBe(old.manifest.digest);
    expect(resolved.layers.map(({ digest }) => digest)).toEqual(
      old.layers.map(({ digest }) => digest),
    );
    expect(registry.requestsFor(/manifests\/latest/)).toHaveLength(1);
  });

  it('refuses a manifest that is not of the digest that was asked for', async () => {
    await using registry = await startScriptedRegistry();
    const honest = registry.addImage([Buffer.from('a')], linux);
    const other = registry.addManifest('{"schemaVersion":2}', manifestType);
    registry.lie(/manifests/, (_request, response) => {
      response.end('{"schemaVersion":2}');
    });
    expect(other.digest).not.toBe(honest.manifest.digest);
    await expect(
      resolve(registry, { name: `team/app@${honest.manifest.digest}` }),
    ).rejects.toMatchObject({ code: 'registry/digest-mismatch' });
  });

  it('refuses a manifest that is not of the digest its own header says', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/manifests/, (_request, response) => {
      response.setHeader('docker-content-digest', `sha256:${'0'.repeat(64)}`).end('{}');
    });
    await expect(resolve(registry)).rejects.toMatchObject({ code: 'registry/digest-mismatch' });
  });

  it('refuses a manifest of another size than its index says', async () => {
    await using registry = await startScriptedRegistry();
    const { manifest } = registry.addImage([], linux);
    const platform = { os: 'linux', architecture: 'amd64' };
    const manifests = [{ ...manifest, size: manifest.size + 1, platform }];
    registry.addManifest({ schemaVersion: 2, manifests }, indexType, 'latest');
    await expect(resolve(registry)).rejects.toMatchObject({ code: 'registry/digest-mismatch' });
  });

  it('refuses a configuration with other bytes', async () => {
    await using registry = await startScriptedRegistry();
    const { config } = registry.addImage([], linux);
    registry.lie(/blobs/, (_request, response) => {
      response.end(Buffer.alloc(config.size, ' '));
    });
    await expect(resolve(registry)).rejects.toMatchObject({ code: 'registry/digest-mismatch' });
  });

  it.each([
    ['fewer', []],
    ['more', [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`]],
  ])('refuses a configuration with %s unpacked layers than its manifest', async (_, diffIds) => {
    await using registry = await startScriptedRegistry();
    const rootfs = { type: 'layers', diff_ids: diffIds };
    registry.addImage([Buffer.from('tar')], { config: { ...linux.config, rootfs } });
    await expect(resolve(registry)).rejects.toMatchObject({
      code: 'registry/bad-answer',
      message: expect.stringContaining('digests of unpacked layers') as string,
    });
  });

  it('stops reading a manifest at its bound', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/manifests/, (_request, response) => {
      const send = (): void => {
        while (response.write(Buffer.alloc(65536, ' '))) if (response.destroyed) return;
        if (!response.destroyed) response.once('drain', send);
      };
      send();
    });
    await expect(resolve(registry)).rejects.toMatchObject({
      code: 'registry/bad-answer',
      message: expect.stringContaining('more than the 4194304 bytes') as string,
    });
  });

  it('ends a manifest that comes too slowly', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/manifests/, (_request, response) => {
      response.write('{');
    });
    await expect(resolve(registry, { documentMs: 20 })).rejects.toMatchObject({
      code: 'registry/unreachable',
      message: expect.stringContaining('took too long') as string,
    });
    expect(registry.requests).toHaveLength(3);
  });

  it('ends a registry that does not answer', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(/manifests/, () => undefined);
    await expect(resolve(registry, { headersMs: 20 })).rejects.toMatchObject({
      code: 'registry/unreachable',
      message: expect.stringContaining('did not answer in time') as string,
    });
  });

  it('says that nobody listens', async () => {
    const registry = await startScriptedRegistry();
    const { host } = registry;
    await registry[Symbol.asyncDispose]();
    const store = await ContentStore.open(temporary.path);
    const client = new RegistryClient({ store, backoffMs: [1, 1] });
    await expect(
      client.resolve(parsedReference(`${host}/app`), { platform: amd64 }),
    ).rejects.toMatchObject({
      code: 'registry/unreachable',
      message: expect.stringContaining('the connection was refused') as string,
    });
  });

  it('says that an image is not there', async () => {
    await using registry = await startScriptedRegistry();
    await expect(resolve(registry, { name: 'team/app:2' })).rejects.toMatchObject({
      code: 'image/not-found',
      message: expect.stringContaining(`${registry.host}/team/app:2`) as string,
    });
  });

  it.each([403, 401])('takes status %d for a refusal', async (status) => {
    await using registry = await startScriptedRegistry();
    registry.lie(/manifests/, (_request, response) => void response.writeHead(status).end('no'));
    await expect(resolve(registry)).rejects.toMatchObject({ code: 'registry/unauthorized' });
  });

  it.each([429, 500, 502, 503])('tries again after status %d', async (status) => {
    await using registry = await startScriptedRegistry();
    const { manifest } = registry.addImage([], linux);
    registry.lie(
      /manifests/,
      (_request, response) => void response.writeHead(status, { 'retry-after': '0' }).end('later'),
      (_request, response) => void response.destroy(),
      (_request, _response, serve) => {
        serve();
      },
    );
    expect((await resolve(registry)).digest).toBe(manifest.digest);
    expect(registry.requestsFor(/manifests/)).toHaveLength(3);
  });

  it('gives up after three tries, with what the registry said', async () => {
    await using registry = await startScriptedRegistry();
    registry.lie(
      /manifests/,
      (_request, response) => void response.writeHead(500).end('on\u001b\n fire'),
    );
    await expect(resolve(registry)).rejects.toMatchObject({
      code: 'registry/bad-answer',
      details: { status: 500, answer: 'on  fire' },
    });
    expect(registry.requests).toHaveLength(3);
  });

  it('does not wait for a registry that asks for a long time', async () => {
    await using registry = await startScriptedRegistry();
    const late = { 'retry-after': '3600' };
    registry.lie(/manifests/, (_request, response) => void response.writeHead(429, late).end());
    await expect(resolve(registry)).rejects.toMatchObject({
      code: 'registry/bad-answer',
      hint: expect.stringContaining('in 60 minutes') as string,
    });
    expect(registry.requests).toHaveLength(1);
  });

  it('is cancelled at once', async () => {
    await using registry = await startScriptedRegistry();
    const abort = new AbortController();
    registry.lie(/manifests/, () => {
      abort.abort();
    });
    const client = new RegistryClient({ store: await ContentStore.open(temporary.path) });
    await expect(
      client.resolve(parsedReference(`${registry.host}/app`), {
        platform: amd64,
        signal: abort.signal,
      }),
    ).rejects.toMatchObject({ code: 'operation/cancelled' });
  });
});
