/** Exports are read back by the import, and by any tar reader. Other programs: see the engine test. */
import { cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { makeTar } from '../../testing/tar.ts';
import {
  makeTemporaryDirectory,
  useTemporaryDirectory,
} from '../../testing/temporary-directory.ts';
import { writeOciLayout, type WrittenImage } from '../../testing/write-oci-layout.ts';
import { ImageLibrary } from '../image-library.ts';
import type { ExportOptions } from './image-transfer.ts';
import { TarReader } from '../tar/reader.ts';
import { dockerEntries, sha256 } from '../../testing/image-archives.ts';

const directory = useTemporaryDirectory();
const name = 'registry.example/team/app:1';
const tars = [makeTar([{ name: 'a', content: 'a' }]), makeTar([{ name: 'b', content: 'b' }])];
let library: ImageLibrary;
let image: WrittenImage;

function open(dir: string, within = directory.path): Promise<ImageLibrary> {
  const platform = { os: 'linux', architecture: 'amd64' } as const;
  return ImageLibrary.open({ dir: join(within, dir), logger: silentLogger, platform });
}

/** A store with the image, made once: unpacking it is what takes time. */
let template: Awaited<ReturnType<typeof makeTemporaryDirectory>>;

beforeAll(async () => {
  template = await makeTemporaryDirectory();
  const options = { refName: name, architecture: 'amd64' } as const;
  image = await writeOciLayout(join(template.path, 'layout'), tars, options);
  const first = await open('store', template.path);
  await first.transfer.import(image.dir);
  await first.close();
});

afterAll(async () => {
  await template[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await cp(template.path, directory.path, { recursive: true });
  library = await open('store');
});

async function exported(
  references: readonly string[],
  options: Partial<ExportOptions> = {},
): Promise<string> {
  const path = join(directory.path, `${options.format ?? 'oci'}.tar`);
  await library.transfer.export(references, { path, format: 'oci', replace: false, ...options });
  return options.path ?? path;
}

function entriesOf(tar: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  let current = '';
  const reader = new TarReader({
    onEntry: ({ path, mtimeSeconds, uid, gid }) => {
      expect({ mtimeSeconds, uid, gid }).toEqual({ mtimeSeconds: 0, uid: 0, gid: 0 });
      current = path;
      found.set(path, Buffer.alloc(0));
    },
    onContent: (bytes) => {
      found.set(current, Buffer.concat([found.get(current) ?? Buffer.alloc(0), bytes]));
    },
    onEntryEnd: () => undefined,
  });
  reader.push(tar);
  reader.finish();
  expect(reader.isEnded).toBe(true);
  return found;
}

describe('an OCI archive', () => {
  it('has the blobs as they are, and comes back as the same image', async () => {
    const path = await exported([name]);
    const entries = entriesOf(await readFile(path));
    for (const { digest } of [image.manifest, image.config, ...image.layers]) {
      const bytes = entries.get(`blobs/sha256/${digest.slice(7)}`) ?? Buffer.alloc(0);
      expect(`sha256:${sha256(bytes)}`).toBe(digest);
    }
    const index = JSON.parse(String(entries.get('index.json'))) as unknown;
    expect(index).toMatchObject({
      manifests: [
        {
          ...image.manifest,
          annotations: { 'org.opencontainers.image.ref.name': name },
          platform: { os: 'linux', architecture: 'amd64' },
        },
      ],
    });
    const again = await open('other');
    expect(await again.transfer.import(path)).toMatchObject([
      { reference: name, digest: image.manifest.digest },
    ]);
  });

  it('is the same bytes each time, whatever was asked first', async () => {
    await library.transfer.import(image.dir, { as: 'other' });
    const first = await readFile(await exported([name, 'other']));
    const path = join(directory.path, 'again.tar');
    expect(await readFile(await exported([name, 'other', name], { path }))).toEqual(first);
  });

  it('names each reference in full, and keeps a digest where there is no tag', async () => {
    const digested = `registry.example/app@${image.manifest.digest}`;
    await library.transfer.import(image.dir, { as: 'other' });
    await library.transfer.import(image.dir, { as: digested });
    const path = await exported(['other', digested]);
    const again = await open('other');
    const names = (await again.transfer.import(path)).map(({ reference }) => reference);
    expect(names.sort()).toEqual(['docker.io/library/other:latest', digested].sort());
  });
});

describe('a Docker archive', () => {
  it.each([
    ['plain', (tar: Buffer) => tar],
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('has uncompressed layers named by their digests (%s)', async (_, compress) => {
    const listed = { tars, stored: tars.map((tar) => compress(tar)), names: ['app:1', 'app:2'] };
    const source = join(directory.path, 'source.tar');
    await writeFile(source, makeTar(dockerEntries([{ ...listed, architecture: 'amd64' }])));
    await library.transfer.import(source);
    const heard: [number, number][] = [];
    const path = await exported(['app:1', 'app:2'], {
      format: 'docker',
      onProgress: (done, total) => heard.push([done, total]),
    });
    const entries = entriesOf(await readFile(path));
    for (const tar of tars) expect(entries.get(`${sha256(tar)}.tar`)).toEqual(tar);
    expect(JSON.parse(String(entries.get('manifest.json')))).toMatchObject([
      {
        RepoTags: ['docker.io/library/app:1', 'docker.io/library/app:2'],
        Layers: tars.map((tar) => `${sha256(tar)}.tar`),
      },
    ]);
    const [done, total] = heard.at(-1) ?? [];
    expect(done).toBe(total);
    const again = await open('other');
    expect(await again.transfer.import(path)).toHaveLength(2);
  });
});

describe('the file', () => {
  const path = (): string => join(directory.path, 'target');

  async function refused(options: Partial<ExportOptions> = {}): Promise<unknown> {
    const before = (await readdir(directory.path)).sort();
    const error: unknown = await exported([name], { path: path(), ...options }).catch(
      (thrown: unknown) => thrown,
    );
    expect((await readdir(directory.path)).sort()).toEqual(before);
    return error;
  }

  it('that is there stays, unless it may be replaced', async () => {
    await writeFile(path(), 'kept');
    expect(await refused()).toMatchObject({ code: 'image/file-exists' });
    expect(await readFile(path(), 'utf8')).toBe('kept');
    await exported([name], { path: path(), replace: true });
    expect(entriesOf(await readFile(path())).has('oci-layout')).toBe(true);
  });

  it('has the permissions that the umask leaves', async () => {
    await exported([name], { path: path() });
    const ordinary = join(directory.path, 'ordinary');
    await writeFile(ordinary, '');
    expect((await stat(path())).mode).toBe((await stat(ordinary)).mode);
  });

  it('is written through a symlink to a file, and never in the place of anything else', async () => {
    await mkdir(path());
    expect(await refused()).toMatchObject({ code: 'image/path-unusable' });
    expect(await refused({ replace: true })).toMatchObject({ code: 'image/path-unusable' });
    await rm(path(), { recursive: true });
    await symlink('/dev/null', path());
    expect(await refused()).toMatchObject({ code: 'image/file-exists' });
    expect(await refused({ replace: true })).toMatchObject({ code: 'image/path-unusable' });
    await rm(path());
    await writeFile(join(directory.path, 'real'), 'old');
    await symlink('real', path());
    await exported([name], { path: path(), replace: true });
    expect((await readFile(join(directory.path, 'real'))).length).toBeGreaterThan(512);
  });

  it('needs a directory', async () => {
    const none = join(directory.path, 'none', 'file');
    expect(await refused({ path: none })).toMatchObject({ code: 'image/path-unusable' });
    const below = join(directory.path, 'layout', 'index.json', 'file');
    expect(await refused({ path: below })).toMatchObject({ code: 'image/path-unusable' });
    const long = join(directory.path, 'x'.repeat(300));
    expect(await refused({ path: long })).toMatchObject({ code: 'image/path-unusable' });
  });

  it.each(['oci', 'docker'] as const)('is not written of a damaged store (%s)', async (format) => {
    const digest = image.layers[0]?.digest.slice(7) ?? '';
    const blob = join(directory.path, 'store', 'blobs', 'sha256', digest);
    const bytes = await readFile(blob);
    await writeFile(blob, Buffer.alloc(bytes.length));
    expect(await refused({ format })).toMatchObject({ code: 'store/corrupt' });
    await rm(blob);
    const error = await refused({ format });
    expect(error).toMatchObject({ code: 'store/corrupt', details: { digest: `sha256:${digest}` } });
  });

  it('is not written of what is not in the store', async () => {
    const error: unknown = await exported([name, 'none']).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'image/not-stored' });
  });

  it('is gone after a cancel', async () => {
    const controller = new AbortController();
    const onProgress = (): void => {
      controller.abort();
    };
    expect(await refused({ signal: controller.signal, onProgress })).toMatchObject({
      code: 'operation/cancelled',
    });
  });
});
