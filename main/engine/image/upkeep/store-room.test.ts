/** The room that a real store takes, its limit and its list. */
import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import type { WrittenImage } from '../../testing/write-oci-layout.ts';
import { filesOf, StoreFixture } from '../../testing/store-fixture.ts';

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

describe('the limit', () => {
  it('is kept after each image that comes, by what was not used for the longest time', async () => {
    const clock = vi.spyOn(Date, 'now');
    const at = (ms: number): void => {
      clock.mockReturnValue(ms);
    };
    at(1000);
    await store.add('test/one', ['base', 'one']);
    at(2000);
    await store.create('web', () => store.add('test/three', ['three']));
    at(3000);
    await store.add('test/two', ['base', 'two']);
    at(4000);
    // Its last use is later than any pull now.
    await store.create('db', () => store.add('test/one', ['base', 'one']));
    at(5000);
    await store.forget('db');
    // Room for the settings themselves.
    const limitBytes = (await store.upkeep.usage()).totalBytes + 8192;
    expect((await store.upkeep.setLimit(limitBytes)).limitBytes).toBe(limitBytes);
    expect(await store.names()).toEqual(['test/one', 'test/three', 'test/two']);
    store = await store.reopen();
    at(6000);
    await store.add('test/four', ['four']);
    expect(await store.names()).toEqual(['test/four', 'test/one', 'test/three']);
    expect((await store.upkeep.usage()).totalBytes).toBeLessThanOrEqual(limitBytes);

    await store.upkeep.setLimit(1);
    at(7000);
    await store.add('test/five', ['five']);
    expect(await store.names()).toEqual(['test/five', 'test/three']);
    expect((await store.upkeep.setLimit(undefined)).limitBytes).toBeUndefined();
    await store.add('test/one', ['base', 'one']);
    expect(await store.names()).toEqual(['test/five', 'test/one', 'test/three']);
    clock.mockRestore();
  });

  it('takes no image that no pull may bring back', async () => {
    await store.addThree();
    await store.upkeep.tag('test/one', 'mine');
    const imported = await store.write(['imported']);
    await store.library.transfer.import(imported.dir, { as: 'local/imported' });
    await store.upkeep.setLimit(1);
    await store.add('test/four', ['four']);
    expect(await store.names()).toEqual(['local/imported', 'mine', 'test/four', 'test/one']);
    // Somebody who asks for it has seen what goes.
    await store.upkeep.prune({ all: true, isPreview: false });
    expect(await store.names()).toEqual([]);
  });

  it('is none where its file cannot be understood', async () => {
    await store.upkeep.setLimit(1);
    await writeFile(join(store.dir, 'store', 'settings.json'), '{"schemaVersion":1,"limitBy');
    store = await store.reopen();
    await store.addThree();
    expect((await store.upkeep.usage()).limitBytes).toBeUndefined();
    expect(await store.names()).toEqual(['test/one', 'test/three', 'test/two']);
  });
});

describe('usage', () => {
  it('tells what is shared from what is not', async () => {
    await store.addThree();
    await store.create('web', () => store.add('test/two', ['base', 'two']));
    const usage = await store.upkeep.usage();
    const of = (image: WrittenImage) =>
      usage.images.find(({ digest }) => digest === image.manifest.digest);
    expect(of(three)?.sharedBytes).toBe(0);
    expect(of(one)?.sharedBytes).toBe(of(two)?.sharedBytes);
    expect(of(one)?.sharedBytes).toBeGreaterThan(0);
    expect(of(two)).toMatchObject({ references: ['test/two'], usedBy: ['web'] });
    const base = usage.layers.find(({ diffId }) => diffId === one.layers[0]?.diffId);
    expect(base?.images.toSorted()).toEqual([one.manifest.digest, two.manifest.digest].sort());
    // What the images share is the layer, unpacked and as it came.
    expect(base?.bytes).toBe(of(one)?.sharedBytes);
    const own = usage.images.reduce((sum, { uniqueBytes }) => sum + uniqueBytes, 0);
    const shared = of(one)?.sharedBytes ?? 0;
    expect(usage.totalBytes).toBe(own + shared + usage.otherBytes);
  });
});

describe('list', () => {
  it('looks at an image once, and at each again when the store is opened', async () => {
    await store.addThree();
    const listed = await store.library.list();
    const look = vi.spyOn(store.library.store.roots, 'get');
    expect(await store.library.list()).toEqual(listed);
    expect(look).not.toHaveBeenCalled();
    const [path = ''] = filesOf(three).filter((file) => file.endsWith('.erofs'));
    await rm(join(store.dir, 'store', path));
    // Found out by the first who wants it, and told once.
    const onChange = vi.spyOn(store.library, 'onChange');
    expect(await store.library.get('test/three')).toBeUndefined();
    expect(await store.library.get('test/three')).toBeUndefined();
    expect(onChange).toHaveBeenCalledOnce();
    expect(await store.names()).toEqual(['test/one', 'test/two']);
    await rm(
      join(store.dir, 'store', filesOf(two).find((file) => file.startsWith('layers')) ?? ''),
      {
        recursive: true,
      },
    );
    store = await store.reopen();
    expect(await store.names()).toEqual([]);
    await store.addThree();
    expect(await store.library.list()).toHaveLength(3);
    const data = filesOf(three).find((file) => file.startsWith('layers')) ?? '';
    await truncate(join(store.dir, 'store', data, 'data'), 4096);
    store = await store.reopen();
    expect(await store.names()).toEqual(['test/one', 'test/two']);
    await store.addThree();
    expect(await store.names()).toHaveLength(3);
  });
});
