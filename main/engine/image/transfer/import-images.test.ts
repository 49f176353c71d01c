/** Archives that are made to be refused, and the forms that archives have. */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { isAppError, type AppError } from '../../base/app-error.ts';
import { silentLogger } from '../../base/logger.ts';
import { makeTar, type TarEntry } from '../../testing/tar.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import {
  writeMultiPlatformIndex,
  writeOciLayout,
  type LayoutOptions,
  type WrittenImage,
} from '../../testing/write-oci-layout.ts';
import { ImageLibrary } from '../image-library.ts';
import { dockerEntries, entriesOfLayout, sha256 } from '../../testing/image-archives.ts';

const directory = useTemporaryDirectory();
let library: ImageLibrary;

beforeEach(async () => {
  const dir = join(directory.path, 'store');
  const platform = { os: 'linux', architecture: 'amd64' } as const;
  library = await ImageLibrary.open({ dir, logger: silentLogger, platform });
});

const layer = (text: string): Buffer => makeTar([{ name: 'file', content: text }]);
const base = layer('base');

function layout(options: LayoutOptions = {}, tars = [base, layer('top')]): Promise<WrittenImage> {
  const dir = join(directory.path, 'layout');
  return writeOciLayout(dir, tars, {
    refName: 'registry.example/app:1',
    architecture: 'amd64',
    ...options,
  });
}

const docker = (...images: Parameters<typeof dockerEntries>[0]): TarEntry[] =>
  dockerEntries(images.map((image) => ({ architecture: 'amd64', ...image })));

async function write(bytes: Uint8Array, name = 'archive'): Promise<string> {
  const file = join(directory.path, name);
  await writeFile(file, bytes);
  return file;
}

