import { isDeepStrictEqual } from 'node:util';
import { isAppError } from '../../base/app-error.ts';
import type { RootRecord } from '../root-store.ts';
import type { Check } from './check-request.ts';
import { isStillThere, partsOf, pullCommand, type KnownImage } from './known-image.ts';

/**
 * Composes every root once more and compares. A wrong one is composed anew, which needs sound
 * layers alone. Resolves with the digests of the images that are complete.
 */
export async function checkRoots(
  check: Check,
  images: readonly KnownImage[],
  soundLayers: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const complete = new Set<string>();
  for (const image of images) {
    check.signal.throwIfAborted();
    if (await checkRoot(check, image, soundLayers)) complete.add(image.digest);
  }
  return complete;
}

/** Returns whether the image is complete now. */
async function checkRoot(
  check: Check,
  image: KnownImage,
  soundLayers: ReadonlySet<string>,
): Promise<boolean> {
  const { roots } = check.stores;
  const parts = partsOf(image);
  // Without its layers nothing can be said of it; they are findings of their own.
  if (parts?.layers.every(({ diffId }) => soundLayers.has(diffId)) === false) return false;
  const problem = await problemOf(check, image);
  if (problem === undefined) return true;
  if (!(await isStillThere(check, image))) return false;
  const finding = { kind: 'root', subject: image.digest, problem } as const;
  const add = (remedy: string, isMended: boolean): boolean => {
    check.findings.push({ ...finding, remedy, isMended });
    return isMended;
  };
  if (parts === undefined) {
    // Where nothing names it either, it is a leftover.
    if (image.names.length === 0) return false;
    return add(`Its manifest is not there to make it from; ${pullCommand(image, 'name')}.`, false);
  }
  if (!check.mend) {
    return add('Run `skerry images check --mend`, which composes it again from its layers.', false);
  }
  try {
    await roots.replace(parts, check.signal);
    return add('It was composed again from its layers.', true);
  } catch (error) {
    if (!isAppError(error) || error.code === 'operation/cancelled') throw error;
    return add(`It could not be composed again: ${error.message} ${error.hint}`, false);
  }
}

async function problemOf(
  { stores: { roots }, signal }: Check,
  image: KnownImage,
): Promise<string | undefined> {
  // What a pull does meanwhile counts.
  const record = await roots.read(image.digest);
  if (record === undefined) return 'Its record is missing or cannot be read.';
  if (image.resolved !== undefined && !saysTheSame(record, image.resolved)) {
    return 'Its record is not what its manifest and configuration say.';
  }
  if ((await roots.get(image.digest)) === undefined) {
    return 'Its metadata is missing, or not as long as its record says.';
  }
  try {
    return await roots.compare(record, signal);
  } catch (error) {
    if (!isAppError(error) || error.code === 'operation/cancelled') throw error;
    return error.message;
  }
}

function saysTheSame(record: RootRecord, resolved: NonNullable<KnownImage['resolved']>): boolean {
  const layers = record.layers.map(({ digest, diffId, sizeBytes }) => [digest, diffId, sizeBytes]);
  const named = resolved.layers.map(({ digest, diffId, size }) => [digest, diffId, size]);
  return isDeepStrictEqual(layers, named) && isDeepStrictEqual(record.config, resolved.config);
}
