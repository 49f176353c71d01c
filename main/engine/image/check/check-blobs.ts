import { stat } from 'node:fs/promises';
import { isBlobRight, removeBlobIfWrong } from '../../oci/blob-soundness.ts';
import type { Check } from './check-request.ts';
import { blobsOf, isStillThere, pullCommand, type KnownImage } from './known-image.ts';

/** What the step found out for those that follow. */
export interface CheckedBlobs {
  readonly count: number;
  readonly right: ReadonlySet<string>;
}

/**
 * Hashes every blob, and looks for those that images need. A wrong one is no use to anybody: it
 * goes, so that the next pull fetches it.
 */
export async function checkBlobs(
  check: Check,
  images: readonly KnownImage[],
): Promise<CheckedBlobs> {
  const { content } = check.stores;
  const digests = await content.digests();
  const sizes = await Promise.all(digests.map((digest) => sizeOf(content.blobPath(digest))));
  const bytesTotal = sizes.reduce((sum, size) => sum + size, 0);
  const right = new Set<string>();
  let bytesBefore = 0;
  for (const [index, digest] of digests.entries()) {
    const isRight = await isBlobRight(content, digest, {
      signal: check.signal,
      onOffset: (offset) => {
        const bytesDone = bytesBefore + offset;
        check.onProgress?.({ type: 'bytes', stage: 'blobs', bytesDone, bytesTotal });
      },
    });
    bytesBefore += sizes[index] ?? 0;
    if (isRight === true) right.add(digest);
    else if (isRight === false) await reportWrong(check, digest, images, right);
  }
  const seen = new Set(digests);
  for (const image of images) {
    for (const digest of blobsOf(image)) {
      if (seen.has(digest)) continue;
      seen.add(digest);
      await reportMissing(check, digest, image, right);
    }
  }
  return { count: digests.length, right };
}

async function reportWrong(
  check: Check,
  digest: string,
  images: readonly KnownImage[],
  right: Set<string>,
): Promise<void> {
  const { content } = check.stores;
  const owner = images.find((image) => blobsOf(image).includes(digest));
  const problem = 'Its bytes are not those of its digest.';
  const finding = { kind: 'blob', subject: digest, problem } as const;
  const fetched = owner && `${pullCommand(owner, 'name')}, which fetches it`;
  if (!check.mend) {
    const remedy = `Run \`skerry images check --mend\`, which removes it${fetched ? `; then ${fetched}` : ''}.`;
    check.findings.push({ ...finding, remedy, isMended: false });
    return;
  }
  // A pull has replaced it meanwhile, or an image was removed.
  if (!(await removeBlobIfWrong(content, digest))) return;
  if (await content.restoreFromPartial(digest)) {
    right.add(digest);
    const remedy = 'It was restored from what an interrupted pull left.';
    check.findings.push({ ...finding, remedy, isMended: true });
    return;
  }
  const remedy = fetched ? `It was removed; ${fetched} again.` : 'It was removed; no image has it.';
  check.findings.push({ ...finding, remedy, isMended: fetched === undefined });
}

async function reportMissing(
  check: Check,
  digest: string,
  image: KnownImage,
  right: Set<string>,
): Promise<void> {
  const { content } = check.stores;
  const problem = `It is missing, and ${image.names[0] ?? image.digest} has it.`;
  const finding = { kind: 'blob', subject: digest, problem } as const;
  if (check.mend && (await content.restoreFromPartial(digest))) {
    right.add(digest);
    const remedy = 'It was restored from what an interrupted pull left.';
    check.findings.push({ ...finding, remedy, isMended: true });
    return;
  }
  if ((await content.has(digest)) || !(await isStillThere(check, image))) return;
  const command = pullCommand(image, 'name');
  const remedy = `To fetch it, ${command}.`;
  check.findings.push({ ...finding, remedy, isMended: false });
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
