/** Looks whether everything in a store is what it should be, and makes right what can be. */
import { cancelledError } from '../../base/app-error.ts';
import { checkBlobs } from './check-blobs.ts';
import { checkLayers } from './check-layers.ts';
import { checkNames } from './check-names.ts';
import type {
  Check,
  CheckedStores,
  CheckOptions,
  CheckResult,
  CheckStage,
} from './check-request.ts';
import { checkRoots } from './check-roots.ts';
import { readKnownImages } from './known-image.ts';
import { checkLeftovers } from './leftovers.ts';

/**
 * Reads every byte of the store: blobs are hashed, layers held against their blobs, roots composed
 * once more. Nothing that an image or a sandbox needs goes, unless its place is taken in the same
 * step. Pulls may go on meanwhile.
 * @throws AppError `operation/cancelled`, `store/no-space`
 */
export async function checkStore(
  stores: CheckedStores,
  options: CheckOptions,
): Promise<CheckResult> {
  const check: Check = { ...options, stores, findings: [] };
  try {
    const { findings } = check;
    const images = await readKnownImages(check);
    const blobs = await step(check, 'blobs', () => checkBlobs(check, images));
    const layers = await step(check, 'layers', () => checkLayers(check, images, blobs.right));
    const complete = await step(check, 'roots', () => checkRoots(check, images, layers.sound));
    await step(check, 'names', () => {
      checkNames(check, images, complete);
    });
    await step(check, 'leftovers', () => checkLeftovers(check));
    const names = stores.references.entries().length;
    const sandboxes = check.sandboxes().length;
    const counts = [
      counted(blobs.count, 'blob'),
      counted(layers.count, 'layer'),
      counted(images.length, 'image'),
      counted(names, 'reference'),
    ].join(', ');
    const notes = [
      ...(layers.uncompared === 0
        ? []
        : [`${counted(layers.uncompared, 'layer')} had no blob to be compared with.`]),
      ...(await interrupted(stores)),
    ];
    const looked = `${counts} and ${counted(sandboxes, 'sandbox', 'sandboxes')} were looked at.`;
    return { looked: [looked, ...notes].join(' '), findings };
  } catch (error) {
    throw options.signal.aborted ? cancelledError('The check') : error;
  }
}

async function step<T>(
  { signal, onProgress }: Check,
  stage: CheckStage,
  work: () => T | Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  onProgress?.({ type: 'begin', stage });
  const result = await work();
  onProgress?.({ type: 'finish', stage });
  return result;
}

async function interrupted({ content }: CheckedStores): Promise<string[]> {
  const count = await content.partialCount();
  if (count === 0) return [];
  return [
    `What came of ${counted(count, 'fetch', 'fetches')} that did not end is kept for the next pull.`,
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
