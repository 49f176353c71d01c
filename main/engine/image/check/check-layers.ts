import { open, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isAppError } from '../../base/app-error.ts';
import { systemErrorCode } from '../../base/disk-error.ts';
import type { LayerCompression } from '../../oci/image-source.ts';
import type { UnpackableLayer } from '../layer-store.ts';
import type { Check } from './check-request.ts';
import { isStillThere, partsOf, pullCommand, type KnownImage } from './known-image.ts';

/** What the step found out for those that follow. */
export interface CheckedLayers {
  readonly count: number;
  /** Those that had no blob to compare them with, but whose index and length are right. */
  readonly uncompared: number;
  /** By the digest of their tar. */
  readonly sound: ReadonlySet<string>;
}

interface LayerUse {
  readonly digests: Set<string>;
  readonly image: KnownImage;
}

/**
 * Holds every unpacked layer against its blob. A damaged one is unpacked anew where its blob is
 * right; where it is not, what there is of it stays.
 */
export async function checkLayers(
  check: Check,
  images: readonly KnownImage[],
  rightBlobs: ReadonlySet<string>,
): Promise<CheckedLayers> {
  const uses = usesOf(images);
  const { layers, content } = check.stores;
  const diffIds = [...new Set([...(await layers.diffIds()), ...uses.keys()])];
  const blobs = new Map<string, { layer: UnpackableLayer; bytes: number }>();
  for (const diffId of diffIds) {
    const digest = [...(uses.get(diffId)?.digests ?? [])].find((name) => rightBlobs.has(name));
    const blob = digest === undefined ? undefined : await lookAt(content.blobPath(digest));
    if (blob === undefined || digest === undefined) continue;
    const { compression, bytes } = blob;
    blobs.set(diffId, { layer: { digest, diffId, compression }, bytes });
  }
  const bytesTotal = [...blobs.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  let bytesBefore = 0;
  let uncompared = 0;
  const sound = new Set<string>();
  for (const diffId of diffIds) {
    check.signal.throwIfAborted();
    const use = uses.get(diffId);
    const blob = blobs.get(diffId);
    const onProgress = (blobBytes: number): void => {
      const bytesDone = bytesBefore + blobBytes;
      check.onProgress?.({ type: 'bytes', stage: 'layers', bytesDone, bytesTotal });
    };
    const problem = await problemOf(check, diffId, blob?.layer, onProgress);
    bytesBefore += blob?.bytes ?? 0;
    if (problem === undefined) {
      sound.add(diffId);
      if (blob === undefined) uncompared += 1;
    } else if (await report(check, diffId, problem, use?.image, blob?.layer)) sound.add(diffId);
  }
  return { count: diffIds.length, uncompared, sound };
}

function usesOf(images: readonly KnownImage[]): Map<string, LayerUse> {
  const uses = new Map<string, LayerUse>();
  for (const image of images) {
    for (const { digest, diffId } of partsOf(image)?.layers ?? []) {
      const use = uses.get(diffId) ?? { digests: new Set(), image };
      use.digests.add(digest);
      uses.set(diffId, use);
    }
  }
  return uses;
}

async function problemOf(
  { stores: { layers, content }, signal }: Check,
  diffId: string,
  layer: UnpackableLayer | undefined,
  onProgress: (blobBytes: number) => void,
): Promise<string | undefined> {
  const indexed = await stat(layers.indexPath(diffId)).catch(() => undefined);
  if (indexed === undefined) return 'It is missing.';
  if (!(await layers.has(diffId))) return 'Its data is not as long as its index says.';
  if (!(await layers.isIndexSound(diffId))) return 'Its index is damaged.';
  if (layer === undefined) return undefined;
  try {
    return await layers.compare(layer, content.blobPath(layer.digest), { signal, onProgress });
  } catch (error) {
    if (isAppError(error)) {
      if (error.code === 'operation/cancelled') throw error;
      return `Its blob cannot be unpacked: ${error.message}`;
    }
    if (await layers.has(diffId)) throw error;
    return 'It is missing.';
  }
}

/** Returns whether the layer is right now. */
async function report(
  check: Check,
  diffId: string,
  problem: string,
  image: KnownImage | undefined,
  layer: UnpackableLayer | undefined,
): Promise<boolean> {
  const { layers, content } = check.stores;
  const finding = { kind: 'layer', subject: diffId, problem } as const;
  if (image === undefined) {
    await reportUnused(check, diffId, problem);
    return false;
  }
  if (!(await isStillThere(check, image))) return false;
  if (layer === undefined) {
    const remedy = `Its blob is not there to make it from; ${pullCommand(image, 'name')}.`;
    check.findings.push({ ...finding, remedy, isMended: false });
    return false;
  }
  if (!check.mend) {
    const remedy = 'Run `skerry images check --mend`, which unpacks it again from its blob.';
    check.findings.push({ ...finding, remedy, isMended: false });
    return false;
  }
  const { signal } = check;
  try {
    await layers.replace(layer, content.blobPath(layer.digest), { signal });
  } catch (error) {
    if (!isAppError(error) || error.code === 'operation/cancelled') throw error;
    const remedy = `It could not be unpacked again: ${error.message} ${error.hint}`;
    check.findings.push({ ...finding, remedy, isMended: false });
    return false;
  }
  const remedy = 'It was unpacked again from its blob.';
  check.findings.push({ ...finding, remedy, isMended: true });
  return true;
}

/** No image has it, but a later pull would take it for what it should be. */
async function reportUnused(check: Check, diffId: string, problem: string): Promise<void> {
  const { dir, layers } = check.stores;
  const layerDir = dirname(layers.dataPath(diffId));
  // A prune has taken it meanwhile.
  if ((await stat(layerDir).catch(() => undefined)) === undefined) return;
  const finding = {
    kind: 'layer',
    subject: diffId,
    problem: `${problem} No image has it.`,
  } as const;
  if (!check.mend || check.isBusy()) {
    const remedy = check.mend
      ? 'It stays for now: a pull that is under way may be about to replace it.'
      : 'Run `skerry images check --mend`, which removes it.';
    check.findings.push({ ...finding, remedy, isMended: false });
    return;
  }
  const aside = join(dir, 'unfinished', randomUUID());
  try {
    await rename(layerDir, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
  check.findings.push({ ...finding, remedy: 'It was removed.', isMended: true });
}

/** The compression by its magic: RFC 1952 section 2.3.1, RFC 8878 section 3.1.1. */
async function lookAt(
  path: string,
): Promise<{ compression: LayerCompression; bytes: number } | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const { size } = await file.stat();
    const isGzip = buffer.readUInt16BE(0) === 0x1f8b;
    const isZstd = buffer.readUInt32LE(0) === 0xfd2f_b528;
    return { compression: isGzip ? 'gzip' : isZstd ? 'zstd' : 'none', bytes: size };
  } finally {
    await file.close();
  }
}
