/** Names, removal and room, on a real store. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import type { WrittenImage } from '../../testing/write-oci-layout.ts';
import { filesOf, filesOfAll, keptName, StoreFixture } from '../../testing/store-fixture.ts';

vi.mock('../run-worker.ts', () => import('../testing/run-inline.ts'));

const directory = useTemporaryDirectory();
let store: StoreFixture;
/** Two that share a layer, and one of its own. */
let one: WrittenImage;
let two: WrittenImage;
let three: WrittenImage;

beforeEach(async () => {
  store = await StoreFixture.open(directory.path);
  ({ one, two, three } = await store.writeThree());
});

afterEach(async () => {
  await store.close();
});

async function expectWhole(digest: string): Promise<void> {
  expect(await store.library.getByDigest(digest)).toBeDefined();
  const [image] = [one, two, three].filter(({ manifest }) => manifest.digest === digest);
  expect(image).toBeDefined();
  const files = await store.files();
  if (image !== undefined)
    expect(filesOf(image).filter((file) => !files.includes(file))).toEqual([]);
}

describe('remove', () => {
  it('takes an image with its last name, but for what others have', async () => {
    await store.addThree();
    await store.upkeep.tag('test/one', 'test/other:2');
    expect(await store.upkeep.remove('test/one')).toEqual({
      ...{ references: ['test/one'], layers: [], freedBytes: 0 },
    });
    await expectWhole(one.manifest.digest);
    const removed = await store.upkeep.remove('docker.io/test/other:2');
    expect(removed.references).toEqual(['test/other:2']);
    expect(removed.layers).toEqual([one.layers[1]?.diffId]);
    expect(removed.freedBytes).toBeGreaterThan(0);
    expect(await store.files()).toEqual(filesOfAll([two, three]));
    expect(await store.names()).toEqual(['test/three', 'test/two']);
    store = await store.reopen();
    expect(await store.names()).toEqual(['test/three', 'test/two']);
  });

  it('refuses the last name of what sandboxes use, and takes it by force', async () => {
    await store.addThree();
    await store.create('web', () => store.add('test/one', ['base', 'one']));
    await expect(store.upkeep.remove('test/one')).rejects.toMatchObject({
      ...{ code: 'image/in-use', details: { sandboxes: ['web'] } },
    });
    expect(await store.names()).toContain('test/one');
    const forced = await store.upkeep.remove('test/one', { force: true });
    expect(forced).toEqual({ references: ['test/one'], layers: [], freedBytes: 0 });
    expect(await store.names()).toEqual(['test/three', 'test/two']);
    await store.upkeep.prune({ isPreview: false, all: true });
    await expectWhole(one.manifest.digest);
    expect(await store.files()).toEqual(filesOf(one).sort());
    // It can be given a name again, and goes with the sandbox without one.
    await store.upkeep.tag(one.manifest.digest, 'test/again');
    await store.upkeep.remove('test/again', { force: true });
    await store.forget('web');
    expect(await store.files()).toEqual([]);
  });

  it('keeps what has a name when its sandbox goes', async () => {
    await store.addThree();
    await store.create('web', () => store.add('test/one', ['base', 'one']));
    await store.forget('web');
    await expectWhole(one.manifest.digest);
  });

  it('keeps what a record that cannot be read names', async () => {
    await store.addThree();
    store.others.add(one.manifest.digest);
    await store.upkeep.remove('test/one');
    await store.upkeep.prune({ all: true, isPreview: false });
    await expectWhole(one.manifest.digest);
  });

  it.each([
    ['another spelling', () => 'docker.io/test/three:latest'],
    ['name and digest', () => `test/three@${three.manifest.digest}`],
    ['name, tag and digest', () => `test/three:latest@${three.manifest.digest}`],
    ['digest', () => three.manifest.digest],
    ['the digits that a list shows', () => three.manifest.digest.slice(7, 19)],
  ])('takes a reference by %s', async (_, reference) => {
    await store.addThree();
    expect((await store.upkeep.remove(reference())).references).toEqual(['test/three']);
    expect(await store.files()).toEqual(filesOfAll([one, two]));
  });

  it.each([
    ['test/none', 'image/not-stored'],
    [`test/one@sha256:${'0'.repeat(64)}`, 'image/not-stored'],
    ['000000000000', 'image/not-stored'],
    ['Not A Name', 'image/reference-invalid'],
  ])('refuses %s', async (reference, code) => {
    await store.addThree();
    await expect(store.upkeep.remove(reference)).rejects.toMatchObject({ code });
    expect(await store.files()).toEqual(filesOfAll([one, two, three]));
  });

  it('takes the name of an image whose parts are gone', async () => {
    await store.addThree();
    await rm(join(store.dir, 'store', 'roots'), { recursive: true });
    store = await store.reopen();
    expect(await store.names()).toEqual([]);
    await store.upkeep.remove('test/three');
    expect((await store.files()).some((file) => filesOf(three).includes(file))).toBe(false);
    // What the others have is found without their roots: a pull needs it no more.
    await store.upkeep.prune({ isPreview: false });
    const rest = filesOfAll([one, two]).filter((file) => !file.startsWith('roots/'));
    expect(await store.files()).toEqual(rest);
  });
});

