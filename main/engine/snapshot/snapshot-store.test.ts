import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { aConfig } from '../testing/a-config.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { SnapshotRecord } from './snapshot-record.ts';
import { SnapshotStore } from './snapshot-store.ts';

describe('the store of snapshots', () => {
  const directory = useTemporaryDirectory();
  const open = (): Promise<SnapshotStore> => SnapshotStore.open(directory.path, silentLogger);

  async function add(
    store: SnapshotStore,
    name: string,
    parentId?: string,
  ): Promise<SnapshotRecord> {
    const staged = await store.stage();
    await writeFile(path.join(staged.files.dir, 'upper.img'), name);
    return store.publish(staged, {
      ...{ name, sandbox: { id: '0123456789', name: 'web' }, config: aConfig(), isPatched: true },
      ...{ hasMemory: false, createdAtMs: store.list().length },
      disk: [{ name: 'upper.img', format: 'raw' }],
      root: { kind: 'directory', path: '/below' },
      ...(parentId === undefined ? {} : { parentId }),
    });
  }

  it('has what was published, after it was opened anew', async () => {
    const store = await open();
    const one = await add(store, 'one');
    const two = await add(store, 'two', one.id);
    const again = await open();
    expect(again.list()).toEqual([one, two]);
    expect(again.get(one.id)).toEqual(one);
    expect(await readdir(again.files(one.id).dir)).toEqual(['snapshot.json', 'upper.img']);
  });

  it('leaves nothing of what was not', async () => {
    const store = await open();
    await store.discard(await store.stage());
    expect(await readdir(directory.path)).toEqual([]);
    await store.stage();
    expect((await open()).list()).toEqual([]);
    expect(await readdir(directory.path)).toEqual([]);
  });

  it('removes one from the middle of a tree', async () => {
    const store = await open();
    const root = await add(store, 'root');
    const middle = await add(store, 'middle', root.id);
    const leaf = await add(store, 'leaf', middle.id);
    await store.remove(middle.id);
    expect(store.get(leaf.id).parentId).toBe(root.id);
    await store.remove(root.id);
    const again = await open();
    expect(again.list().map(({ name, parentId }) => [name, parentId])).toEqual([
      ['leaf', undefined],
    ]);
    expect(() => again.get(root.id)).toThrow(root.id);
    await expect(again.remove(root.id)).rejects.toMatchObject({ code: 'snapshot/not-found' });
  });

  it('gives a name once among those of a sandbox', async () => {
    const store = await open();
    const one = await add(store, 'one');
    await add(store, 'two');
    await expect(store.rename(one.id, 'two')).rejects.toMatchObject({
      code: 'snapshot/name-taken',
    });
    expect((await store.rename(one.id, 'one')).name).toBe('one');
    await store.rename(one.id, 'first');
    expect((await open()).get(one.id).name).toBe('first');
    store.checkName('another000', 'two');
  });

  it.each([
    ['no record', undefined],
    ['half a record', '{"version": 1, "id"'],
    ['the record of another', 'other'],
    ['a record of another version', '{"version": 99}'],
  ])('leaves a folder with %s as it is, and tells of it', async (_what, text) => {
    const store = await open();
    const one = await add(store, 'one');
    const dir = path.join(directory.path, 'abcdef0123');
    await mkdir(dir);
    if (text !== undefined) {
      const record = text === 'other' ? JSON.stringify(one) : text;
      await writeFile(path.join(dir, 'snapshot.json'), record);
    }
    const again = await open();
    expect(again.list()).toEqual([one]);
    expect(again.unreadable.map((each) => each.dir)).toEqual([dir]);
    expect(await readdir(dir)).toHaveLength(text === undefined ? 0 : 1);
  });

  it('names no file outside of a folder', async () => {
    const store = await open();
    const one = await add(store, 'one');
    const { dir } = store.files(one.id);
    const escaping = { ...one, disk: [{ name: '../upper.img', format: 'raw' }] };
    await writeFile(path.join(dir, 'snapshot.json'), JSON.stringify(escaping));
    const again = await open();
    expect(again.list()).toEqual([]);
    expect(again.unreadable).toHaveLength(1);
  });
});
