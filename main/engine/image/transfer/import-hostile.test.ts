/** Archives that are made to be refused. */
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOfLayout, sha256 } from '../../testing/image-archives.ts';
import { baseLayer, dockerArchive, layerOf, useImportTrial } from '../../testing/import-trial.ts';
import { makeTar, type TarEntry } from '../../testing/tar.ts';

const trial = useImportTrial();

describe('what is refused', () => {
  it.each([
    ['is not there', (dir: string) => join(dir, 'none')],
    ['is neither a file nor a directory', () => '/dev/null'],
  ])('what %s', async (words, path) => {
    const { code, message } = await trial.refusal(path(trial.directory.path));
    expect(code).toBe('image/path-unusable');
    expect(message).toContain(words);
  });

  const valid = (): TarEntry[] => dockerArchive({ tars: [baseLayer], names: ['app'] });
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
    expect(await trial.invalid(makeTar([...entries, ...valid()]))).toContain(words);
    expect(await trial.invalid(gzipSync(makeTar([...valid(), ...entries])))).toContain(words);
  });

  it('too many entries', async () => {
    const many = Array.from({ length: 65_537 }, (_, index) => ({
      name: `${String(index)}/`,
      type: 'directory' as const,
    }));
    expect(await trial.invalid(makeTar(many))).toContain('has more than 65536 entries');
  });

  it('very many images of one large configuration, which would fill the memory', async () => {
    const config = {
      ...{ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } },
      config: { Env: ['x'.repeat(6 * 2 ** 20)] },
    };
    const images = Array.from({ length: 12 }, (_, index) => ({
      ...{ Config: 'config.json', RepoTags: [`app:${String(index)}`], Layers: [] },
    }));
    const archive = makeTar([
      { name: 'config.json', content: JSON.stringify(config) },
      { name: 'manifest.json', content: JSON.stringify(images) },
    ]);
    expect(await trial.invalid(archive)).toContain('bytes of manifests and configurations');
  });

  it('what is no archive', async () => {
    expect(await trial.invalid(Buffer.alloc(0))).toBe('"archive" is empty.');
    expect(await trial.invalid(Buffer.from('FROM scratch\n'))).toContain('is no tar');
    expect(await trial.invalid(Buffer.from('fd377a585a0000', 'hex'))).toContain(
      'compressed with xz',
    );
    expect(await trial.invalid(makeTar([]))).toContain('it holds no files');
    expect(await trial.invalid(makeTar([{ name: 'etc/passwd' }]))).toContain(
      'it holds "etc/passwd"',
    );
    expect(await trial.invalid(gzipSync(gzipSync(makeTar(valid()))))).toContain('cannot be read');
  });

  it.each(['plain', 'gzip', 'zstd'])('one that is cut off anywhere (%s)', async (form) => {
    const tar = makeTar(valid());
    const whole = form === 'plain' ? tar : form === 'gzip' ? gzipSync(tar) : zstdCompressSync(tar);
    // Without what follows the list of images the archive is whole enough.
    const most = form === 'plain' ? tar.indexOf('manifest.json') + 512 : whole.length - 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: most }), async (length) => {
        const { code } = await trial.refusal(whole.subarray(0, length));
        expect(code).toBe('image/archive-invalid');
      }),
      { numRuns: 25 },
    );
  });

  it('one in which any file is another', async () => {
    const { dir } = await trial.layout();
    const entries = await entriesOfLayout(dir);
    for (const [index, entry] of entries.entries()) {
      if (!entry.name.startsWith('blobs/')) continue;
      const content = Buffer.from(entry.content ?? '');
      content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
      expect(await trial.invalid(makeTar(entries.with(index, { ...entry, content })))).toContain(
        'sha256',
      );
      const name = entry.name.slice(-64);
      expect(await trial.invalid(makeTar(entries.toSpliced(index, 1)))).toContain(name);
    }
  });

  it('one of Docker whose layer is another', async () => {
    const stored = [layerOf('other')];
    const message = await trial.invalid(
      makeTar(dockerArchive({ tars: [baseLayer], stored, names: ['a'] })),
    );
    expect(message).toContain(`where the image's configuration names sha256:${sha256(baseLayer)}`);
    const damaged = gzipSync(baseLayer);
    damaged.fill(0, 12, 20);
    const archive = makeTar(dockerArchive({ tars: [baseLayer], stored: [damaged], names: ['a'] }));
    expect(await trial.invalid(archive)).toContain('has the damaged layer');
  });

  it.each([
    ['[]', 'without images'],
    ['{}', 'manifest.json'],
    ['[{"Config":"../x","RepoTags":["a"],"Layers":[]}]', 'has ".." in it'],
    ['[{"Config":"none.json","RepoTags":["a"],"Layers":[]}]', '"none.json"'],
    ['not JSON', 'is not JSON'],
  ])('one of Docker whose list is %s', async (content, words) => {
    expect(await trial.invalid(makeTar([{ name: 'manifest.json', content }]))).toContain(words);
  });

  it('links that lead in a circle', async () => {
    const entries = dockerArchive({ tars: [baseLayer], names: ['a'] }).map((entry): TarEntry =>
      entry.name.endsWith('layer.tar') ? { ...link, name: entry.name, target: 'layer.tar' } : entry,
    );
    expect(await trial.invalid(makeTar(entries))).toContain('does not have the layer');
  });

  it('a layer that must not be unpacked, and with it every image of the archive', async () => {
    const hostile = makeTar([{ name: '../x', content: 'x' }]);
    const archive = makeTar(
      dockerArchive({ tars: [baseLayer], names: ['good'] }, { tars: [hostile], names: ['bad'] }),
    );
    expect((await trial.refusal(archive)).code).toBe('image/layer-unsafe');
  });

  it('nothing that follows the end of the archive, which is not read', async () => {
    const archive = makeTar(valid());
    const file = await trial.write(Buffer.concat([archive, Buffer.alloc(8 * 2 ** 20, 'x')]));
    const read: number[] = [];
    await trial.library.transfer.import(file, {
      onProgress: (step) => {
        if (step.type === 'read') read.push(step.bytesDone);
      },
    });
    expect(await trial.library.list()).toHaveLength(1);
    expect(read.at(-2)).toBeLessThan(2 * 2 ** 20);
  });
});

describe('an import that is cancelled', () => {
  it('leaves nothing', async () => {
    const large = makeTar([{ name: 'large', content: Buffer.alloc(8 * 2 ** 20, 'x') }]);
    const file = await trial.write(makeTar(dockerArchive({ tars: [large], names: ['app'] })));
    const controller = new AbortController();
    const imported = trial.library.transfer.import(file, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(imported).rejects.toMatchObject({ code: 'operation/cancelled' });
    await trial.expectNothing();
  });
});
