import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  startScriptedRegistry,
  type Lie,
  type RecordedRequest,
} from '../../testing/scripted-registry.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { ContentStore } from '../content-store.ts';
import type { BlobSource } from '../image-source.ts';
import { RegistryClient } from './registry-client.ts';

const bytes = randomBytes(2_500_000);
const type = 'application/octet-stream';

const serveHonestly: Lie = (_request, _response, serve) => {
  serve();
};

/** Sends the head of the whole blob and `count` bytes, and cuts the line when they have arrived. */
function cutAfter(count: number): { lie: Lie; onProgress: (done: number) => void } {
  let cut = (): void => undefined;
  return {
    lie: (_request, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, count));
      cut = () => {
        response.destroy();
      };
    },
    onProgress: (done) => {
      if (done === count) cut();
    },
  };
}

/** Answers with the status, the headers and the body. */
function answer(status: number, headers: Record<string, string>, body?: Buffer): Lie {
  return (_request, response) => void response.writeHead(status, headers).end(body);
}

function sendForever(response: ServerResponse): void {
  const send = (): void => {
    while (!response.destroyed && response.write(bytes.subarray(0, 65536)));
    if (!response.destroyed) response.once('drain', send);
  };
  send();
}

describe('RegistryClient.sourceFor', () => {
  const temporary = useTemporaryDirectory();

  async function openSource(host: string, stallMs = 5000): Promise<[BlobSource, ContentStore]> {
    const store = await ContentStore.open(temporary.path);
    const timeouts = { headersMs: 5000, stallMs };
    const client = new RegistryClient({ store, timeouts, backoffMs: [1, 1] });
    return [client.sourceFor({ registry: host, repository: 'team/app' }), store];
  }

  const ranges = (requests: readonly RecordedRequest[]): (string | undefined)[] =>
    requests.map(({ headers }) => headers.range);

  it('fetches a blob into the store', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    const [source, store] = await openSource(registry.host);
    const progress: number[] = [];
    await source.fetchBlob(blob, { onProgress: (done) => progress.push(done) });
    expect(bytes.equals(await readFile(store.blobPath(blob.digest)))).toBe(true);
    expect(progress.at(-1)).toBe(bytes.length);
    await source.fetchBlob(blob);
    expect(registry.requests).toHaveLength(1);
  });

  it('goes on from where the line was cut', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    const { lie, onProgress } = cutAfter(1_200_000);
    registry.lie(/blobs/, lie, serveHonestly);
    const [source, store] = await openSource(registry.host);
    await source.fetchBlob(blob, { onProgress });
    expect(await store.has(blob.digest)).toBe(true);
    expect(ranges(registry.requests)).toEqual([undefined, 'bytes=1200000-']);
  });

  it('leaves what came for the next pull, in another process too', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    const abort = new AbortController();
    registry.lie(/blobs/, (_request, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 2_000_000));
    });
    const [source] = await openSource(registry.host);
    let held = 0;
    const interrupted = source.fetchBlob(blob, {
      signal: abort.signal,
      onProgress: (done) => {
        held = done;
        if (done === 2_000_000) abort.abort();
      },
    });
    await expect(interrupted).rejects.toMatchObject({ code: 'operation/cancelled' });
    registry.lie(/blobs/, serveHonestly);
    const [next, store] = await openSource(registry.host);
    await next.fetchBlob(blob);
    expect(held).toBe(2_000_000);
    expect(ranges(registry.requests)).toEqual([undefined, 'bytes=2000000-']);
    expect(await store.has(blob.digest)).toBe(true);
  });

  it.each([
    ['ignores ranges', answer(200, {}, bytes)],
    ['refuses ranges', answer(416, {})],
    ['answers another range', answer(206, { 'content-range': 'bytes 0-9/2500000' }, bytes)],
    ['answers a range of another blob', answer(206, { 'content-range': 'bytes 1-9/77' }, bytes)],
    ['names no range', answer(206, {}, bytes)],
  ])('starts anew where the registry %s', async (_, lie) => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    const cut = cutAfter(1_500_000);
    registry.lie(/blobs/, cut.lie, lie, serveHonestly);
    const [source, store] = await openSource(registry.host);
    await source.fetchBlob(blob, { onProgress: cut.onProgress });
    expect(await store.has(blob.digest)).toBe(true);
  });

  it('keeps what it has while the registry is busy', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    const { lie, onProgress } = cutAfter(1_500_000);
    registry.lie(/blobs/, lie, answer(503, {}), serveHonestly);
    const [source] = await openSource(registry.host);
    await source.fetchBlob(blob, { onProgress });
    const rest = 'bytes=1500000-';
    expect(ranges(registry.requests)).toEqual([undefined, rest, rest]);
  });

  it('goes on after a stall', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    registry.lie(
      /blobs/,
      (_request, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 1_100_000));
      },
      serveHonestly,
    );
    const [source, store] = await openSource(registry.host, 300);
    await source.fetchBlob(blob);
    expect(await store.has(blob.digest)).toBe(true);
    expect(ranges(registry.requests)).toContain('bytes=1100000-');
  });

  it('gives up on a registry that always stalls', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    registry.lie(/blobs/, (_request, response) => {
      response.writeHead(200).flushHeaders();
    });
    const [source] = await openSource(registry.host, 20);
    await expect(source.fetchBlob(blob)).rejects.toMatchObject({
      code: 'registry/unreachable',
      message: expect.stringContaining('stopped sending') as string,
    });
    expect(registry.requests).toHaveLength(3);
  });

  it('gives up on a blob that is always cut at the same place', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    const short = bytes.subarray(0, 2_000_000);
    registry.lie(/blobs/, (request, response) => {
      if (request.headers.range === undefined) response.end(short);
      else response.writeHead(416).end();
    });
    const [source] = await openSource(registry.host);
    await expect(source.fetchBlob(blob)).rejects.toMatchObject({ code: 'registry/bad-answer' });
    expect(registry.requests.length).toBeLessThan(8);
  });

  it('refuses other bytes, and does not go on from them', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    registry.lie(/blobs/, answer(200, {}, Buffer.alloc(bytes.length, 'x')), serveHonestly);
    const [source, store] = await openSource(registry.host);
    await expect(source.fetchBlob(blob)).rejects.toMatchObject({
      code: 'registry/digest-mismatch',
    });
    expect(await store.has(blob.digest)).toBe(false);
    await source.fetchBlob(blob);
    expect(ranges(registry.requests)).toEqual([undefined, undefined]);
  });

  it('cuts a body that does not end', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    const closed = Promise.withResolvers<undefined>();
    registry.lie(/blobs/, (_request, response) => {
      response.on('close', () => {
        closed.resolve(undefined);
      });
      sendForever(response);
    });
    const [source] = await openSource(registry.host);
    await expect(source.fetchBlob(blob)).rejects.toMatchObject({
      code: 'registry/digest-mismatch',
    });
    await closed.promise;
  });

  it('says that a part of an image is missing', async () => {
    await using registry = await startScriptedRegistry();
    const digest = `sha256:${createHash('sha256').update('nowhere').digest('hex')}`;
    const [source] = await openSource(registry.host);
    await expect(source.fetchBlob({ mediaType: type, digest, size: 7 })).rejects.toMatchObject({
      code: 'registry/bad-answer',
    });
    expect(registry.requests).toHaveLength(1);
  });

  it('fetches once for two pulls of the same layer', async () => {
    await using registry = await startScriptedRegistry();
    const blob = registry.addBlob(bytes, type);
    const [source] = await openSource(registry.host);
    await Promise.all([source.fetchBlob(blob), source.fetchBlob(blob)]);
    expect(registry.requests).toHaveLength(1);
  });
});
