/** Roots compared with what the tools of the distribution make of the same layers. */
import fc from 'fast-check';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readErofs } from '../erofs/testing/read-erofs.ts';
import { silentLogger } from '../base/logger.ts';
import { writeBusyboxImage, writeEverythingImage } from '../testing/images.ts';
import { runTool } from '../testing/run-tool.ts';
import { makeTar } from '../testing/tar.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { writeOciLayout, type WrittenImage } from '../testing/write-oci-layout.ts';
import { ImageLibrary } from './image-library.ts';
import { LayerProblem } from './layer-problem.ts';
import { arbitraryLayers } from './testing/arbitrary-layers.ts';
import { composeDisk, composeTars, unpackBlob } from './testing/compose-tars.ts';
import { snapshotOfDirectory, snapshotOfImage, type Snapshot } from './testing/snapshot.ts';
import { buildVmdkDescriptor } from './vmdk.ts';

/** Owners, devices and attributes can be restored by root alone. */
const isRoot = process.getuid?.() === 0;
const canMount = isRoot && (await mountsErofs());

async function mountsErofs(): Promise<boolean> {
  const filesystems = await readFile('/proc/filesystems', 'utf8').catch(() => '');
  return /\berofs\b/.test(filesystems);
}

describe.skipIf(!isRoot)('the root of an image (skipped where tests do not run as root)', () => {
  const directory = useTemporaryDirectory();

  /** The disk that QEMU sees, as a raw file, made from the descriptor. */
  async function prepare(image: WrittenImage): Promise<string> {
    const dir = join(directory.path, 'store');
    const library = await ImageLibrary.open({ dir, logger: silentLogger });
    const { extents } = await library.importLayout(image.dir, image.refName, 'test/image');
    await library.close();
    const descriptor = join(directory.path, 'disk.vmdk');
    await writeFile(descriptor, buildVmdkDescriptor(extents));
    const disk = join(directory.path, 'disk.raw');
    await runTool('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', descriptor, disk]);
    const parts = await Promise.all(extents.map(({ path }) => readFile(path)));
    expect((await readFile(disk)).equals(Buffer.concat(parts))).toBe(true);
    return disk;
  }

  async function unpackWithUmoci(image: WrittenImage): Promise<Snapshot> {
    const bundle = join(directory.path, 'bundle');
    await runTool('umoci', ['unpack', '--image', `${image.dir}:${image.refName}`, bundle]);
    return await snapshotOfDirectory(join(bundle, 'rootfs'));
  }

  const writers = { everything: writeEverythingImage, busybox: writeBusyboxImage };

  it.each(['everything', 'busybox'] as const)(
    'is what umoci unpacks, file by file: %s',
    async (name) => {
      const image = await writers[name](join(directory.path, 'layout'));
      const disk = await prepare(image);
      await runTool('fsck.erofs', ['-d1', disk]);
      const ours = snapshotOfImage(readErofs(await readFile(disk)));
      const theirs = await unpackWithUmoci(image);
      // umoci gives a directory that is in no tar the time of its unpacking.
      expect(withoutImpliedTimes(ours, ours)).toEqual(withoutImpliedTimes(theirs, ours));
      expect(ours.size).toBeGreaterThan(40);
    },
  );

  it('extracts with fsck.erofs to the same files', async () => {
    const disk = await prepare(await writeEverythingImage(join(directory.path, 'layout')));
    const extracted = join(directory.path, 'extracted');
    await runTool('fsck.erofs', ['-d1', '--preserve', `--extract=${extracted}`, disk]);
    const ours = snapshotOfImage(readErofs(await readFile(disk)));
    // This tool restores neither attributes nor hard links, and loses setuid when it sets the owner.
    const shown = (snapshot: Snapshot): unknown =>
      [...snapshot].map(([path, { type, mode, uid, gid, sha256, target, device }]) => {
        return { path, type, mode: mode & 0o777, uid, gid, sha256, target, device };
      });
    expect(shown(await snapshotOfDirectory(extracted))).toEqual(shown(ours));
  });

  it.skipIf(!canMount)(
    'is the same to the kernel (skipped where this kernel has no erofs)',
    async () => {
      const disk = await prepare(await writeEverythingImage(join(directory.path, 'layout')));
      const ours = snapshotOfImage(readErofs(await readFile(disk)));
      const mountPoint = join(directory.path, 'mounted');
      await mkdir(mountPoint);
      await runTool('mount', ['-t', 'erofs', '-o', 'loop,ro', disk, mountPoint]);
      try {
        expect(await snapshotOfDirectory(mountPoint)).toEqual(ours);
      } finally {
        await runTool('umount', [mountPoint]);
      }
    },
  );

  it('merges any layers as umoci does, and refuses those that umoci refuses', async () => {
    const outcome = async (work: Promise<Snapshot>): Promise<unknown> => {
      try {
        return [...withoutTimes(await work)];
      } catch (error) {
        if (error instanceof LayerProblem || /umoci/.test(String(error))) return 'refused';
        throw error;
      }
    };
    await fc.assert(
      fc.asyncProperty(arbitraryLayers, async (layers) => {
        const tars = layers.map((entries) => makeTar(entries));
        const layout = join(directory.path, 'layout');
        const image = await writeOciLayout(layout, tars, { compression: 'none' });
        const theirs = await outcome(unpackWithUmoci(image));
        const ours = await outcome(composeTars(directory.path, ...tars).then(snapshotOfImage));
        await rm(layout, { recursive: true });
        await rm(join(directory.path, 'bundle'), { recursive: true, force: true });
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 60 },
    );
  });
});

