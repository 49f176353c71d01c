import { existsSync } from 'node:fs';
import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { TemplateShape } from './template-shape.ts';
import { TemplateStore, type TemplateStoreOptions } from './template-store.ts';

const temporary = useTemporaryDirectory();
let dir: string;

beforeEach(() => {
  dir = path.join(temporary.path, 'templates');
});

function shapeOf(name: string, changes: Partial<TemplateShape> = {}): TemplateShape {
  return {
    key: Buffer.from(name.padEnd(16, '.')).toString('hex'),
    ...{ cpus: 1, memoryMiB: 1, accelerator: 'tcg', initramfs: 'image', shares: 0 },
    network: { mac: '02:00:00:00:00:02', mtu: 1500 },
    ...{ assetsKey: 'assets', kernelRelease: '6.1.0', tscKHz: 2_000_000 },
    ...changes,
  };
}

const open = (options: Partial<TemplateStoreOptions> = {}): Promise<TemplateStore> =>
  TemplateStore.open({ dir, place: 'disk', logger: silentLogger, ...options });

async function publish(store: TemplateStore, shape: TemplateShape): Promise<void> {
  const files = await store.begin();
  await writeFile(files.memoryPath, Buffer.alloc(64 * 1024, shape.key));
  await writeFile(files.statePath, `state of ${shape.key}`);
  await files.publish(shape);
}

const names = async (store: TemplateStore): Promise<string[]> =>
  (await store.list()).map(({ key }) => Buffer.from(key, 'hex').toString().replaceAll('.', ''));

describe('the store of templates', () => {
  it('has a template once it is published, and gives its files', async () => {
    const store = await open();
    const shape = shapeOf('a');
    expect(await store.take(shape)).toBeUndefined();
    await publish(store, shape);
    const taken = await store.take(shape);
    expect(await readFile(taken?.saved.statePath ?? '', 'utf8')).toBe(`state of ${shape.key}`);
    taken?.release();
    const [listed] = await store.list();
    expect(listed).toMatchObject({ key: shape.key, useCount: 1, place: 'disk', memoryMiB: 1 });
    expect(listed?.bytes).toBeGreaterThanOrEqual(64 * 1024);
    await store.clear();
    expect(await readdir(dir)).toEqual([]);
  });

  it.each<[string, (files: { dir: string; at: (name: string) => string }) => Promise<unknown>]>([
    ['its memory is shorter', ({ at }) => truncate(at('memory'), 4096)],
    ['its memory is longer', ({ at }) => appendFile(at('memory'), 'x')],
    ['a byte of its memory is another', async ({ at }) => flip(at('memory'), 1000)],
    [
      'its memory was replaced by the same',
      async ({ at }) => {
        const bytes = await readFile(at('memory'));
        await rm(at('memory'));
        await writeFile(at('memory'), bytes);
      },
    ],
    ['its memory is missing', ({ at }) => rm(at('memory'))],
    ['its state is shorter', ({ at }) => truncate(at('state'), 3)],
    ['a byte of its state is another', ({ at }) => flip(at('state'), 3)],
    ['its state is garbage', ({ at }) => writeFile(at('state'), Buffer.alloc(9999, 'x'))],
    ['its state is missing', ({ at }) => rm(at('state'))],
    ['its manifest is garbage', ({ at }) => writeFile(at('manifest.json'), 'x')],
    ['its manifest is endless', ({ at }) => writeFile(at('manifest.json'), ' '.repeat(1e6))],
    ['its manifest is missing', ({ at }) => rm(at('manifest.json'))],
    [
      'its manifest is of another version',
      ({ at }) => change(at('manifest.json'), { version: 99 }),
    ],
    ['its manifest says more', ({ at }) => change(at('manifest.json'), { more: 1 })],
    ['it is a copy', async ({ dir: of }) => moveAway(of)],
  ])('throws a template away where %s', async (_what, damage) => {
    const store = await open();
    const shape = shapeOf('a');
    await publish(store, shape);
    const of = path.join(dir, shape.key);
    await damage({ dir: of, at: (name) => path.join(of, name) });
    expect(await store.take(shape)).toBeUndefined();
    expect(await readdir(dir)).toEqual([]);
  });

  it('throws one away whose guest would count time wrongly', async () => {
    const store = await open();
    await publish(store, shapeOf('a'));
    expect(await store.take(shapeOf('a', { tscKHz: 2_000_100 }))).toBeDefined();
    expect(await store.take(shapeOf('a', { tscKHz: 2_100_000 }))).toBeUndefined();
    expect(await store.list()).toEqual([]);
  });

  it('makes room by last use, never for what a start reads, and keeps the newest', async () => {
    const store = await open({ maxCount: 2 });
    for (const name of ['a', 'b']) await publish(store, shapeOf(name));
    const taken = await store.take(shapeOf('a'));
    // `a` was used last, so that `b` is the one to go.
    await publish(store, shapeOf('c'));
    expect((await names(store)).sort()).toEqual(['a', 'c']);
    // Used longest ago, and in use.
    (await store.take(shapeOf('c')))?.release();
    await publish(store, shapeOf('d'));
    expect((await names(store)).sort()).toEqual(['a', 'd']);
    taken?.release();
    taken?.release();
    await publish(store, shapeOf('e'));
    expect(await names(store)).toHaveLength(2);
  });

  it('makes room by size', async () => {
    const store = await open({ maxBytes: 150 * 1024 });
    for (const name of ['a', 'b', 'c']) await publish(store, shapeOf(name));
    expect(await names(store)).toEqual(['c', 'b']);
  });

  it('leaves what another process makes, and takes away what a dead one has left', async () => {
    const store = await open();
    const making = await store.begin();
    await mkdir(path.join(dir, '.new-999999999-1-1'));
    await mkdir(path.join(dir, `.old-${String(process.pid)}-1-1`));
    const other = await open();
    expect((await readdir(dir)).length).toBe(1);
    expect(existsSync(path.dirname(making.memoryPath))).toBe(true);
    // Both make the same: one of them is there, whole.
    await publish(other, shapeOf('a'));
    await writeFile(making.memoryPath, 'x');
    await writeFile(making.statePath, 'x');
    await making.publish(shapeOf('a'));
    const taken = await store.take(shapeOf('a'));
    expect(await readFile(taken?.saved.statePath ?? '', 'utf8')).toContain('state of');
    expect(await readdir(dir)).toEqual([shapeOf('a').key]);
  });

  it('is no directory of anyone else', async () => {
    await mkdir(path.dirname(dir), { recursive: true });
    await writeFile(dir, '');
    await expect(open()).rejects.toThrow();
  });
});

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

async function change(file: string, fields: Record<string, unknown>): Promise<void> {
  const manifest = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...manifest, ...fields }));
}

async function moveAway(of: string): Promise<void> {
  await cp(of, `${of}-copy`, { recursive: true, preserveTimestamps: true });
  await rm(of, { recursive: true });
  await cp(`${of}-copy`, of, { recursive: true, preserveTimestamps: true });
  await rm(`${of}-copy`, { recursive: true });
}
