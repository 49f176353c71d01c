import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../host/child-process.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { chainSizes, growTop, missingFiles, virtualSize } from './chain-files.ts';
import { chainPaths, type DiskChain } from './disk-chain.ts';
import { adoptChain } from './freeze-chain.ts';
import { flattenChain, imageOptions } from './flatten-chain.ts';
import { ChainHome } from './testing/chain-home.ts';

/** A bound on what hangs: each step of each change is a process of its own. */
const testTimeoutMs = 1_200_000;
const diskBytes = 1024 * 1024;
const manySteps = 60;

/** Writes as a guest would: to the top, with what is below it. */
async function write(dir: string, chain: DiskChain, byte: number, at: number): Promise<void> {
  const image = imageOptions(chainPaths(dir, chain));
  const command = `write -P ${String(byte)} ${String(at)} 4096`;
  const result = await run('qemu-io', ['-c', command, image], { timeoutMs: 60_000 });
  expect(result.exitCode, result.stderr + result.stdout).toBe(0);
}

/** The whole content that a guest would read. */
async function contentOf(dir: string, chain: DiskChain): Promise<Buffer> {
  const flat = await flattenChain(dir, chain, dir, { below: [] });
  const file = path.join(dir, flat.name);
  try {
    return await readFile(file);
  } finally {
    await rm(file);
  }
}

describe('disk chains', { timeout: testTimeoutMs }, () => {
  const directory = useTemporaryDirectory();
  let home: ChainHome;

  beforeEach(async () => {
    home = await aHome('first');
  });

  async function aHome(name: string): Promise<ChainHome> {
    const made = new ChainHome(path.join(directory.path, name));
    await made.save([{ name: 'upper.img', format: 'raw' }]);
    await writeFile(path.join(made.sandboxDir, 'upper.img'), Buffer.alloc(diskBytes, 1));
    return made;
  }

  it('keep what was frozen, while the owner goes on', async () => {
    const frozen = await home.freeze();
    await write(home.sandboxDir, await home.chain(), 7, 0);
    const store = await home.store();
    const { dir } = store.files(frozen.id);
    expect((await contentOf(dir, frozen.disk)).every((byte) => byte === 1)).toBe(true);
    const content = await contentOf(home.sandboxDir, await home.chain());
    expect([content[0], content[4095], content[4096]]).toEqual([7, 7, 1]);
    await home.adopt();
    const back = await contentOf(home.sandboxDir, await home.chain());
    expect(back.every((byte) => byte === 1)).toBe(true);
  });

  it('share their files, and tell what is their own', async () => {
    const frozen = await home.freeze();
    const store = await home.store();
    const { dir } = store.files(frozen.id);
    const [file] = chainPaths(dir, frozen.disk);
    expect((await stat(file?.path ?? '')).nlink).toBe(2);
    expect(await chainSizes(dir, frozen.disk)).toMatchObject({ ownBytes: 0 });
    await rm(home.sandboxDir, { recursive: true });
    const alone = await chainSizes(dir, frozen.disk);
    expect(alone.ownBytes).toBe(alone.bytes);
    expect(alone.bytes).toBeGreaterThanOrEqual(diskBytes);
  });

  it('become one file where they are deep, with the same content', async () => {
    for (let depth = 1; depth <= 13; depth += 1) {
      await home.freeze();
      await write(home.sandboxDir, await home.chain(), depth, depth * 4096);
    }
    const chain = await home.chain();
    expect(chain.length).toBe(14);
    const before = await contentOf(home.sandboxDir, chain);
    const other = await aHome('other');
    const joined = await adoptChain(home.sandboxDir, chain, other.sandboxDir, { below: [] });
    expect(joined).toHaveLength(1);
    expect(joined[0]?.format).toBe('raw');
    expect((await contentOf(other.sandboxDir, joined)).equals(before)).toBe(true);
  });

  it('grow at the top, and leave what is below as it is', async () => {
    const frozen = await home.freeze();
    const chain = await home.chain();
    await growTop(home.sandboxDir, chain, 2 * diskBytes);
    expect(await virtualSize(home.sandboxDir, chain)).toBe(2 * diskBytes);
    const store = await home.store();
    expect(await virtualSize(store.files(frozen.id).dir, frozen.disk)).toBe(diskBytes);
    const content = await contentOf(home.sandboxDir, chain);
    expect([content[0], content[diskBytes]]).toEqual([1, 0]);
  });

  it.each(['freeze', 'adopt', 'remove'])('are whole wherever a %s is killed', async (what) => {
    const script = path.resolve(import.meta.dirname, 'testing/die-at-step.ts');
    const earlier = await home.freeze();
    await write(home.sandboxDir, await home.chain(), 5, 8192);
    const before = await contentOf(home.sandboxDir, await home.chain());
    let killed = 0;
    for (let step = 1; step < manySteps; step += 1) {
      const trial = new ChainHome(path.join(directory.path, `${what}-${String(step)}`));
      // With the hard links among its files.
      await run('cp', ['-a', '--', home.dir, trial.dir], { timeoutMs: 60_000 });
      const { exitCode, stderr } = await run(
        process.execPath,
        [script, trial.dir, what, String(step)],
        { timeoutMs: 60_000 },
      );
      await trial.cleanUp();
      const chain = await trial.chain();
      expect(await missingFiles(trial.sandboxDir, chain)).toEqual([]);
      const content = await contentOf(trial.sandboxDir, chain);
      const isOld = content.equals(before);
      const isNew = what === 'adopt' && content.every((byte) => byte === 1);
      expect({ step, isWhole: isOld || isNew }).toEqual({ step, isWhole: true });
      const store = await trial.store();
      expect(store.unreadable).toEqual([]);
      for (const { id, disk } of store.list()) {
        const { dir } = store.files(id);
        expect(await missingFiles(dir, disk)).toEqual([]);
        // The one that was there, or the one that the freeze has made of the disk.
        const kept = await contentOf(dir, disk);
        const wanted = id === earlier.id ? Buffer.alloc(diskBytes, 1) : before;
        expect({ step, isWhole: kept.equals(wanted) }).toEqual({ step, isWhole: true });
      }
      await rm(trial.dir, { recursive: true });
      if (exitCode === 0) break;
      expect({ exitCode, stderr }).toEqual({ exitCode: undefined, stderr: '' });
      killed = step;
    }
    expect(killed).toBeGreaterThan(1);
    expect(killed).toBeLessThan(manySteps - 1);
  });
});
