/** The process of a pull is killed at each of its steps; the next one finds the store sound. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import path, { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectFiles, expectSound, openImpatient } from '../testing/fault-store.ts';
import {
  startMisbehavingRegistry,
  type MisbehavingRegistry,
} from '../testing/misbehaving-registry.ts';
import { holdUntil, pauseAfter } from '../testing/misbehaviours.ts';
import { startRegistry, type TestRegistry } from '../testing/registry.ts';
import { makeTar } from '../testing/tar.ts';
import { makeTemporaryDirectory, useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { writeOciLayout, type WrittenImage } from '../testing/write-oci-layout.ts';

const program = path.resolve(import.meta.dirname, '../testing/pull-and-halt.ts');
const large = randomBytes(4_000_000);
const files = { large, small: Buffer.from('small') };
const repository = 'team/killed:1';
const never = new Promise(() => undefined);

describe('a pull whose process is killed', () => {
  const directory = useTemporaryDirectory();
  let registry: TestRegistry;
  let image: WrittenImage;
  let proxy: MisbehavingRegistry;
  let reference: string;

  const storeDir = (): string => join(directory.path, 'store');

  beforeAll(async () => {
    registry = await startRegistry();
    await using layout = await makeTemporaryDirectory();
    image = await writeOciLayout(layout.path, [
      makeTar([{ name: 'large', content: large }]),
      makeTar([{ name: 'small', content: 'small' }]),
    ]);
    await registry.push(layout.path, image.refName, repository);
  });
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    proxy = await startMisbehavingRegistry(registry.host);
    reference = `${proxy.host}/${repository}`;
  });
  afterEach(async () => {
    await proxy[Symbol.asyncDispose]();
  });

  /** Pulls in another process and kills it when `isThere` says so; resolves with what it wrote. */
  async function pullAndKill(
    isThere: (line: string) => boolean | Promise<boolean>,
    where = 'nowhere',
  ): Promise<string[]> {
    const child = spawn(process.execPath, [program, storeDir(), reference, where], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    const lines: string[] = [];
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        if (await isThere(line)) break;
      }
    } finally {
      child.kill('SIGKILL');
      await closed;
    }
    return lines;
  }

  /** Kills it as soon as the registry is asked for this. */
  async function killWhileAskedFor(pattern: RegExp): Promise<void> {
    const asked = Promise.withResolvers<'asked'>();
    proxy.misbehave(pattern, async (exchange) => {
      asked.resolve('asked');
      await holdUntil(never)(exchange);
    });
    const child = spawn(process.execPath, [program, storeDir(), reference, 'nowhere'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const closed = once(child, 'close').then(() => 'closed');
    const first = await Promise.race([asked.promise, closed]);
    child.kill('SIGKILL');
    await closed;
    expect(first).toBe('asked');
  }

  /** What the next process finds, and that it fetches only what is missing. */
  async function expectRecovery(): Promise<void> {
    const kept = await readdir(join(storeDir(), 'blobs', 'sha256')).catch(() => []);
    const library = await openImpatient(storeDir());
    await expectSound(library, storeDir());
    expect((await library.list()).map(({ digest }) => digest)).toEqual(
      (await library.get(reference)) === undefined ? [] : [image.manifest.digest],
    );
    proxy.behave();
    await expectFiles(await library.pull(reference), files);
    for (const name of kept.filter((blob) => /^[0-9a-f]{64}$/.test(blob))) {
      expect(proxy.requestsFor(new RegExp(`blobs/sha256:${name}`))).toEqual([]);
    }
    await expectSound(library, storeDir());
    await library.close();
  }

  it.each(['manifest', 'config', 'layer'] as const)(
    'while the registry is asked for a %s',
    async (what) => {
      const { config, layers } = image;
      const digest = what === 'config' ? config.digest : (layers[1]?.digest ?? '');
      await killWhileAskedFor(what === 'manifest' ? /manifests/ : new RegExp(digest));
      await expectRecovery();
    },
  );

  it('within a download, whose bytes the next pull goes on from', async () => {
    const [layer] = image.layers;
    const url = new RegExp(layer?.digest ?? '');
    proxy.misbehave(url, pauseAfter(3_000_000, never));
    const partial = join(storeDir(), 'partial', (layer?.digest ?? '').replace('sha256:', ''));
    const sizeOfPartial = async (): Promise<number> =>
      (await stat(partial).catch(() => undefined))?.size ?? 0;
    const lines = await pullAndKill(async (line) => {
      if (!/^download [1-9]/.test(line)) return false;
      await expect.poll(sizeOfPartial, { timeout: 30_000 }).toBeGreaterThan(1_000_000);
      return true;
    });
    expect(lines.some((line) => line.startsWith('unpack'))).toBe(false);
    const held = await sizeOfPartial();
    await expectRecovery();
    expect(proxy.requestsFor(url)[0]?.headers.range).toBe(`bytes=${String(held)}-`);
    expect(proxy.sentBytes(url)).toBe((layer?.size ?? 0) - held);
  });

  it.each(['unpack', 'root'])('within the step %s', async (step) => {
    const lines = await pullAndKill((line) => line.startsWith(`${step} `));
    expect(lines.at(-1)).toMatch(new RegExp(`^${step} `));
    await expectRecovery();
  });

  /** Manifest, configuration, two blobs, two layers, a root, its record, the references. */
  const places = Array.from({ length: 9 }, (_, index) => index + 1);

  it.each(
    places.flatMap((place) => [`before rename ${String(place)}`, `after rename ${String(place)}`]),
  )('%s of a file to its place', async (where) => {
    const lines = await pullAndKill((line) => line === where, where);
    expect(lines.at(-1)).toBe(where);
    await expectRecovery();
  });

  it('renames no file more than those', async () => {
    const lines = await pullAndKill((line) => line === 'done');
    expect(lines.at(-1)).toBe('done');
    const renamed = lines.flatMap((line) => / is ([^/]+)/.exec(line)?.[1] ?? []).sort();
    expect(renamed).toEqual(
      [
        ...['blobs', 'blobs', 'blobs', 'blobs', 'layers', 'layers', 'references.json'],
        ...['roots', 'roots'],
      ].sort(),
    );
    await expectRecovery();
  });
});
