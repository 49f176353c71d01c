import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { ImageLibrary } from './image-library.ts';
import { startCuttingRelay } from '../testing/cutting-relay.ts';
import { writeBusyboxImage, writeEverythingImage } from '../testing/images.ts';
import { startRegistry, type TestRegistry } from '../testing/registry.ts';
import { runTool } from '../testing/run-tool.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { PushProgress } from '../oci/registry/push-image.ts';

/** How each blob got there, in the order of their ends. */
const outcomes = (steps: readonly PushProgress[]): string[] =>
  steps.flatMap((step) => (step.type === 'end' ? [step.how] : []));

describe('a push to a real registry', () => {
  const temporary = useTemporaryDirectory();
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
  });

  const layoutDir = (): string => join(temporary.path, 'layout');

  async function openLibrary(): Promise<ImageLibrary> {
    return await ImageLibrary.open({ dir: join(temporary.path, 'store'), logger: silentLogger });
  }

  async function push(
    library: ImageLibrary,
    reference: string,
    as: string,
  ): Promise<{ digest: string; steps: PushProgress[] }> {
    const steps: PushProgress[] = [];
    const digest = await library.pushes.push(reference, as, {
      signal: new AbortController().signal,
      onProgress: (step) => steps.push(step),
    });
    return { digest, steps };
  }

  /** What skopeo sees there, checked: a copy reads every blob and its digest. */
  async function inspect(reference: string): Promise<{ Digest: string; Layers: string[] }> {
    const options = ['--no-tags', '--tls-verify=false', `docker://${reference}`];
    await runTool('skopeo', [
      ...['copy', '--quiet', '--insecure-policy', '--preserve-digests', '--src-tls-verify=false'],
      ...[`docker://${reference}`, `oci:${join(temporary.path, 'copy')}:copy`],
    ]);
    return JSON.parse(await runTool('skopeo', ['inspect', ...options])) as {
      Digest: string;
      Layers: string[];
    };
  }

  it('brings an image that other clients read, digest by digest', async () => {
    const written = await writeEverythingImage(layoutDir());
    const library = await openLibrary();
    await library.importLayout(layoutDir(), 'latest', 'local/app:1');
    const target = `${registry.host}/pushed/app:2`;
    const { digest, steps } = await push(library, 'local/app:1', target);
    expect(digest).toBe(written.manifest.digest);
    expect(await inspect(target)).toMatchObject({
      Digest: written.manifest.digest,
      Layers: written.layers.map((layer) => layer.digest),
    });
    expect(outcomes(steps)).toEqual(['uploaded', 'uploaded', 'uploaded']);
    const [layer] = written.layers;
    const sent = steps.findLast((step) => step.type === 'sent' && step.digest === layer?.digest);
    expect(sent).toMatchObject({ bytesDone: layer?.size });
  });

  it('sends nothing that is there', async () => {
    await writeBusyboxImage(layoutDir());
    const library = await openLibrary();
    await library.importLayout(layoutDir(), 'latest', 'local/app:1');
    await push(library, 'local/app:1', `${registry.host}/twice/app:1`);
    const { steps } = await push(library, 'local/app:1', `${registry.host}/twice/app:2`);
    expect(outcomes(steps)).toEqual(['exists', 'exists']);
    expect(steps.filter(({ type }) => type === 'sent')).toEqual([]);
    await inspect(`${registry.host}/twice/app:2`);
  });

  it('mounts what another repository of the registry has', async () => {
    const written = await writeBusyboxImage(layoutDir());
    const library = await openLibrary();
    const pulled = await registry.push(layoutDir(), 'latest', 'base/app:1');
    await library.pull(pulled);
    const target = `${registry.host}/mounted/app:1`;
    const { steps } = await push(library, pulled, target);
    expect(steps.filter(({ type }) => type === 'end')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          digest: written.layers[0]?.digest,
          how: 'mounted',
          from: 'base/app',
        }),
      ]),
    );
    expect(outcomes(steps)).toEqual(['mounted', 'mounted']);
    expect((await inspect(target)).Digest).toBe(written.manifest.digest);
  });

  it('keeps Docker’s media types', async () => {
    await writeBusyboxImage(layoutDir());
    const library = await openLibrary();
    const pulled = await registry.push(layoutDir(), 'latest', 'docker/app:1', { format: 'v2s2' });
    const image = await library.pull(pulled);
    const target = `${registry.host}/docker/other:1`;
    expect((await push(library, pulled, target)).digest).toBe(image.digest);
    expect((await inspect(target)).Digest).toBe(image.digest);
  });

  it('pushes by digest alone, and no other digest', async () => {
    const written = await writeBusyboxImage(layoutDir());
    const library = await openLibrary();
    await library.importLayout(layoutDir(), 'latest', 'local/app:1');
    const target = `${registry.host}/by-digest/app@${written.manifest.digest}`;
    await push(library, 'local/app:1', target);
    expect((await inspect(target)).Digest).toBe(written.manifest.digest);
    const other = `${registry.host}/by-digest/app@sha256:${'0'.repeat(64)}`;
    await expect(push(library, 'local/app:1', other)).rejects.toMatchObject({
      code: 'image/reference-invalid',
    });
  });

  it('comes to its end over connections that break off', async () => {
    const extra = [{ name: 'large', content: randomBytes(12 * 1024 * 1024) }];
    const written = await writeBusyboxImage(layoutDir(), { extra });
    const library = await openLibrary();
    await library.importLayout(layoutDir(), 'latest', 'local/app:1');
    const mebibyte = 1024 * 1024;
    await using relay = await startCuttingRelay(registry.host, [3 * mebibyte, 5 * mebibyte]);
    await push(library, 'local/app:1', `${relay.host}/broken/app:1`);
    expect(relay.cuts).toBe(2);
    const seen = await inspect(`${registry.host}/broken/app:1`);
    expect(seen.Digest).toBe(written.manifest.digest);
  });

  it('sends nothing of an image that lacks a part', async () => {
    const written = await writeBusyboxImage(layoutDir());
    const library = await openLibrary();
    await library.importLayout(layoutDir(), 'latest', 'local/app:1');
    const digest = written.layers[0]?.digest ?? '';
    const blobs = join(temporary.path, 'store', 'blobs', 'sha256');
    await rm(join(blobs, digest.replace('sha256:', '')));
    const target = `${registry.host}/incomplete/app:1`;
    await expect(push(library, 'local/app:1', target)).rejects.toMatchObject({
      code: 'image/incomplete',
      message: expect.stringContaining(digest) as string,
    });
    await expect(inspect(target)).rejects.toThrow('incomplete/app');
  });

  it('lists tags', async () => {
    await writeBusyboxImage(layoutDir());
    const library = await openLibrary();
    await library.importLayout(layoutDir(), 'latest', 'local/app:1');
    for (const tag of ['1', '2', '3']) {
      await push(library, 'local/app:1', `${registry.host}/tags/app:${tag}`);
    }
    const repository = { registry: registry.host, repository: 'tags/app' };
    expect((await library.registries.tags(repository)).sort()).toEqual(['1', '2', '3']);
    await expect(
      library.registries.tags({ registry: registry.host, repository: 'tags/none' }),
    ).rejects.toMatchObject({ code: 'image/not-found' });
  });
});
