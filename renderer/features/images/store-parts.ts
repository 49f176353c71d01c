/** The store as the parts of a treemap and the lines of its table. Pure. */
import type { StoreUsage } from '../../../main/contract/image-upkeep.ts';
import type { TreemapPart } from '../../ui/treemap.tsx';
import { formatBytes, shortDigest } from '../../ui/format.ts';
import { translate } from '../../words/language.ts';

/** One part of the store. */
export interface StorePart extends TreemapPart {
  /** Images that have it, by one name each. */
  readonly references: readonly string[];
  /** Sandboxes that need it. */
  readonly usedBy: readonly string[];
}

/** Tiles that can be told apart; the smaller rest is one. */
const maxTiles = 60;

/** Every byte of the store once, the largest part first. */
export function partsOfStore(usage: StoreUsage): readonly StorePart[] {
  const nameOf = (image: StoreUsage['images'][number]) =>
    image.references[0] ?? shortDigest(image.digest);
  const images = new Map(usage.images.map((image) => [image.digest, image]));
  const own = usage.images.map((image): StorePart => {
    const isUsed = image.usedBy.length > 0;
    return {
      key: image.digest,
      label: shortName(nameOf(image)),
      fullLabel:
        image.references.join('\n') ||
        translate('images:disk.parts.noName', { digest: image.digest }),
      remark: translate(isUsed ? 'images:disk.parts.own' : 'images:disk.parts.ownIdle', {
        size: formatBytes(image.uniqueBytes),
      }),
      amount: image.uniqueBytes,
      look: isUsed ? 'own' : 'idle',
      references: image.references,
      usedBy: image.usedBy,
    };
  });
  const layers = usage.layers
    .filter((layer) => layer.images.length !== 1)
    .map((layer): StorePart => {
      const owners = layer.images.flatMap((digest) => images.get(digest) ?? []);
      const names = owners.map(nameOf);
      const isShared = layer.images.length > 0;
      const size = formatBytes(layer.bytes);
      return {
        key: layer.diffId,
        label: isShared ? names.map(shortName).join(', ') : translate('images:disk.parts.noImage'),
        fullLabel: isShared ? names.join('\n') : layer.diffId,
        remark: isShared
          ? translate('images:disk.parts.sharedBy', { size, amount: layer.images.length })
          : translate('images:disk.parts.unused', { size }),
        amount: layer.bytes,
        look: isShared ? 'shared' : 'waste',
        // One by its digest alone has no page.
        references: owners.flatMap((owner) => owner.references[0] ?? []),
        usedBy: [...new Set(owners.flatMap(({ usedBy }) => usedBy))],
      };
    });
  // Layers of no image are within what belongs to no image, and so is what stays: a store's records.
  const unowned = layers.filter(({ look }) => look === 'waste');
  const unownedBytes = unowned.reduce((sum, { amount }) => sum + amount, 0);
  const otherBytes = Math.max(0, usage.otherBytes - unownedBytes);
  const leftBytes = Math.min(otherBytes, Math.max(0, usage.reclaimableBytes - unownedBytes));
  const other = (key: string, label: string, amount: number, look: 'own' | 'waste'): StorePart => ({
    ...{ key, label, amount, look },
    remark: formatBytes(amount),
    ...{ references: [], usedBy: [] },
  });
  return [
    ...own,
    ...layers,
    other('left', translate('images:disk.parts.leftovers'), leftBytes, 'waste'),
    other('kept', translate('images:disk.parts.records'), otherBytes - leftBytes, 'own'),
  ]
    .filter(({ amount }) => amount > 0)
    .toSorted((one, another) => another.amount - one.amount);
}

/** The end of a reference, which tells images of one registry apart: `app:1.2`. */
function shortName(reference: string): string {
  return reference.split('/').at(-1) ?? reference;
}

/** The parts as tiles: beyond some, the smallest are one. */
export function tilesOfParts(parts: readonly StorePart[]): readonly TreemapPart[] {
  if (parts.length <= maxTiles) return parts;
  const rest = parts.slice(maxTiles - 1);
  const amount = rest.reduce((sum, part) => sum + part.amount, 0);
  return [
    ...parts.slice(0, maxTiles - 1),
    {
      key: 'rest',
      label: translate('images:disk.parts.smaller', { amount: rest.length }),
      remark: formatBytes(amount),
      amount,
      look: 'idle',
    },
  ];
}

/** A limit as it is typed, in GiB: bytes, nothing where it is empty, or why it is none. */
export function parseLimitGiB(
  typed: string,
): { readonly bytes: number | undefined } | { readonly problem: string } {
  const text = typed.trim().replace(',', '.');
  if (text === '') return { bytes: undefined };
  const amount = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || amount <= 0 || amount > 1_000_000) {
    return { problem: translate('images:problem.limit') };
  }
  return { bytes: Math.max(1, Math.round(amount * 1024 ** 3)) };
}
