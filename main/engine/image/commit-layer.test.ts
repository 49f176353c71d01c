/** Layers that become images in a library, and those of hostile guests that do not. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { readErofs } from '../erofs/testing/read-erofs.ts';
import { makeTar, type TarEntry } from '../testing/tar.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { writeOciLayout, type WrittenImage } from '../testing/write-oci-layout.ts';
import type { LayerCommit } from './commit-layer.ts';
import { ImageLibrary } from './image-library.ts';
import type { PreparedImage } from './types.ts';

const longest = 'n'.repeat(255);
const lower: TarEntry[] = [
  { name: 'etc', type: 'directory' },
  { name: 'etc/kept', content: 'kept' },
  { name: 'etc/gone', content: 'gone' },
  { name: longest, content: 'long' },
];
const upper: TarEntry[] = [
  { name: './', type: 'directory', mode: 0o711 },
  { name: `.wh.${longest}` },
  { name: 'etc/', type: 'directory' },
  { name: 'etc/.wh.gone' },
  { name: 'etc/new', content: 'new' },
];

describe('ImageLibrary.commit', () => {
  const directory = useTemporaryDirectory();
  let library: ImageLibrary;
  let base: PreparedImage;
  let written: WrittenImage;
  const store = (): string => join(directory.path, 'store');

  beforeEach(async () => {
    written = await writeOciLayout(join(directory.path, 'layout'), [makeTar(lower)]);
    library = await ImageLibrary.open({ dir: store(), logger: silentLogger });
    base = await library.importLayout(written.dir, written.refName, 'team/base');
  });

  const files = async (): Promise<string[]> => (await readdir(store(), { recursive: true })).sort();

  const commit = (tar: Uint8Array | AsyncIterable<Uint8Array>): LayerCommit => ({
    base,
    tar: tar instanceof Uint8Array ? once(tar) : tar,
    maxTarBytes: 1_000_000,
    history: { createdBy: 'skerry commit box' },
  });

  const blob = (digest: string): Promise<Buffer> =>
    readFile(join(store(), 'blobs/sha256', digest.replace('sha256:', '')));

  it('makes an image of the base and the layer', async () => {
    const heard: number[] = [];
    const tar = makeTar(upper);
    const made = await library.commits.commit('team/new:2', commit(tar), {
      onTarBytes: (bytes) => heard.push(bytes),
    });
    expect(heard).toEqual([tar.length]);
    expect(made.reference).toBe('docker.io/team/new:2');
    expect(await library.get('team/new:2')).toEqual(made);
    const parts = await Promise.all(made.extents.map(({ path }) => readFile(path)));
    const root = readErofs(Buffer.concat(parts));
    expect([...root.keys()].sort()).toEqual(['', 'etc', 'etc/kept', 'etc/new']);
    const manifest = JSON.parse((await blob(made.digest)).toString()) as {
      layers: { digest: string; size: number }[];
    };
    expect(manifest.layers[0]?.digest).toBe(written.layers[0]?.digest);
    const layer = await blob(manifest.layers[1]?.digest ?? '');
    expect(layer.length).toBe(manifest.layers[1]?.size);
    expect(gunzipSync(layer).equals(tar)).toBe(true);
    expect((await library.list()).map(({ reference }) => reference).sort()).toEqual([
      'team/base',
      'team/new:2',
    ]);
  });

  it('moves a name that is there, and the image below stays for who has it', async () => {
    const made = await library.commits.commit('team/base', commit(makeTar(upper)), {});
    expect((await library.get('team/base'))?.digest).toBe(made.digest);
    expect(await library.getByDigest(base.digest)).toBeDefined();
  });

  it.each<[string, string, Uint8Array]>([
    ['climbs out', 'image/layer-unsafe', makeTar([{ name: '../../etc/passwd', content: 'x' }])],
    ['is cut off', 'image/layer-corrupt', makeTar(upper).subarray(0, 700)],
    ['is no tar', 'image/layer-corrupt', Buffer.alloc(2048, 'x')],
    [
      'links to what is not there',
      'image/layer-unsafe',
      makeTar([{ name: 'a', type: 'link', target: 'b' }]),
    ],
    [
      'is longer than its disk',
      'image/commit-failed',
      makeTar([{ name: 'a', content: Buffer.alloc(1_000_000) }]),
    ],
  ])('leaves nothing of a tar that %s', async (_what, code, tar) => {
    const before = await files();
    await expect(library.commits.commit('team/new', commit(tar), {})).rejects.toMatchObject({
      code,
    });
    expect(await files()).toEqual(before);
    expect(await library.get('team/new')).toBeUndefined();
    expect(await library.get('team/base')).toEqual(base);
  });

  it.each(['download', 'unpack', 'root'])(
    'leaves nothing when it is cancelled at %s',
    async (at) => {
      const before = await files();
      const abort = new AbortController();
      const cancelled = library.commits.commit('team/new', commit(makeTar(upper)), {
        signal: abort.signal,
        onTarBytes: () => {
          if (at === 'download') abort.abort();
        },
        onProgress: (step) => {
          if (step.type === at || (step.type === 'layer' && step.phase === at)) abort.abort();
        },
      });
      await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
      expect(await files()).toEqual(before);
    },
  );

  it.each(['unpack', 'root'])(
    'leaves nothing within an operation, which holds what it made, when it is cancelled at %s',
    async (at) => {
      const before = await files();
      const abort = new AbortController();
      await library.store.leases.during(async () => {
        const cancelled = library.commits.commit('team/new', commit(makeTar(upper)), {
          signal: abort.signal,
          onProgress: (step) => {
            if (step.type === at || (step.type === 'layer' && step.phase === at)) abort.abort();
          },
        });
        await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
      });
      expect(await files()).toEqual(before);
    },
  );

  it('leaves nothing where its name cannot be written', async () => {
    const before = await files();
    vi.spyOn(library.store.references, 'set').mockRejectedValue(new Error('full'));
    const failing = library.commits.commit('team/new', commit(makeTar(upper)), {});
    await expect(failing).rejects.toThrow('full');
    expect(await files()).toEqual(before);
  });

  it('keeps what was there before, when it fails', async () => {
    await library.commits.commit('team/new', commit(makeTar(upper)), {});
    const before = await files();
    const abort = new AbortController();
    const again = library.commits.commit('team/new', commit(makeTar(upper)), {
      signal: abort.signal,
      onProgress: (step) => {
        if (step.type === 'root') abort.abort();
      },
    });
    await expect(again).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(await files()).toEqual(before);
    expect(await library.get('team/new')).toBeDefined();
  });

  it.each(['manifest', 'config'] as const)(
    'says when the %s of the base has gone',
    async (what) => {
      await rm(join(store(), 'blobs/sha256', written[what].digest.replace('sha256:', '')));
      let wasRead = false;
      const tar: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => {
          wasRead = true;
          return once(makeTar(upper));
        },
      };
      await expect(library.commits.commit('team/new', commit(tar), {})).rejects.toMatchObject({
        code: 'image/not-stored',
        hint: `Pull docker.io/team/base:latest@${base.digest} again.`,
      });
      expect(wasRead).toBe(false);
    },
  );

  it('clears away what an interrupted process was making', async () => {
    const before = await files();
    const never = new Promise<never>(() => undefined);
    const stuck = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(400_000, 'x');
      await never;
    };
    const read = Promise.withResolvers<undefined>();
    library.commits
      .commit('team/new', commit(stuck()), {
        onTarBytes: () => {
          read.resolve(undefined);
        },
      })
      .catch(() => undefined);
    await read.promise;
    await ImageLibrary.open({ dir: store(), logger: silentLogger });
    expect(await files()).toEqual(before);
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- it is there at once
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
