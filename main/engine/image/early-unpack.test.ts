import { randomBytes } from 'node:crypto';
import { glob, mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { startScriptedRegistry, type ScriptedRegistry } from '../testing/scripted-registry.ts';
import { makeTar } from '../testing/tar.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { ImageLibrary } from './image-library.ts';

const mebibyte = 1024 * 1024;
/** It does not compress, so that as much of the blob as of the tar has to come first. */
const content = randomBytes(16 * mebibyte);

describe('a layer that is unpacked while it comes', () => {
  const temporary = useTemporaryDirectory();
  const storeDir = (): string => join(temporary.path, 'store');
  const open = (): Promise<ImageLibrary> =>
    ImageLibrary.open({ dir: storeDir(), logger: silentLogger });

  function addImage(registry: ScriptedRegistry) {
    const { layers } = registry.addImage([makeTar([{ name: 'large', content }])], { tag: '1' });
    const [layer] = layers;
    if (layer === undefined) throw new Error('The image has a layer.');
    return { layer, reference: `${registry.host}/team/app:1` };
  }

  async function unpackedBytes(): Promise<number> {
    for await (const file of glob('unfinished/*/data', { cwd: storeDir() })) {
      return (await stat(join(storeDir(), file))).size;
    }
    return 0;
  }

  async function expectWhole(library: ImageLibrary, reference: string): Promise<void> {
    const image = await library.get(reference);
    const data = image?.extents[1]?.path ?? '';
    expect((await readFile(data)).equals(content)).toBe(true);
    expect(await readdir(join(storeDir(), 'unfinished'))).toEqual([]);
    expect(await readdir(join(storeDir(), 'partial'))).toEqual([]);
  }

  /** The blob as it lies in the registry. */
  async function fetchBlob(registry: ScriptedRegistry, digest: string): Promise<Buffer> {
    const answer = await fetch(`http://${registry.host}/v2/x/y/blobs/${digest}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  it('is written before its last bytes have come, and is there once they have', async () => {
    await using registry = await startScriptedRegistry();
    const { layer, reference } = addImage(registry);
    const blob = await fetchBlob(registry, layer.digest);
    registry.lie(new RegExp(`app/blobs/${layer.digest}`), async (_request, response) => {
      response.writeHead(200, { 'content-length': blob.length });
      response.write(blob.subarray(0, 12 * mebibyte));
      while ((await unpackedBytes()) === 0) await delay(5);
      response.end(blob.subarray(12 * mebibyte));
    });
    const library = await open();
    await library.pull(reference);
    await expectWhole(library, reference);
    await library.close();
  });

  it('is not there where the blob proves wrong in the end', async () => {
    await using registry = await startScriptedRegistry();
    const { layer, reference } = addImage(registry);
    const blob = await fetchBlob(registry, layer.digest);
    registry.lie(new RegExp(`app/blobs/${layer.digest}`), async (_request, response) => {
      response.writeHead(200, { 'content-length': blob.length });
      response.write(blob.subarray(0, 12 * mebibyte));
      while ((await unpackedBytes()) === 0) await delay(5);
      response.end(Buffer.concat([blob.subarray(12 * mebibyte, -1), Buffer.from([0xff])]));
    });
    const library = await open();
    await expect(library.pull(reference)).rejects.toMatchObject({
      code: 'registry/digest-mismatch',
    });
    expect(await library.list()).toEqual([]);
    for (const folder of ['layers', 'unfinished', 'partial']) {
      expect(await readdir(join(storeDir(), folder))).toEqual([]);
    }
    await library.close();
  });

  it('comes right where what an earlier pull left was wrong', async () => {
    await using registry = await startScriptedRegistry();
    const { layer, reference } = addImage(registry);
    await mkdir(join(storeDir(), 'partial'), { recursive: true });
    const partial = join(storeDir(), 'partial', layer.digest.replace('sha256:', ''));
    await writeFile(partial, randomBytes(8 * mebibyte));
    const library = await open();
    await library.pull(reference);
    expect(registry.requestsFor(/blobs/).map(({ headers }) => headers.range)).toContain(
      `bytes=${String(8 * mebibyte)}-`,
    );
    await expectWhole(library, reference);
    await library.close();
  });

  it('goes away with the pull that is cancelled', async () => {
    await using registry = await startScriptedRegistry();
    const { layer, reference } = addImage(registry);
    const blob = await fetchBlob(registry, layer.digest);
    const cancel = new AbortController();
    registry.lie(new RegExp(`app/blobs/${layer.digest}`), async (_request, response) => {
      response.writeHead(200, { 'content-length': blob.length });
      response.write(blob.subarray(0, 12 * mebibyte));
      while ((await unpackedBytes()) === 0) await delay(5);
      cancel.abort();
    });
    const library = await open();
    await expect(library.pull(reference, { signal: cancel.signal })).rejects.toMatchObject({
      code: 'operation/cancelled',
    });
    expect(await readdir(join(storeDir(), 'unfinished'))).toEqual([]);
    expect(await readdir(join(storeDir(), 'partial'))).toHaveLength(1);
    await library.close();
  });

  it('goes on for the other of two pulls of which one is cancelled, and leaves no file open', async () => {
    await using registry = await startScriptedRegistry();
    const { layer, reference } = addImage(registry);
    const blob = await fetchBlob(registry, layer.digest);
    const cancel = new AbortController();
    const other = Promise.withResolvers<undefined>();
    const cancelled = Promise.withResolvers<undefined>();
    registry.lie(new RegExp(`app/blobs/${layer.digest}`), async (_request, response) => {
      response.writeHead(200, { 'content-length': blob.length });
      response.write(blob.subarray(0, 12 * mebibyte));
      while ((await unpackedBytes()) === 0) await delay(5);
      await other.promise;
      cancel.abort();
      await cancelled.promise;
      response.end(blob.subarray(12 * mebibyte));
    });
    const library = await open();
    const first = library.pull(reference, { signal: cancel.signal });
    const second = library.pull(reference, {
      onProgress: (step) => {
        if (step.type === 'layer' && step.phase === 'download' && step.bytesDone > 0) {
          other.resolve(undefined);
        }
      },
    });
    await expect(first).rejects.toMatchObject({ code: 'operation/cancelled' });
    cancelled.resolve(undefined);
    await second;
    expect(registry.requestsFor(new RegExp(`app/blobs/${layer.digest}`))).toHaveLength(1);
    await expectWhole(library, reference);
    await library.close();
    // Elsewhere than on Linux nobody says which files are open.
    const descriptors = await readdir('/proc/self/fd').catch(() => []);
    const files = await Promise.all(
      descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
    );
    expect(files.filter((path) => path.startsWith(temporary.path))).toEqual([]);
  });
});