describe('sparse files that GNU tar wrote', () => {
  const directory = useTemporaryDirectory();

  it.each([
    ['the old GNU form', ['--format=gnu']],
    ['form 0.0', ['--format=pax', '--sparse-version=0.0']],
    ['form 0.1', ['--format=pax', '--sparse-version=0.1']],
    ['form 1.0', ['--format=pax', '--sparse-version=1.0']],
  ])('come out right from %s', async (_form, options) => {
    const content = Buffer.alloc(4 * 2 ** 20);
    // More regions than an old header and one block after it hold.
    for (let region = 0; region < 40; region++)
      content.write(`region ${String(region)}`, region * 90_000);
    const path = join(directory.path, 'sparse');
    await writeSparsely(path, content);
    const archive = join(directory.path, 'archive.tar');
    const sparse = ['--create', '--sparse', '--hole-detection=raw', ...options];
    await runTool('tar', [...sparse, '-f', archive, '-C', directory.path, 'sparse']);
    const tar = await readFile(archive);
    expect(tar.length).toBeLessThan(content.length / 2);
    const layer = await unpackBlob(directory.path, tar);
    const disk = await composeDisk(directory.path, [layer]);
    const node = readErofs(disk).get('sparse');
    expect(node?.content?.equals(content)).toBe(true);
    expect(disk.length).toBeLessThan(content.length);
  });
});

/** Writes the blocks that are not zeros; tar looks for holes only in files that have some. */
async function writeSparsely(path: string, content: Buffer): Promise<void> {
  await using file = await open(path, 'w');
  await file.truncate(content.length);
  for (let at = 0; at < content.length; at += 4096) {
    const block = content.subarray(at, at + 4096);
    if (block.some((byte) => byte !== 0)) await file.write(block, 0, block.length, at);
  }
}

/** Leaves out the times of directories that `ours` says no tar has. */
function withoutImpliedTimes(snapshot: Snapshot, ours: Snapshot): Snapshot {
  return new Map(
    [...snapshot].map(([path, node]) => {
      const implied = ours.get(path)?.type === 'directory' && ours.get(path)?.mtime === '0';
      return [path, implied ? { ...node, mtime: '' } : node];
    }),
  );
}

/** Leaves out all times of directories: umoci changes some when it takes things out of them. */
function withoutTimes(snapshot: Snapshot): Snapshot {
  return new Map(
    [...snapshot].map(([path, node]) => [
      path,
      node.type === 'directory' ? { ...node, mtime: '' } : node,
    ]),
  );
}