describe('tag', () => {
  it('gives another name, also one that another image had', async () => {
    await store.addThree();
    expect(await store.upkeep.tag('test/one', 'team/app:2')).toMatchObject({
      ...{ reference: 'team/app:2', digest: one.manifest.digest },
    });
    await store.upkeep.tag('test/three', 'team/app:2');
    expect((await store.library.get('team/app:2'))?.digest).toBe(three.manifest.digest);
    store = await store.reopen();
    expect(await store.names()).toEqual(['team/app:2', 'test/one', 'test/three', 'test/two']);
  });

  it.each([
    ['test/one', `team/app@sha256:${'0'.repeat(64)}`, 'image/reference-invalid'],
    ['test/one', 'Team App', 'image/reference-invalid'],
    ['test/none', 'team/app', 'image/not-stored'],
  ])('of %s as %s is refused', async (reference, as, code) => {
    await store.addThree();
    await expect(store.upkeep.tag(reference, as)).rejects.toMatchObject({ code });
    expect(await store.names()).toEqual(['test/one', 'test/three', 'test/two']);
  });
});

describe('prune', () => {
  it('is waited for where the store is closed', async () => {
    await store.addThree();
    const pruning = store.upkeep.prune({ all: true, isPreview: false });
    await store.upkeep.close();
    expect(await store.files()).toEqual([]);
    expect((await pruning).references).toHaveLength(3);
  });

  it('makes an export that it comes before say that the image is not stored', async () => {
    await store.add('test/one', ['base', 'one']);
    const { content, leases, references } = store.library.store;
    const begin = Promise.withResolvers<undefined>();
    const collecting = leases.collect(async () => {
      await begin.promise;
      await references.delete('docker.io/test/one:latest');
      await content.remove(one.manifest.digest);
    });
    const path = join(directory.path, 'one.tar');
    const options = { path, format: 'oci', replace: false } as const;
    const exporting = store.library.transfer.export(['test/one'], options);
    begin.resolve(undefined);
    await expect(exporting).rejects.toMatchObject({ code: 'image/not-stored' });
    await collecting;
  });

  it('takes images whole that came after it began to look', async () => {
    const { leases } = store.library.store;
    const collect = leases.collect.bind(leases);
    vi.spyOn(leases, 'collect').mockImplementationOnce(async (work) => {
      await store.add('test/one', ['base', 'one']);
      return await collect(work);
    });
    const removal = await store.upkeep.prune({ all: true, isPreview: false });
    expect(removal.references).toEqual(['test/one']);
    expect(removal.freedBytes).toBeGreaterThan(0);
    expect(await store.files()).toEqual([]);
  });

  it('says what would go, and takes just that', async () => {
    await store.addThree();
    await store.add(keptName, ['kept']);
    await store.create('web', () => store.add('test/two', ['base', 'two']));
    // A name that moved leaves what it named.
    await store.upkeep.tag('test/two', 'test/three');
    const stray = join(store.dir, 'store', 'partial', 'f'.repeat(64));
    await writeFile(stray, 'half a blob');
    const before = await store.files();

    const preview = await store.upkeep.prune();
    expect(preview).toMatchObject({ references: [], layers: [three.layers[0]?.diffId] });
    expect(preview.freedBytes).toBeGreaterThan(0);
    expect(await store.files()).toEqual(before);
    const { totalBytes, reclaimableBytes } = await store.upkeep.usage();
    expect(reclaimableBytes).toBe(preview.freedBytes);
    expect(await store.upkeep.prune({ isPreview: false })).toEqual(preview);
    const kept = await store.write(['kept']);
    expect(await store.files()).toEqual(filesOfAll([one, two, kept]));
    expect((await store.upkeep.usage()).totalBytes).toBe(totalBytes - preview.freedBytes);

    const all = await store.upkeep.prune({ all: true });
    expect(all.references).toEqual(['test/one']);
    expect(await store.upkeep.prune({ all: true, isPreview: false })).toEqual(all);
    expect(await store.files()).toEqual(filesOfAll([two, kept]));
    expect(await store.upkeep.prune({ all: true })).toEqual({
      ...{ references: [], layers: [], freedBytes: 0 },
    });
  });

  it('leaves a store that is consistent wherever it is cut off', async () => {
    let wasCutOff = true;
    for (let step = 0; wasCutOff; step += 1) {
      await store.addThree();
      await store.create('web', () => store.add('test/two', ['base', 'two']));
      const { trash } = store.library.store;
      const take = trash.take.bind(trash);
      let steps = 0;
      wasCutOff = false;
      vi.spyOn(trash, 'take').mockImplementation(async (path) => {
        steps += 1;
        if (steps > step) {
          wasCutOff = true;
          throw new Error('The process was killed.');
        }
        return await take(path);
      });
      await store.upkeep.prune({ all: true, isPreview: false }).catch(() => undefined);
      store = await store.reopen();
      await expectWhole(two.manifest.digest);
      expect(await store.names()).toEqual(['test/two']);
      // A record never speaks of what is gone.
      for (const { manifest } of [one, three]) {
        const { roots } = store.library.store;
        const record = await roots.read(manifest.digest);
        expect(record === undefined || (await roots.get(manifest.digest)) !== undefined).toBe(true);
      }
      await store.upkeep.prune({ all: true, isPreview: false });
      expect(await store.files()).toEqual(filesOf(two).sort());
    }
  });
});
