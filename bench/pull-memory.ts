import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeHugeLayerImage } from '../main/engine/testing/huge-layer-image.ts';
import { makeLargeImage } from '../main/engine/testing/large-image.ts';
import { startRegistry } from '../main/engine/testing/registry.ts';
import { makeTemporaryDirectory } from '../main/engine/testing/temporary-directory.ts';
import { compare, figure, median, type Figure } from './statistics.ts';

const program = path.join(import.meta.dirname, 'pull-once.ts');
/** What a pull may take, whatever the image. */
const boundMiB = 250;

/** The peak of a process that does nothing but a pull; and that of one with a layer many times as large. */
export async function benchPullMemory(rounds: number): Promise<Figure[]> {
  await using registry = await startRegistry();
  const references: string[] = [];
  for (const image of [await makeLargeImage(), await makeHugeLayerImage()]) {
    references.push(await registry.push(image.dir, image.refName, `bench/${image.refName}:1`));
  }
  const [large = '', huge = ''] = references;
  const peaks: number[] = [];
  const growth = await compare(
    {
      name: 'pull-memory-of-a-large-layer',
      unit: 'MiB',
      against: 'an image with layers of 200 MiB at most',
    },
    rounds,
    () => peakMiB(huge),
    async () => {
      const peak = await peakMiB(large);
      peaks.push(peak);
      return peak;
    },
  );
  const about = { name: 'pull-memory', unit: 'MiB', against: 'what it may take' } as const;
  return [figure(about, median(peaks), boundMiB), growth];
}

async function peakMiB(reference: string): Promise<number> {
  await using directory = await makeTemporaryDirectory();
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [program, directory.path, reference]);
  return Number(stdout) / 1024;
}
