/** The disk is full at each step of a pull. Needs a mount namespace of its own, as root or a user's. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path, { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FullDiskResult } from '../testing/full-disk-trial.ts';
import { startRegistry, type TestRegistry } from '../testing/registry.ts';
import { runTool } from '../testing/run-tool.ts';
import { makeTar } from '../testing/tar.ts';
import { makeTemporaryDirectory, useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { writeOciLayout, type WrittenImage } from '../testing/write-oci-layout.ts';

const program = path.resolve(import.meta.dirname, '../testing/full-disk-trial.ts');
const namespace = process.getuid?.() === 0 ? ['--mount'] : ['--map-root-user', '--mount'];

describe('a pull onto a full disk', () => {
  const directory = useTemporaryDirectory();
  let registry: TestRegistry;
  let image: WrittenImage;
  let unavailable: string | undefined;
  const references: string[] = [];

  beforeAll(async () => {
    unavailable = await runTool('unshare', [...namespace, 'true']).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    registry = await startRegistry();
    await using layout = await makeTemporaryDirectory();
    const before = await writeOciLayout(layout.path, [makeTar([{ name: 'before' }])], {
      refName: 'before',
    });
    const many = Array.from({ length: 5000 }, (_, index) => ({
      name: `file-${String(index)}`,
      content: 'x',
    }));
    image = await writeOciLayout(
      layout.path,
      [makeTar([{ name: 'large', content: randomBytes(3_000_000) }]), makeTar(many)],
      { refName: 'image' },
    );
    references.push(await registry.push(layout.path, before.refName, 'team/before:1'));
    references.push(await registry.push(layout.path, image.refName, 'team/image:1'));
  });
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
  });

  it.for(['resolved', 'download', 'unpack', 'root start', 'root done'])(
    'at the step "%s" fails in words, and goes on when there is room',
    async (step, { skip }) => {
      if (unavailable !== undefined) skip(`No mount namespace can be made: ${unavailable}`);
      const mountPoint = join(directory.path, 'small');
      await mkdir(mountPoint);
      const output = await runTool('unshare', [
        ...namespace,
        process.execPath,
        program,
        mountPoint,
        ...references,
        step,
      ]);
      const result = JSON.parse(output) as FullDiskResult;
      expect(result).toMatchObject({
        code: 'store/no-space',
        keepsOther: true,
        unfinished: [],
        findings: [[], []],
        pulledDigest: image.manifest.digest,
        pruned: [...references].sort(),
        listed: [],
      });
    },
  );
});
