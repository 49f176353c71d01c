/** Every way into the store and out of it at once, through an engine, with everything real. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../contract/operation.ts';
import { isAppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';
import { makeContainerStorage } from '../testing/container-storage.ts';
import { writeBusyboxImage } from '../testing/images.ts';
import { startRegistry, type TestRegistry } from '../testing/registry.ts';
import { runTool } from '../testing/run-tool.ts';
import { filesOf } from '../testing/store-fixture.ts';
import { makeTar } from '../testing/tar.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { createSandbox, runScript, succeed, TestHome } from '../testing/test-engine.ts';
import {
  hostArchitecture,
  writeMultiPlatformIndex,
  writeOciLayout,
  type WrittenImage,
} from '../testing/write-oci-layout.ts';

/** Prunes that are begun while the rest goes on. */
const mostPrunes = 40;

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let storage: AsyncDisposable;
let registry: TestRegistry;
let home: TestHome;
let engine: Engine;
/** Of the sandbox "box". */
let base: WrittenImage;
let baseName: string;
/** Of a registry; they share a layer, and one is large enough to be unpacked while it comes. */
const pulled: string[] = [];

const within = (name: string): string => join(directory.path, name);

beforeAll(async () => {
  directory = await makeTemporaryDirectory();
  storage = await makeContainerStorage();
  registry = await startRegistry();
  home = await TestHome.make();
  engine = await home.open();
  base = await writeBusyboxImage(within('base'));
  baseName = await registry.push(base.dir, base.refName, 'team/base:1');
  const shared = makeTar([{ name: 'shared', content: 'shared'.repeat(20_000) }]);
  const own = { one: Buffer.from('one'), two: Buffer.from('two'), large: randomBytes(8_000_000) };
  for (const [name, content] of Object.entries(own)) {
    const layers = [shared, makeTar([{ name, content }])];
    const image = await writeOciLayout(within(name), layers, { refName: 'own' });
    const platform = { manifest: image.manifest, architecture: hostArchitecture };
    await writeMultiPlatformIndex(image.dir, [platform], 'all');
    const options = { allPlatforms: true };
    pulled.push(await registry.push(image.dir, 'all', `team/${name}:1`, options));
  }
  const source = `oci:${within('one')}:own`;
  const archive = `docker-archive:${within('archive.tar')}:team/imported:1`;
  await runTool('skopeo', ['copy', '--quiet', '--insecure-policy', source, archive]);
  await mkdir(within('context'));
  await writeFile(within('context/Dockerfile'), 'FROM scratch\nCOPY Dockerfile /file\n');
  await createSandbox(engine, { name: 'box', image: baseName });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await storage[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

async function done(operation: Promise<Operation>): Promise<Operation> {
  return await succeed(engine, await operation);
}

/** A prune may have come first, where `mayGo`; any other failure counts. */
async function unlessGone(work: Promise<unknown>, mayGo: boolean): Promise<void> {
  await work.catch((error: unknown) => {
    const isGone = isAppError(error, 'image/not-stored') || isAppError(error, 'image/incomplete');
    if (!mayGo || !isGone) throw error;
  });
}

/** Starts everything in one order, and a prune at every step of any of it. */
async function doEverything(round: string, all: boolean): Promise<void> {
  const prunes: Promise<unknown>[] = [];
  const off = engine.subscribe((event) => {
    if (event.type !== 'operation' || prunes.length === mostPrunes) return;
    prunes.push(engine.images.prune({ all, isPreview: false }));
  });
  const { images } = engine;
  /** What comes of the registry gets another name, goes out twice, and loses both names. */
  const passThrough = async (reference: string, index: number): Promise<void> => {
    await done(images.pull(reference));
    const copy = `${registry.host}/copies/${round}-${String(index)}:1`;
    await unlessGone(images.tag(reference, copy), all);
    const file = within(`${round}-${String(index)}.tar`);
    await Promise.all([
      unlessGone(done(images.push({ reference: copy })), all),
      unlessGone(done(images.export({ references: [reference], path: file })), all),
    ]);
    await unlessGone(images.remove(reference), all);
    await unlessGone(images.remove(copy), all);
  };
  await Promise.all([
    ...pulled.map(passThrough),
    done(images.import({ path: within('archive.tar') })),
    done(images.build({ context: within('context'), tag: 'team/built:1', program: 'buildah' })),
    done(images.commit({ sandbox: 'box', reference: 'team/committed:1' })),
    done(images.pull(baseName)),
  ]);
  off();
  expect(prunes.length).toBe(mostPrunes);
  await Promise.all(prunes);
}

async function names(): Promise<string[]> {
  return (await engine.images.list()).map(({ reference }) => reference).sort();
}

async function expectNothingWrong(): Promise<void> {
  const { outcome } = await done(engine.images.check());
  expect(outcome?.findings).toEqual([]);
  const usage = await engine.images.usage();
  const named = usage.images.flatMap(({ references }) => references).sort();
  expect(named).toEqual(await names());
  for (const name of named) {
    const { digest, layers } = await engine.images.inspect(name);
    const image = usage.images.find((one) => one.digest === digest);
    expect(image?.references).toContain(name);
    const known = usage.layers.map(({ diffId }) => diffId);
    expect(layers.filter(({ diffId }) => !known.includes(diffId))).toEqual([]);
  }
}

/** Every file of the store's parts. */
async function files(): Promise<string[]> {
  const folders = ['blobs/sha256', 'layers', 'partial', 'roots', 'trash', 'unfinished'];
  const found = folders.map(async (folder) =>
    (await readdir(join(home.dir, 'images', folder))).map((name) => `${folder}/${name}`),
  );
  return (await Promise.all(found)).flat().sort();
}

async function filesOfStarter(): Promise<string[]> {
  const { digest, configDigest, layers } = await engine.images.inspect('skerry/starter');
  return filesOf({
    ...base,
    manifest: { ...base.manifest, digest },
    config: { ...base.config, digest: configDigest },
    layers: layers.map((layer) => ({ ...base.manifest, ...layer })),
  });
}

describe('pulls, tags, imports, builds, commits, pushes, exports, removals and prunes at once', () => {
  it('go well beside prunes of what nothing needs', async () => {
    await runScript(engine, 'box', 'echo first > /changed');
    await doEverything('first', false);
    const stay = ['skerry/starter', 'team/built:1', 'team/committed:1', 'team/imported:1'];
    expect(await names()).toEqual([baseName, ...stay].sort());
    await expectNothingWrong();
    expect((await engine.images.prune({ isPreview: true })).freedBytes).toBe(0);
  });

  it('go well beside prunes of whatever is not used', async () => {
    await runScript(engine, 'box', 'echo second > /changed');
    await doEverything('second', true);
    await expectNothingWrong();
  });

  it('leave what is kept and used, and nothing else', async () => {
    await engine.images.remove(baseName, { force: true });
    await engine.images.prune({ all: true, isPreview: false });
    expect(await names()).toEqual(['skerry/starter']);
    expect(await files()).toEqual(
      [...new Set([...(await filesOfStarter()), ...filesOf(base)])].sort(),
    );
    const { outcome } = await done(engine.images.check());
    expect(outcome?.findings).toEqual([]);
    const usage = await engine.images.usage();
    expect(usage.images.map(({ usedBy }) => usedBy).sort()).toEqual([[], ['box']]);
    expect(usage.reclaimableWithImagesBytes).toBe(0);

    await engine.sandboxes.remove('box', { force: true });
    // Its end waits for what follows by itself.
    await home.close();
    engine = await home.open();
    expect(await files()).toEqual((await filesOfStarter()).sort());
    await expectNothingWrong();
  });
});
