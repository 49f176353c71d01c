import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parsedReference } from '../../testing/pull-image.ts';
import {
  startScriptedRegistry,
  type Lie,
  type ScriptedRegistry,
} from '../../testing/scripted-registry.ts';
import { ScriptedUploads } from '../../testing/scripted-uploads.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { ContentStore } from '../content-store.ts';
import { digestOf } from '../digest.ts';
import type { PushableImage, PushOptions } from './push-image.ts';
import { RegistryClient } from './registry-client.ts';

const mebibyte = 1024 * 1024;
const type = 'application/vnd.oci.image.manifest.v1+json';
const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): Lie =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);
const hangUp: Lie = (request) => void request.socket.destroy();

describe('RegistryClient.push', () => {
  const temporary = useTemporaryDirectory();

  async function makeImage(blobs: readonly Buffer[]): Promise<PushableImage> {
    const store = await ContentStore.open(temporary.path);
    for (const blob of blobs) await store.writeBlob(blob);
    const manifestBytes = Buffer.from('{"schemaVersion":2}');
    return {
      manifest: { mediaType: type, digest: digestOf(manifestBytes), size: manifestBytes.length },
      manifestBytes,
      blobs: blobs.map((blob) => ({
        mediaType: 'application/octet-stream',
        digest: digestOf(blob),
        size: blob.length,
      })),
    };
  }

  async function push(
    registry: ScriptedRegistry,
    image: PushableImage,
    options: Partial<PushOptions> = {},
  ): Promise<void> {
    const client = new RegistryClient({
      store: await ContentStore.open(temporary.path),
      backoffMs: [1, 1],
    });
    const signal = new AbortController().signal;
    const target = parsedReference(`${registry.host}/team/app:1`);
    await client.push(image, target, { signal, ...options });
  }

  it('sends each blob in one request, and the manifest when all are there', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const blobs = [randomBytes(3 * mebibyte), randomBytes(10), Buffer.alloc(0)];
    const image = await makeImage(blobs);
    await push(registry, image);
    expect([...uploads.blobs.keys()].sort()).toEqual(blobs.map(digestOf).sort());
    expect(uploads.manifests.get('1')).toEqual({ bytes: image.manifestBytes, type });
    expect(uploads.requests.at(-1)?.line).toBe('PUT /v2/team/app/manifests/1');
    expect(uploads.methods(/./).sort()).toEqual([
      ...['HEAD', 'HEAD', 'HEAD', 'POST', 'POST', 'POST', 'PUT', 'PUT', 'PUT', 'PUT'],
    ]);
    expect(uploads.requests.find(({ line }) => line.includes('_state'))?.line).toContain(
      '?_state=a%2Bb==&digest=sha256%3A',
    );
  });

  it('takes a redirect for a sign that the blob is there', async () => {
    await using registry = await startScriptedRegistry();
    await using elsewhere = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    elsewhere.lie(/./, answer(403));
    uploads.lie(/^HEAD/, answer(307, { location: `http://${elsewhere.host}/signed` }));
    await push(registry, await makeImage([randomBytes(10)]));
    expect(uploads.methods(/uploads/)).toEqual([]);
  });

  it('sends a blob that is named twice once', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const blob = randomBytes(10);
    await push(registry, await makeImage([blob, blob]));
    expect(uploads.methods(/uploads/)).toEqual(['POST', 'PUT']);
  });

  it('goes on from where the registry has got to', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const blob = randomBytes(6 * mebibyte);
    uploads.cutAfter(2 * mebibyte + 5, 2 * mebibyte);
    await push(registry, await makeImage([blob]));
    expect([...uploads.blobs.keys()]).toEqual([digestOf(blob)]);
    const ranges = uploads.requests.map(({ headers }) => headers['content-range']);
    expect(ranges.filter((range) => range !== undefined)).toEqual([
      `${String(2 * mebibyte + 5)}-${String(6 * mebibyte - 1)}`,
      `${String(4 * mebibyte + 5)}-${String(6 * mebibyte - 1)}`,
    ]);
    expect(uploads.methods(/uploads/)).toEqual([
      ...['POST', 'PUT', 'GET', 'PATCH', 'GET', 'PATCH', 'PUT'],
    ]);
  });

  it('begins anew where little came, or the registry does not know the upload', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const blob = randomBytes(4 * mebibyte);
    uploads.cutAfter(1000, 2 * mebibyte);
    uploads.lie(
      /^GET .*uploads/,
      (_, __, serve) => {
        serve();
      },
      answer(404),
    );
    await push(registry, await makeImage([blob]));
    expect([...uploads.blobs.keys()]).toEqual([digestOf(blob)]);
    expect(uploads.methods(/uploads/)).toEqual([
      ...['POST', 'PUT', 'GET', 'POST', 'PUT', 'GET', 'POST', 'PUT'],
    ]);
  });

  it('begins anew where what it went on with is not taken', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const blob = randomBytes(4 * mebibyte);
    uploads.cutAfter(2 * mebibyte);
    uploads.lie(/^PATCH/, answer(416));
    await push(registry, await makeImage([blob]));
    expect([...uploads.blobs.keys()]).toEqual([digestOf(blob)]);
  });

  it('does not send again what arrived though the answer was lost', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    uploads.lie(/^PUT .*uploads/, (request, response, serve) => {
      const { socket } = request;
      Object.assign(response, { end: () => socket.destroy() });
      serve();
    });
    await push(registry, await makeImage([randomBytes(10)]));
    expect(uploads.methods(/uploads/)).toEqual(['POST', 'PUT', 'GET']);
  });

  it.each([
    ['HEAD', /^HEAD/],
    ['POST', /^POST/],
    ['PUT of a blob', /^PUT .*uploads/],
    ['PUT of the manifest', /^PUT .*manifests/],
  ])('tries a %s again after faults', async (_, pattern) => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    uploads.lie(pattern, answer(503), hangUp);
    const blob = randomBytes(10);
    await push(registry, await makeImage([blob]));
    expect([...uploads.blobs.keys()]).toEqual([digestOf(blob)]);
    expect(uploads.manifests.size).toBe(1);
  });

  it('gives up after three tries', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    uploads.lie(/^PUT .*uploads/, hangUp, hangUp, hangUp, hangUp);
    await expect(push(registry, await makeImage([randomBytes(10)]))).rejects.toMatchObject({
      code: 'registry/unreachable',
    });
    expect(uploads.methods(/PUT/)).toHaveLength(3);
    expect(uploads.manifests.size).toBe(0);
  });

  it('mounts from another repository, or sends where that is refused', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const [there, refused] = [randomBytes(10), randomBytes(20)];
    uploads.lie(/^HEAD/, answer(404), answer(404));
    uploads.blobs.set(digestOf(there), there);
    uploads.lie(new RegExp(`^POST .*mount=${encodeURIComponent(digestOf(refused))}`), answer(403));
    const ends: unknown[] = [];
    await push(registry, await makeImage([there, refused]), {
      mountFrom: () => 'team/base',
      onProgress: (step) => {
        if (step.type === 'end') ends.push([step.digest, step.how]);
      },
    });
    expect(ends).toEqual(
      expect.arrayContaining([
        [digestOf(there), 'mounted'],
        [digestOf(refused), 'uploaded'],
      ]),
    );
    expect(uploads.methods(/^PUT .*uploads/)).toHaveLength(1);
  });

  it('asks for a token that permits it, and to read where it mounts from', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const scopes: string[][] = [];
    registry.lie(/^\/token/, (request, response) => {
      scopes.push(new URL(request.url ?? '', 'http://x').searchParams.getAll('scope'));
      response.end('{"token":"t","expires_in":300}');
    });
    registry.lie(/^\/v2\//, async (request, response) => {
      if (request.headers.authorization === 'Bearer t') {
        await uploads.answer(request, response);
        return;
      }
      const challenge = `Bearer realm="http://${registry.host}/token",scope="repository:team/app:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    await push(registry, await makeImage([randomBytes(10)]), { mountFrom: () => 'team/base' });
    expect(scopes[0]?.join(' ')).toContain('repository:team/app:pull,push');
    expect(scopes.map((asked) => asked.join(' '))).toContainEqual(
      expect.stringMatching(/repository:team\/app:pull,push.*repository:team\/base:pull/),
    );
  });

  it('tells another host nothing of who asks', async () => {
    await using registry = await startScriptedRegistry();
    await using elsewhere = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const received: unknown[] = [];
    elsewhere.lie(/./, (request, response) => {
      received.push([request.method, request.headers.authorization]);
      request.resume().on('end', () => response.writeHead(201).end());
    });
    const credential = { username: 'somebody', password: 's3cret' };
    uploads.lie(/^HEAD/, answer(401, { 'www-authenticate': 'Basic realm="x"' }));
    uploads.lie(/^POST/, answer(202, { location: `http://${elsewhere.host}/upload?signed=1` }));
    await push(registry, await makeImage([randomBytes(10)]), { credential });
    expect(received).toEqual([['PUT', undefined]]);
  });

  it.each(['http://elsewhere.example/upload', 'https://user:pw@elsewhere.example/', ''])(
    'does not follow to %s',
    async (location) => {
      await using registry = await startScriptedRegistry();
      const uploads = new ScriptedUploads(registry);
      uploads.lie(/^POST/, answer(202, location === '' ? {} : { location }));
      await expect(push(registry, await makeImage([randomBytes(10)]))).rejects.toMatchObject({
        code: 'registry/bad-answer',
      });
    },
  );

  it.each([
    [/^POST/, 401, 'registry/unauthorized'],
    [/^POST/, 403, 'registry/forbidden'],
    [/^POST/, 405, 'registry/forbidden'],
    [/^PUT .*uploads/, 413, 'registry/bad-answer'],
    [/^PUT .*uploads/, 400, 'registry/bad-answer'],
    [/^PUT .*manifests/, 400, 'registry/bad-answer'],
    [/^PUT .*manifests/, 403, 'registry/forbidden'],
  ])('says what an answer to %s of %d means', async (pattern, status, code) => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const refusal = answer(status, {}, '{"errors":[{"code":"DENIED"}]}');
    const challenge = { 'www-authenticate': `Bearer realm="http://${registry.host}/token"` };
    registry.lie(/^\/token/, answer(200, {}, '{"token":"t"}'));
    const lies = status === 401 ? [answer(401, challenge), answer(401, challenge)] : [refusal];
    uploads.lie(pattern, ...lies);
    await expect(push(registry, await makeImage([randomBytes(10)]))).rejects.toMatchObject({
      code,
    });
  });

  it('believes no registry that says it took something else', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const other = `sha256:${'0'.repeat(64)}`;
    uploads.lie(/^PUT .*manifests/, answer(201, { 'docker-content-digest': other }));
    await expect(push(registry, await makeImage([randomBytes(10)]))).rejects.toMatchObject({
      code: 'registry/digest-mismatch',
    });
  });

  it('ends at once when it is cancelled', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    const abort = new AbortController();
    const isWhole = Promise.withResolvers<boolean>();
    uploads.lie(/^PUT/, (request) => {
      request.on('close', () => {
        isWhole.resolve(request.complete);
      });
      request.on('error', () => undefined);
      abort.abort();
      request.resume();
    });
    const pushing = push(registry, await makeImage([randomBytes(32 * mebibyte)]), {
      signal: abort.signal,
    });
    await expect(pushing).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(await isWhole.promise).toBe(false);
    expect(uploads.manifests.size).toBe(0);
  });

  it('sends a few blobs at the same time, and no more', async () => {
    await using registry = await startScriptedRegistry();
    const uploads = new ScriptedUploads(registry);
    await push(registry, await makeImage(Array.from({ length: 20 }, () => randomBytes(200_000))));
    expect(uploads.blobs.size).toBe(20);
    expect(uploads.mostAtOnce).toBeLessThanOrEqual(5);
  });
});
