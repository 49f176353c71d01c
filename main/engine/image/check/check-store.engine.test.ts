import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../../contract/image-upkeep.ts';
import { silentLogger } from '../../base/logger.ts';
import { makeTar } from '../../testing/tar.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { writeOciLayout, type WrittenImage } from '../../testing/write-oci-layout.ts';
import { ImageLibrary } from '../image-library.ts';
import { ImageUpkeep } from '../upkeep/image-upkeep.ts';
import type { CheckOptions, CheckResult } from './check-request.ts';

const reference = 'registry.example/team/app:1';
const noSandboxes = (): [] => [];

describe('ImageLibrary.check', () => {
  const directory = useTemporaryDirectory();
  let library: ImageLibrary;
  let image: WrittenImage;

  const storeDir = (): string => join(directory.path, 'store');
  const hex = (digest = ''): string => digest.replace('sha256:', '');
  const blobPath = (digest?: string): string => join(storeDir(), 'blobs/sha256', hex(digest));
  const layerPath = (diffId: string | undefined, name: string): string =>
    join(storeDir(), 'layers', `sha256-${hex(diffId)}`, name);
  const rootPath = (extension: string): string =>
    join(storeDir(), 'roots', `sha256-${hex(image.manifest.digest)}.${extension}`);

  beforeEach(async () => {
    const lower = makeTar([
      { name: 'etc', type: 'directory' },
      { name: 'etc/data', content: Buffer.alloc(50_000, 'lower') },
    ]);
    const upper = makeTar([{ name: 'etc/more', content: 'upper' }]);
    image = await writeOciLayout(join(directory.path, 'layout'), [lower, upper], {
      config: { Env: ['A=1'] },
    });
    library = await ImageLibrary.open({ dir: storeDir(), logger: silentLogger });
    await importAgain();
  });
  afterEach(async () => {
    await library.close();
  });

  async function importAgain(): Promise<void> {
    await library.importLayout(image.dir, image.refName, reference);
  }

  const check = (options: Partial<CheckOptions> = {}): Promise<CheckResult> =>
    library.check({
      mend: false,
      signal: new AbortController().signal,
      sandboxes: noSandboxes,
      ...options,
    });

  async function mended(): Promise<readonly Finding[]> {
    return (await check({ mend: true })).findings;
  }

  /** Changes a byte in the middle and no length. */
  async function damage(path: string, at?: number): Promise<void> {
    const bytes = await readFile(path);
    const place = at ?? Math.floor(bytes.length / 2);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    await writeFile(path, bytes);
  }

  async function expectNothingWrong(): Promise<void> {
    expect((await check()).findings).toEqual([]);
    expect(await library.get(reference)).toBeDefined();
    expect(await readdir(join(storeDir(), 'unfinished'))).toEqual([]);
  }

  it('finds nothing wrong with what was brought in, and says what it looked at', async () => {
    const { looked, findings } = await check({
      sandboxes: () => [{ name: 'web', digest: image.manifest.digest, reference }],
    });
    expect(findings).toEqual([]);
    expect(looked).toBe('4 blobs, 2 layers, 1 image, 1 reference and 1 sandbox were looked at.');
  });

  it('says how far it is', async () => {
    const heard: string[] = [];
    await check({
      onProgress: (step) => {
        heard.push(`${step.type} ${step.stage}`);
        if (step.type === 'bytes') expect(step.bytesDone).toBeLessThanOrEqual(step.bytesTotal);
      },
    });
    const steps = ['blobs', 'layers', 'roots', 'names', 'leftovers'];
    expect(heard.filter((step) => !step.startsWith('bytes'))).toEqual(
      steps.flatMap((step) => [`begin ${step}`, `finish ${step}`]),
    );
    expect(heard).toContain('bytes blobs');
    expect(heard).toContain('bytes layers');
  });

  it('can be cancelled, and leaves nothing', async () => {
    const abort = new AbortController();
    const cancelled = check({
      signal: abort.signal,
      onProgress: ({ stage }) => {
        if (stage === 'layers') abort.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
    await expectNothingWrong();
  });

  it.each(['data', 'index', 'length', 'longer', 'missing', 'directory'])(
    'finds a layer with its %s damaged, and unpacks it again',
    async (what) => {
      const diffId = image.layers[0]?.diffId;
      const data = layerPath(diffId, 'data');
      if (what === 'data') await damage(data, 4000);
      if (what === 'index') await damage(layerPath(diffId, 'index.v1'));
      if (what === 'length') await truncate(data, 4096);
      if (what === 'longer') await appendFile(data, Buffer.alloc(4096));
      if (what === 'missing') await rm(data);
      if (what === 'directory') await rm(layerPath(diffId, '.'), { recursive: true });
      const { findings } = await check();
      expect(findings.map(({ kind, isMended }) => [kind, isMended])).toEqual([
        ['layer', false],
        ['reference', false],
      ]);
      expect(findings[0]?.remedy).toContain('skerry images check --mend');
      expect(await mended()).toEqual([
        {
          kind: 'layer',
          subject: diffId,
          problem: findings[0]?.problem,
          remedy: 'It was unpacked again from its blob.',
          isMended: true,
        },
      ]);
      await expectNothingWrong();
    },
  );

  it.each(['metadata', 'length', 'missing', 'record', 'field', 'no record'])(
    'finds a root with its %s damaged, and composes it again',
    async (what) => {
      if (what === 'metadata') await damage(rootPath('erofs'));
      if (what === 'length') await truncate(rootPath('erofs'), 100);
      if (what === 'missing') await rm(rootPath('erofs'));
      if (what === 'record') await writeFile(rootPath('json'), '{');
      if (what === 'no record') await rm(rootPath('json'));
      if (what === 'field') {
        const record = await readFile(rootPath('json'), 'utf8');
        expect(record).toContain('"A=1"');
        await writeFile(rootPath('json'), record.replace('"A=1"', '"A=2"'));
      }
      const { findings } = await check();
      expect(findings.map(({ kind }) => kind)).toEqual(['root', 'reference']);
      expect(await mended()).toMatchObject([{ kind: 'root', isMended: true }]);
      await expectNothingWrong();
      expect((await library.get(reference))?.config.env).toEqual(['A=1']);
    },
  );

  it.each(['layer', 'config', 'manifest'] as const)(
    'removes a %s blob that is wrong, which the next pull brings',
    async (which) => {
      const digest = which === 'layer' ? image.layers[1]?.digest : image[which].digest;
      await damage(blobPath(digest));
      const unmended = (await check()).findings;
      expect(unmended).toMatchObject([{ kind: 'blob', subject: digest, isMended: false }]);
      expect(unmended[0]?.problem).toBe('Its bytes are not those of its digest.');
      // The image runs all the same.
      expect(await library.get(reference)).toBeDefined();
      const remedy = 'It was removed; run `skerry pull registry.example/team/app:1`';
      expect((await mended())[0]?.remedy).toContain(remedy);
      expect(await library.get(reference)).toBeDefined();
      expect((await check()).findings).toMatchObject([
        { kind: 'blob', subject: digest, problem: expect.stringContaining('missing') as string },
      ]);
      await importAgain();
      await expectNothingWrong();
    },
  );

  it('restores a wrong blob from what an interrupted pull left', async () => {
    const digest = image.layers[0]?.digest;
    const bytes = await readFile(blobPath(digest));
    await damage(blobPath(digest));
    await writeFile(join(storeDir(), 'partial', hex(digest)), bytes);
    expect(await mended()).toMatchObject([{ kind: 'blob', subject: digest, isMended: true }]);
    await expectNothingWrong();
  });

  it('keeps a damaged layer whose blob is wrong too, and says what to do', async () => {
    const { digest, diffId } = image.layers[0] ?? {};
    await damage(blobPath(digest));
    await truncate(layerPath(diffId, 'data'), 4096);
    const sandboxes = () => [{ name: 'web', digest: image.manifest.digest, reference }];
    const { findings } = await check({ mend: true, sandboxes });
    expect(findings.map(({ kind, subject, isMended }) => [kind, subject, isMended])).toEqual([
      ['blob', digest, false],
      ['layer', diffId, false],
      ['reference', reference, false],
      ['sandbox', 'web', false],
    ]);
    expect(findings[2]?.remedy).toContain(`skerry pull ${reference}`);
    const pinned = `registry.example/team/app@${image.manifest.digest}`;
    expect(findings[3]?.remedy).toContain(`skerry pull ${pinned}`);
    expect((await readFile(layerPath(diffId, 'data'))).length).toBe(4096);
    await importAgain();
    await expectNothingWrong();
  });

  it('says that a layer could not be compared where its blob is gone', async () => {
    await rm(blobPath(image.layers[0]?.digest));
    const { looked, findings } = await check();
    expect(looked).toContain('1 layer had no blob to be compared with.');
    expect(findings).toMatchObject([{ kind: 'blob', isMended: false }]);
  });

  it('names a sandbox whose image is not there at all', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const sandboxes = () => [{ name: 'lost', digest, reference: 'registry.example/gone' }];
    const { findings } = await check({ sandboxes, mend: true });
    const sandbox = findings.find(({ kind }) => kind === 'sandbox');
    expect(sandbox).toMatchObject({ subject: 'lost', isMended: false });
    expect(sandbox?.remedy).toContain(`skerry pull registry.example/gone@${digest}`);
  });

  it('removes a damaged layer of no image, which a pull would take for right', async () => {
    const tar = makeTar([{ name: 'alone', content: 'x'.repeat(10_000) }]);
    const other = await writeOciLayout(join(directory.path, 'other'), [tar]);
    const name = 'registry.example/other:1';
    await library.importLayout(other.dir, other.refName, name);
    const diffId = other.layers[0]?.diffId;
    await library.close();
    await rm(join(storeDir(), 'references.json'));
    await rm(join(storeDir(), 'roots', `sha256-${hex(other.manifest.digest)}.json`));
    library = await ImageLibrary.open({ dir: storeDir(), logger: silentLogger });
    await importAgain();
    await truncate(layerPath(diffId, 'data'), 4096);
    expect((await check()).findings).toMatchObject([{ kind: 'layer', isMended: false }]);
    expect(await mended()).toMatchObject([{ kind: 'layer', subject: diffId, isMended: true }]);
    await expectNothingWrong();
  });

  it.each([false, true])(
    'says nothing of a layer of no image that a prune takes meanwhile (mend: %s)',
    async (mend) => {
      const { layers } = library.store;
      const gone = `sha256:${'0'.repeat(64)}`;
      vi.spyOn(layers, 'diffIds').mockResolvedValueOnce([gone, ...(await layers.diffIds())]);
      expect((await check({ mend })).findings).toEqual([]);
    },
  );

  it('lists no image any more that it finds to be incomplete', async () => {
    expect(await library.list()).toHaveLength(1);
    await truncate(layerPath(image.layers[0]?.diffId, 'data'), 4096);
    let changes = 0;
    library.onChange = () => (changes += 1);
    await check();
    expect(await library.list()).toEqual([]);
    expect(changes).toBe(1);
  });

  it('tells of what it has mended when it is cancelled', async () => {
    await truncate(layerPath(image.layers[0]?.diffId, 'data'), 4096);
    expect((await check()).findings).toHaveLength(2);
    expect(await library.list()).toEqual([]);
    let changes = 0;
    library.onChange = () => (changes += 1);
    const abort = new AbortController();
    const cancelled = check({
      mend: true,
      signal: abort.signal,
      onProgress: ({ type, stage }) => {
        if (type === 'begin' && stage === 'roots') abort.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(changes).toBe(1);
    expect(await library.list()).toHaveLength(1);
  });

  it('names what is not of Skerry, and leaves it', async () => {
    const own = join(storeDir(), 'layers', 'notes.txt');
    await writeFile(own, 'mine');
    const subject = 'layers/notes.txt';
    expect(await mended()).toMatchObject([{ kind: 'leftover', subject, isMended: false }]);
    expect(await readFile(own, 'utf8')).toBe('mine');
  });

  it('removes what an earlier version left', async () => {
    await writeFile(layerPath(image.layers[0]?.diffId, 'index.v0'), 'old');
    expect((await check()).findings).toMatchObject([{ kind: 'leftover', isMended: false }]);
    expect(await mended()).toMatchObject([{ kind: 'leftover', isMended: true }]);
    await expectNothingWrong();
  });

  it.each(
    [
      ['content', 'digests'],
      ['layers', 'diffIds'],
      ['layers', 'isIndexSound'],
      ['layers', 'compare'],
      ['roots', 'read'],
      ['roots', 'get'],
      ['roots', 'compare'],
    ].flatMap(([store = '', method = '']) => [
      { store, method, mend: false },
      { store, method, mend: true },
    ]),
  )('finds nothing where a prune comes before $store.$method (mend: $mend)', async (at) => {
    const surroundings = {
      pins: () => ({ users: new Map<string, string[]>(), others: new Set<string>() }),
      ...{ kept: new Set<string>(), logger: silentLogger },
    };
    const upkeep = await ImageUpkeep.open(library, surroundings);
    const { content, layers, roots } = library.store;
    const target: object = { content, layers, roots }[at.store] ?? {};
    const method = Reflect.get(target, at.method) as (...args: unknown[]) => Promise<unknown>;
    const called = vi.fn(async (...args: unknown[]) => {
      Reflect.deleteProperty(target, at.method);
      // As somebody else does, who is not within the lease of the check.
      const prune = (): Promise<unknown> => upkeep.prune({ all: true, isPreview: false });
      await library.store.leases.apart(prune);
      return await method.apply(target, args);
    });
    Reflect.set(target, at.method, called);
    expect((await check({ mend: at.mend })).findings).toEqual([]);
    expect(called).toHaveBeenCalledOnce();
    await upkeep.prune({ all: true, isPreview: false });
    expect(await library.list()).toEqual([]);
    for (const folder of ['blobs/sha256', 'layers', 'roots', 'unfinished', 'trash']) {
      expect(await readdir(join(storeDir(), folder))).toEqual([]);
    }
  });

  it('goes on beside images that are brought in', async () => {
    const tars = [1, 2, 3].map((count) =>
      makeTar([{ name: 'file', content: 'x'.repeat(count * 100_000) }]),
    );
    const others = await Promise.all(
      tars.map((tar, index) =>
        writeOciLayout(join(directory.path, `beside-${String(index)}`), [tar]),
      ),
    );
    const [, ...results] = await Promise.all([
      Promise.all(
        others.map(({ dir, refName }, index) =>
          library.importLayout(dir, refName, `registry.example/beside:${String(index)}`),
        ),
      ),
      check({ mend: true }),
      check({ mend: true }),
    ]);
    expect(results.map(({ findings }) => findings)).toEqual([[], []]);
    await expectNothingWrong();
  });

  it('is not needed for what a killed process was writing', async () => {
    await library.close();
    const left = ['references.json', 'blobs/sha256/x', 'roots/x'].map((name) =>
      join(storeDir(), name.replace(/([^/]+)$/, '.$1.0123.tmp')),
    );
    left.push(join(storeDir(), 'partial', `${'a'.repeat(64)}.import`));
    left.push(join(storeDir(), 'roots', `sha256-${'b'.repeat(64)}.erofs`));
    await mkdir(join(storeDir(), 'unfinished', 'left'));
    for (const path of left) await writeFile(path, 'half');
    library = await ImageLibrary.open({ dir: storeDir(), logger: silentLogger });
    for (const path of left) await expect(readFile(path)).rejects.toThrow('ENOENT');
    await expectNothingWrong();
  });
});
