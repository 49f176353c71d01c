import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireStateLock, readStateOwner } from './state-lock.ts';

describe('the lock of a state directory', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'skerry-lock-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true });
  });

  it('is held by one, names its owner, and is free again after release', async () => {
    const lock = await acquireStateLock(dir, '/run/a.sock');
    expect(await readStateOwner(dir)).toMatchObject({ pid: process.pid, socket: '/run/a.sock' });
    await expect(acquireStateLock(dir, '/run/b.sock')).rejects.toMatchObject({
      code: 'host/already-running',
      details: { pid: process.pid, socket: '/run/a.sock' },
    });
    await lock.release();
    expect(await readStateOwner(dir)).toBeUndefined();
    expect(await readdir(dir)).toEqual([]);
  });

  it.each([
    [
      'a process that has ended',
      JSON.stringify({ version: 1, pid: 4_194_999, startTime: '1', socket: 's' }),
    ],
    [
      'another process with its pid',
      JSON.stringify({ version: 1, pid: process.pid, startTime: 'x', socket: 's' }),
    ],
    ['half a file', '{"version":1,"pi'],
  ])('is taken over from %s', async (_what, content) => {
    await writeFile(path.join(dir, 'host.json'), content);
    expect(await readStateOwner(dir)).toBeUndefined();
    const lock = await acquireStateLock(dir, '/run/a.sock');
    await lock.release();
  });

  it('goes to exactly one of many who ask at once over a dead owner', async () => {
    for (let round = 0; round < 20; round += 1) {
      const own = path.join(dir, String(round));
      await mkdir(own);
      await writeFile(path.join(own, 'host.json'), 'left behind');
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          acquireStateLock(own, `/run/${String(index)}.sock`),
        ),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      expect(await readdir(own)).toEqual(['host.json']);
    }
  });

  it('is had over what a process left that died while it took it over', async () => {
    const file = path.join(dir, 'host.json');
    const hash = (text: string): string =>
      createHash('sha256').update(text).digest('hex').slice(0, 32);
    await writeFile(file, 'left behind');
    const claim = `${file}.${hash('left behind')}`;
    await writeFile(claim, 'left as well');
    const lock = await acquireStateLock(dir, '/run/a.sock');
    expect(await readdir(dir)).toEqual(['host.json']);
    await lock.release();
    expect(await readdir(dir)).toEqual([]);
  });
});