async function refusal(bytes: Uint8Array | string, as?: string): Promise<AppError> {
  const file = typeof bytes === 'string' ? bytes : await write(bytes);
  const error: unknown = await library.import(file, { as }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(await library.list()).toEqual([]);
  for (const name of ['unfinished', 'partial']) {
    expect(await readdir(join(directory.path, 'store', name))).toEqual([]);
  }
  if (isAppError(error)) return error;
  throw error instanceof Error ? error : new Error('It was imported.');
}

async function invalid(bytes: Uint8Array | string): Promise<string> {
  const { code, message } = await refusal(bytes);
  expect({ code, message }).toEqual({ code: 'image/archive-invalid', message });
  return message;
}

async function references(file: string, as?: string): Promise<string[]> {
  return (await library.import(file, { as })).map(({ reference }) => reference);
}

describe('an archive', () => {
  it.each([
    ['plain', (tar: Buffer) => tar],
    ['with gzip', gzipSync],
    ['with zstd', zstdCompressSync],
  ])('of an OCI layout is imported %s, whatever its name', async (_, compress) => {
    const { dir, manifest } = await layout();
    const file = await write(compress(makeTar(await entriesOfLayout(dir))), 'archive.zip');
    const heard: string[] = [];
    const images = await library.import(file, { onProgress: ({ type }) => heard.push(type) });
    expect(images).toMatchObject([
      { reference: 'registry.example/app:1', digest: manifest.digest },
    ]);
    expect([...new Set(heard)]).toEqual(['read', 'images', 'resolved', 'layer', 'root']);
    expect(await library.list()).toMatchObject([{ digest: manifest.digest, layers: [{}, {}] }]);
  });

  it('of Docker gives a manifest that is the same each time', async () => {
    const entries = docker({ tars: [base, layer('top')], names: ['app:1', 'registry.example/b'] });
    const file = await write(makeTar(entries));
    const [first, second] = await library.import(file);
    expect(first?.reference).toBe('docker.io/library/app:1');
    expect(second?.reference).toBe('registry.example/b:latest');
    expect(second?.digest).toBe(first?.digest);
    const again = await library.import(await write(gzipSync(makeTar(entries.reverse()))));
    expect(again.map(({ digest }) => digest)).toEqual([first?.digest, first?.digest]);
  });

  it('of Docker may have compressed layers', async () => {
    const tars = [base, layer('top')];
    const stored = [gzipSync(base), zstdCompressSync(layer('top'))];
    const file = await write(makeTar(docker({ tars, stored, names: ['app'] })));
    await library.import(file);
    const [image] = await library.list();
    expect(image?.layers.map(({ digest }) => digest)).toEqual(
      stored.map((bytes) => `sha256:${sha256(bytes)}`),
    );
  });

  it.each(['symlink', 'link'] as const)('of old Docker shares layers by a %s', async (type) => {
    const entries = docker({ tars: [base], names: ['app'] });
    const path = entries.find(({ name }) => name.endsWith('layer.tar'))?.name ?? '';
    const linked = entries.map((entry): TarEntry => {
      if (entry.name !== path) return entry;
      return { name: path, type, target: type === 'link' ? 'one.tar' : '../one.tar' };
    });
    const file = await write(makeTar([{ name: 'one.tar', content: base }, ...linked]));
    expect(await references(file)).toEqual(['docker.io/library/app:latest']);
  });

  it('that is both is read as a layout, with the names of either', async () => {
    const { dir, manifest, config } = await layout({ refName: '1' });
    const hex = config.digest.slice(7);
    const list = [{ Config: `blobs/sha256/${hex}`, RepoTags: ['app:1'], Layers: [] }];
    const entries = [
      ...(await entriesOfLayout(dir)),
      { name: 'manifest.json', content: JSON.stringify(list) },
    ];
    expect(await library.import(await write(makeTar(entries)))).toMatchObject([
      { reference: 'docker.io/library/app:1', digest: manifest.digest },
    ]);
  });

  it('with several images brings all of them', async () => {
    await layout();
    const { dir } = await layout({ refName: 'registry.example/other:2' }, [base]);
    const file = await write(makeTar(await entriesOfLayout(dir)));
    expect(await references(file)).toEqual(['registry.example/app:1', 'registry.example/other:2']);
  });

  it('with several images has no one name', async () => {
    const file = makeTar(
      docker({ tars: [base], names: ['a'] }, { tars: [layer('x')], names: ['b'] }),
    );
    const { code, message } = await refusal(file, 'mine');
    expect(code).toBe('image/reference-invalid');
    expect(message).toContain('"a", "b"');
  });

  it('without a name needs one', async () => {
    const bytes = makeTar(docker({ tars: [base] }));
    expect((await refusal(bytes)).code).toBe('image/reference-invalid');
    expect(await references(await write(bytes), 'mine:1')).toEqual(['docker.io/library/mine:1']);
  });

  it('is resolved to the platform of this machine', async () => {
    const arm = await layout({ architecture: 'arm64', refName: 'arm' });
    const amd = await layout({ refName: 'amd' }, [base]);
    const platforms = [
      { manifest: arm.manifest, architecture: 'arm64' },
      { manifest: amd.manifest, architecture: 'amd64' },
    ];
    await writeMultiPlatformIndex(amd.dir, platforms, 'registry.example/app:1');
    const entries = (await entriesOfLayout(amd.dir)).filter(
      // Docker leaves the images of other platforms out.
      ({ name }) =>
        !arm.layers.some(
          ({ digest }) => name.endsWith(digest.slice(7)) && digest !== amd.layers[0]?.digest,
        ),
    );
    const index = entries.find(({ name }) => name === 'index.json');
    const { manifests } = JSON.parse(String(index?.content)) as { manifests: unknown[] };
    const content = JSON.stringify({ schemaVersion: 2, manifests: manifests.slice(2) });
    const spoiled = entries.map((entry) => (entry === index ? { ...entry, content } : entry));
    expect(await library.import(await write(makeTar(spoiled)))).toMatchObject([
      { digest: amd.manifest.digest },
    ]);
  });

  it.each(['oci', 'docker'])('of another platform says which there are (%s)', async (form) => {
    const { dir } = await layout({ architecture: 's390x' });
    const entries =
      form === 'oci'
        ? await entriesOfLayout(dir)
        : docker({ tars: [base], names: ['a'], architecture: 's390x' });
    const { code, details } = await refusal(makeTar(entries));
    expect({ code, details }).toEqual({
      code: 'image/platform-unavailable',
      details: { available: ['linux/s390x'] },
    });
  });
});

describe('a directory', () => {
  it('of an OCI layout is imported', async () => {
    const { dir, manifest } = await layout();
    expect(await library.import(dir)).toMatchObject([{ digest: manifest.digest }]);
  });

  it('is not left by a symlink', async () => {
    const { dir, layers } = await layout();
    const blob = join(dir, 'blobs', 'sha256', layers[0]?.digest.slice(7) ?? '');
    const outside = await write(base, 'outside');
    execFileSync('rm', [blob]);
    await symlink(outside, blob);
    expect(await invalid(dir)).toContain('which it does not have');
  });

  it('without a layout is refused', async () => {
    const dir = join(directory.path, 'empty');
    await mkdir(dir);
    expect(await invalid(dir)).toContain('it has no file oci-layout');
  });

  it('with a blob that is another is refused', async () => {
    const { dir, layers } = await layout();
    const { digest = '', size = 0 } = layers[0] ?? {};
    await writeFile(join(dir, 'blobs', 'sha256', digest.slice(7)), Buffer.alloc(size));
    expect(await invalid(dir)).toContain(`with the digest ${digest}`);
  });
});

describe('what is refused', () => {
  it.each([
    ['is not there', (dir: string) => join(dir, 'none')],
    [
      'is neither a file nor a directory',
      (dir: string) => {
        execFileSync('mkfifo', [join(dir, 'fifo')]);
        return join(dir, 'fifo');
      },
    ],
  ])('what %s', async (words, path) => {
    const { code, message } = await refusal(path(directory.path));
    expect(code).toBe('image/path-unusable');
    expect(message).toContain(words);
  });

  const valid = (): TarEntry[] => docker({ tars: [base], names: ['app'] });
  const link = { name: 'link', type: 'symlink' } as const;
  it.each<[string, TarEntry[], string]>([
    ['a name that leads out', [{ name: '../x' }], 'the entry "../x", which has ".." in it'],
    ['an absolute name', [{ name: '/etc/passwd' }], 'which is absolute'],
    ['a symlink that leads out', [{ ...link, target: '../x' }], 'which leads out of the archive'],
    ['an absolute symlink', [{ ...link, target: '/etc' }], 'which leads to an absolute path'],
    [
      'a hard link that leads out',
      [{ name: 'a/b', type: 'link', target: '../x' }],
      'which leads out',
    ],
    ['a device', [{ name: 'null', type: 'character-device' }], 'which is a character device'],
    ['a disk', [{ name: 'sda', type: 'block-device' }], 'which is a block device'],
    ['a fifo', [{ name: 'pipe', type: 'fifo' }], 'which is a fifo'],
    ['a file twice', [{ name: 'a' }, { name: './a' }], 'the entry "./a", which is in it twice'],
    [
      'a file and a link',
      [{ name: 'a' }, { name: 'a', type: 'symlink', target: 'b' }],
      'in it twice',
    ],
    [
      'a sparse file',
      [
        {
          name: 'a',
          content: '1\n0\n1\n'.padEnd(512, '\0') + 'x',
          pax: { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '9' },
        },
      ],
      'which is stored as a sparse file',
    ],
    [
      'a file without end',
      [{ name: 'a', claimedSize: 2 ** 40 }],
      'has more than 68719476736 bytes',
    ],
    [
      'too long an extended header',
      [{ name: 'a', pax: { comment: 'x'.repeat(2 ** 20) } }],
      'An extended header of the tar has',
    ],
  ])('%s', async (_, entries, words) => {
    expect(await invalid(makeTar([...entries, ...valid()]))).toContain(words);
    expect(await invalid(gzipSync(makeTar([...valid(), ...entries])))).toContain(words);
  });

  it('too many entries', async () => {
    const many = Array.from({ length: 65_537 }, (_, index) => ({
      name: `${String(index)}/`,
      type: 'directory' as const,
    }));
    expect(await invalid(makeTar(many))).toContain('has more than 65536 entries');
  });

  it('what is no archive', async () => {
    expect(await invalid(Buffer.alloc(0))).toBe('"archive" is empty.');
    expect(await invalid(Buffer.from('FROM scratch\n'))).toContain('is no tar');
    expect(await invalid(Buffer.from('fd377a585a0000', 'hex'))).toContain('compressed with xz');
    expect(await invalid(makeTar([]))).toContain('it holds no files');
    expect(await invalid(makeTar([{ name: 'etc/passwd' }]))).toContain('it holds "etc/passwd"');
    expect(await invalid(gzipSync(gzipSync(makeTar(valid()))))).toContain('cannot be read');
  });

  it.each(['plain', 'gzip', 'zstd'])('one that is cut off anywhere (%s)', async (form) => {
    const tar = makeTar(valid());
    const whole = form === 'plain' ? tar : form === 'gzip' ? gzipSync(tar) : zstdCompressSync(tar);
    // Without what follows the list of images the archive is whole enough.
    const most = form === 'plain' ? tar.indexOf('manifest.json') + 512 : whole.length - 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: most }), async (length) => {
        const { code } = await refusal(whole.subarray(0, length));
        expect(code).toBe('image/archive-invalid');
      }),
      { numRuns: 25 },
    );
  });

  it('one in which any file is another', async () => {
    const { dir } = await layout();
    const entries = await entriesOfLayout(dir);
    for (const [index, entry] of entries.entries()) {
      if (!entry.name.startsWith('blobs/')) continue;
      const content = Buffer.from(entry.content ?? '');
      content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
      expect(await invalid(makeTar(entries.with(index, { ...entry, content })))).toContain(
        'sha256',
      );
      const name = entry.name.slice(-64);
      expect(await invalid(makeTar(entries.toSpliced(index, 1)))).toContain(name);
    }
  });

  it('one of Docker whose layer is another', async () => {
    const stored = [layer('other')];
    const message = await invalid(makeTar(docker({ tars: [base], stored, names: ['a'] })));
    expect(message).toContain(`where the image's configuration names sha256:${sha256(base)}`);
    const damaged = gzipSync(base);
    damaged.fill(0, 12, 20);
    const archive = makeTar(docker({ tars: [base], stored: [damaged], names: ['a'] }));
    expect(await invalid(archive)).toContain('has the damaged layer');
  });

  it.each([
    ['[]', 'without images'],
    ['{}', 'manifest.json'],
    ['[{"Config":"../x","RepoTags":["a"],"Layers":[]}]', 'has ".." in it'],
    ['[{"Config":"none.json","RepoTags":["a"],"Layers":[]}]', '"none.json"'],
    ['not JSON', 'is not JSON'],
  ])('one of Docker whose list is %s', async (content, words) => {
    expect(await invalid(makeTar([{ name: 'manifest.json', content }]))).toContain(words);
  });

  it('links that lead in a circle', async () => {
    const entries = docker({ tars: [base], names: ['a'] }).map((entry): TarEntry =>
      entry.name.endsWith('layer.tar') ? { ...link, name: entry.name, target: 'layer.tar' } : entry,
    );
    expect(await invalid(makeTar(entries))).toContain('does not have the layer');
  });

  it('a layer that must not be unpacked, and with it every image of the archive', async () => {
    const hostile = makeTar([{ name: '../x', content: 'x' }]);
    const archive = makeTar(
      docker({ tars: [base], names: ['good'] }, { tars: [hostile], names: ['bad'] }),
    );
    expect((await refusal(archive)).code).toBe('image/layer-unsafe');
  });

  it('nothing that follows the end of the archive, which is not read', async () => {
    const archive = makeTar(valid());
    const file = await write(Buffer.concat([archive, Buffer.alloc(8 * 2 ** 20, 'x')]));
    const read: number[] = [];
    await library.import(file, {
      onProgress: (step) => {
        if (step.type === 'read') read.push(step.bytesDone);
      },
    });
    expect(await library.list()).toHaveLength(1);
    expect(read.at(-2)).toBeLessThan(2 * 2 ** 20);
  });
});

describe('an import that is cancelled', () => {
  it('leaves nothing', async () => {
    const large = makeTar([{ name: 'large', content: Buffer.alloc(8 * 2 ** 20, 'x') }]);
    const file = await write(makeTar(docker({ tars: [large], names: ['app'] })));
    const controller = new AbortController();
    const imported = library.import(file, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(imported).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(await library.list()).toEqual([]);
    expect(await readdir(join(directory.path, 'store', 'unfinished'))).toEqual([]);
  });
});
