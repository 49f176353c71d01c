/** The upkeep of a store while it is worked with, with a real registry. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../../testing/registry.ts';
import { makeTar } from '../../testing/tar.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import {
  hostArchitecture,
  writeMultiPlatformIndex,
  writeOciLayout,
} from '../../testing/write-oci-layout.ts';
import { StoreFixture } from '../../testing/store-fixture.ts';

const directory = useTemporaryDirectory();
let registry: TestRegistry;

beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
});

describe('pulls, creations, removals and prunes at the same time', () => {
  it('break no sandbox, and leave nothing behind', async () => {
    const store = await StoreFixture.open(directory.path);
    const references: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const image = await store.write(['shared', name]);
      references.push(await registry.push(image.dir, image.refName, `race/${name}:1`));
    }
    const broken: string[] = [];
    let count = 0;
    let isOver = false;
    /** As a creation: of the store or else of the registry; at its end the image is looked for. */
    const create = async (reference: string): Promise<void> => {
      const name = `sandbox-${String((count += 1))}`;
      await store.create(name, async () => {
        const found = await store.library.get(reference);
        return found ?? (await store.library.pull(reference));
      });
      const digest = store.sandboxes.get(name) ?? '';
      // What a start and a push need.
      const isWhole = (await store.library.getByDigest(digest)) !== undefined;
      const { keys } = await store.library.store.catalog.parts(digest);
      const files = await store.files();
      const blobs = [...keys].filter((part) => part.startsWith('blob:'));
      const missing = blobs.filter((blob) => !files.includes(`blobs/sha256/${blob.slice(12)}`));
      if (!isWhole || blobs.length !== 4 || missing.length > 0) broken.push(name);
      await store.forget(name);
    };
    const work = async (reference: string): Promise<void> => {
      for (let round = 0; round < 12; round += 1) await create(reference);
    };
    const removals = async (): Promise<void> => {
      while (!isOver) {
        for (const reference of references) {
          // It may have no name just now.
          await store.upkeep.remove(reference, { force: true }).catch(() => undefined);
        }
        await store.upkeep.prune({ all: true, isPreview: false });
      }
    };
    const others = [removals(), removals()];
    await Promise.all([...references, ...references].map(work)).finally(() => {
      isOver = true;
    });
    await Promise.all(others);
    expect(broken).toEqual([]);
    expect(count).toBe(72);
    await store.upkeep.prune({ all: true, isPreview: false });
    expect(await store.files()).toEqual([]);
    await store.close();
  }, 180_000);

  it('let a pull that is under way go on', async () => {
    const store = await StoreFixture.open(directory.path);
    const image = await store.write(['one', 'two', 'three']);
    const reference = await registry.push(image.dir, image.refName, 'race/pruned:1');
    const prunes: Promise<unknown>[] = [];
    await store.library.pull(reference, {
      onProgress: () => {
        prunes.push(store.upkeep.prune({ all: true, isPreview: false }));
      },
    });
    expect(prunes.length).toBeGreaterThan(5);
    await Promise.all(prunes.slice(0, -1));
    // The lease has ended, and nothing uses the image: the next one takes it.
    await store.upkeep.prune({ all: true, isPreview: false });
    expect(await store.files()).toEqual([]);
    await store.close();
  });
});

describe('inspect', () => {
  it('tells everything of an image for several platforms', async () => {
    const dir = join(directory.path, 'platforms');
    const other = hostArchitecture === 'amd64' ? 'arm64' : 'amd64';
    const tars = [makeTar([{ name: 'base' }]), makeTar([{ name: 'app' }])];
    const config = {
      Env: ['PATH=/bin'],
      Cmd: ['serve'],
      ExposedPorts: { '80/tcp': {} },
      Volumes: { '/data': {} },
      Labels: { title: 'An app' },
      StopSignal: 'SIGINT',
    };
    const image = await writeOciLayout(dir, tars, { refName: 'own', config });
    const foreign = await writeOciLayout(dir, [makeTar([{ name: 'foreign' }])], {
      ...{ refName: 'other', architecture: other, variant: 'v8' },
    });
    const index = await writeMultiPlatformIndex(
      dir,
      [
        { manifest: image.manifest, architecture: hostArchitecture },
        { manifest: foreign.manifest, architecture: other, variant: 'v8' },
      ],
      'all',
    );
    const reference = await registry.push(dir, 'all', 'team/app:1', { allPlatforms: true });
    const store = await StoreFixture.open(directory.path);
    await store.library.pull(reference);
    const base = await writeOciLayout(join(directory.path, 'base'), tars.slice(0, 1));
    await store.library.importLayout(base.dir, base.refName, 'team/base');
    await store.upkeep.tag(reference, 'team/app:latest');
    await store.create('web', () => store.library.pull(reference));
    const name = reference.replace(':1', '');
    for (const spelling of [reference, `${name}@${index.digest}`, image.manifest.digest]) {
      expect(await store.upkeep.inspect(spelling)).toMatchObject({
        digest: image.manifest.digest,
        configDigest: image.config.digest,
        mediaType: image.manifest.mediaType,
        otherReferences: ['team/app'],
        platforms: [`linux/${hostArchitecture}`, `linux/${other}/v8`],
        usedBy: ['web'],
        layers: [
          { diffId: image.layers[0]?.diffId, sharedWith: ['team/base'] },
          { diffId: image.layers[1]?.diffId, mediaType: image.layers[1]?.mediaType },
        ],
        config: {
          ...{ env: ['PATH=/bin'], cmd: ['serve'], entrypoint: [], exposedPorts: ['80/tcp'] },
          ...{ volumes: ['/data'], labels: { title: 'An app' }, stopSignal: 'SIGINT' },
        },
      });
    }
    // The index stays with the names that it led to.
    const blob = `blobs/sha256/${index.digest.slice(7)}`;
    await store.upkeep.prune({ all: true, isPreview: false });
    expect(await store.files()).toContain(blob);
    expect((await store.upkeep.inspect('team/app')).platforms).toHaveLength(2);
    await store.close();
  });
});
