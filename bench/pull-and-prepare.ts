import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLogger } from '../main/engine/index.ts';
import { ImageLibrary } from '../main/engine/image/image-library.ts';
import { makeLargeImage } from '../main/engine/testing/large-image.ts';
import { startRegistry } from '../main/engine/testing/registry.ts';
import { compare, type Figure } from './statistics.ts';

/** From a reference to a root that a sandbox can boot from, against the usual tools. */
export async function benchPull(rounds: number): Promise<Figure> {
  const image = await makeLargeImage();
  await using registry = await startRegistry();
  await registry.push(image.dir, image.refName, 'bench/large:1');
  const reference = `${registry.host}/bench/large:1`;
  const size = `${inMB(image.compressedBytes)} MB, unpacked ${inMB(image.unpackedBytes)} MB`;
  process.stderr.write(`  image of ${size}\n`);

  return await compare(
    { name: 'pull-and-prepare', unit: 's', against: 'skopeo copy, then umoci unpack' },
    rounds,
    () =>
      timedInEmptyDirectory(async (dir) => {
        const library = await ImageLibrary.open({ dir, logger: silentLogger });
        await library.pull(reference, {});
        await library.close();
      }),
    () =>
      timedInEmptyDirectory((dir) => {
        const layout = `${path.join(dir, 'layout')}:1`;
        execFileSync('skopeo', [
          ...['copy', '--quiet', '--src-tls-verify=false'],
          ...[`docker://${reference}`, `oci:${layout}`],
        ]);
        execFileSync('umoci', ['unpack', '--image', layout, path.join(dir, 'bundle')]);
        return Promise.resolve();
      }),
  );
}

/** Seconds that the work takes, without making and removing its directory. */
async function timedInEmptyDirectory(work: (dir: string) => Promise<void>): Promise<number> {
  const dir = await mkdtemp(path.join(tmpdir(), 'skerry-bench-pull-'));
  try {
    const startedAtMs = performance.now();
    await work(dir);
    return (performance.now() - startedAtMs) / 1000;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function inMB(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
