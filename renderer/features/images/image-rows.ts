/** The images of the table with what is known of their bytes and users. Pure. */
import type { StoreUsage } from '../../../main/contract/image-upkeep.ts';
import type { Image } from '../../../main/contract/image.ts';

/** One line of the table. */
export interface ImageRow {
  readonly image: Image;
  /** Undefined until the usage of the store is known. */
  readonly bytes: { readonly unique: number; readonly shared: number } | undefined;
  readonly usedBy: readonly string[];
}

/** A line for each image, in their order. */
export function imageRows(
  images: readonly Image[],
  usage: Pick<StoreUsage, 'images'> | undefined,
): readonly ImageRow[] {
  const byDigest = new Map(usage?.images.map((one) => [one.digest, one]));
  return images.map((image) => {
    const known = byDigest.get(image.digest);
    return {
      image,
      bytes: known && { unique: known.uniqueBytes, shared: known.sharedBytes },
      usedBy: known?.usedBy ?? [],
    };
  });
}

/** The lines that have every typed word in them: in the reference, digest, platform or a user's name. */
export function filterImageRows(rows: readonly ImageRow[], typed: string): readonly ImageRow[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ image, usedBy }) => {
    const text = [image.reference, image.digest, image.platform, ...usedBy]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
