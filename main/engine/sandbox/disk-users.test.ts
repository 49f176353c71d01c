import { link, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { checkDiskIsFree, type DiskUser } from './disk-users.ts';

describe('checkDiskIsFree', () => {
  const temporary = useTemporaryDirectory();
  let disk: string;
  beforeEach(async () => {
    disk = path.join(temporary.path, 'disk.img');
    await writeFile(disk, 'x');
  });

  function user(name: string, isAlive: boolean, isForked: boolean, file = disk): DiskUser {
    const rest = { virtualBytes: 1, backing: [], otherFiles: [] };
    return {
      name,
      isAlive,
      root: { kind: 'disk', path: file, format: 'raw', isForked, ...rest },
    };
  }

  it('lets one sandbox write, and names it to the next', async () => {
    const check = checkDiskIsFree(user('b', false, false), [user('a', true, false)]);
    await expect(check).rejects.toMatchObject({
      code: 'root/in-use',
      message: `${disk} is in use by the sandbox "a".`,
      hint: 'Stop "a" first.',
    });
    await checkDiskIsFree(user('b', false, false), [user('a', false, false)]);
  });

  it('knows a disk under another path', async () => {
    const other = path.join(temporary.path, 'other.img');
    await link(disk, other);
    const check = checkDiskIsFree(user('b', false, false, other), [user('a', true, false)]);
    await expect(check).rejects.toMatchObject({ code: 'root/in-use' });
  });

  it('lets many forks read, while nobody writes', async () => {
    await checkDiskIsFree(user('b', false, true), [user('a', true, true), user('c', false, false)]);
    const beside = checkDiskIsFree(user('b', false, true), [user('a', true, false)]);
    await expect(beside).rejects.toMatchObject({ code: 'root/in-use' });
  });

  it('does not pull a disk from under a fork, running or not', async () => {
    const check = checkDiskIsFree(user('b', false, false), [user('fork', false, true)]);
    await expect(check).rejects.toMatchObject({
      code: 'root/in-use',
      details: { sandbox: 'fork' },
    });
  });

  it('has nothing against sandboxes without a disk of the host', async () => {
    await checkDiskIsFree({ name: 'a', root: undefined, isAlive: true }, [user('b', true, false)]);
    const none: DiskUser = { name: 'b', root: undefined, isAlive: true };
    await checkDiskIsFree(user('a', false, false), [none]);
  });
});
