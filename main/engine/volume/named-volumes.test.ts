import { link, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { NamedVolumes } from './named-volumes.ts';
import { treeBytes } from './tree-bytes.ts';

describe('NamedVolumes', () => {
  const temporary = useTemporaryDirectory();
  const open = () => NamedVolumes.open(path.join(temporary.path, 'volumes'));

  it('makes a volume once, lists it and keeps what is in it', async () => {
    const volumes = await open();
    const made = await volumes.ensure('cache');
    await writeFile(path.join(made.path, 'file'), 'kept');
    expect(await (await open()).ensure('cache')).toEqual(made);
    expect(await volumes.list()).toEqual([made]);
    expect(await readdir(made.path)).toEqual(['file']);
    expect((await stat(path.dirname(made.path))).mode & 0o777).toBe(0o700);
  });

  it('says what a volume occupies', async () => {
    const volumes = await open();
    const { path: data } = await volumes.ensure('cache');
    await writeFile(path.join(data, 'file'), Buffer.alloc(1024 * 1024, 'x'));
    const { diskBytes } = await volumes.inspect('cache');
    expect(diskBytes).toBeGreaterThanOrEqual(1024 * 1024);
  });

  it('removes a volume with all of it, also one whose removal was cut off', async () => {
    const volumes = await open();
    const { path: data } = await volumes.ensure('cache');
    await writeFile(path.join(data, 'file'), '');
    await volumes.remove('cache');
    expect(await volumes.list()).toEqual([]);
    await mkdir(path.join(temporary.path, 'volumes', '.removing-old', 'data'), { recursive: true });
    await open();
    expect(await readdir(path.join(temporary.path, 'volumes'))).toEqual([]);
  });

  it.each(['nobody', '..', '../volumes', '.removing-x', ''])('knows no volume %j', async (name) => {
    const volumes = await open();
    await expect(volumes.get(name)).rejects.toMatchObject({ code: 'volume/not-found' });
    await expect(volumes.remove(name)).rejects.toMatchObject({ code: 'volume/not-found' });
  });
});

describe('treeBytes', () => {
  const temporary = useTemporaryDirectory();

  it('counts a file with two names once, and follows no link', async () => {
    const at = (name: string) => path.join(temporary.path, name);
    await mkdir(at('tree'));
    await writeFile(at('outside'), Buffer.alloc(4 * 1024 * 1024, 'x'));
    await writeFile(at('tree/file'), Buffer.alloc(1024 * 1024, 'x'));
    await link(at('tree/file'), at('tree/again'));
    await symlink(at('outside'), at('tree/link'));
    const bytes = await treeBytes(at('tree'));
    expect(bytes).toBeGreaterThanOrEqual(1024 * 1024);
    expect(bytes).toBeLessThan(2 * 1024 * 1024);
  });
});
