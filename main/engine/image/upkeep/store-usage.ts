/** Where the bytes of a store are. Pure. */
import { familiarReference } from '../../../contract/image-reference.ts';
import type { StoreUsage } from '../../../contract/image-upkeep.ts';
import { partKey, type PartKey } from './part-key.ts';
import {
  bytesOfParts,
  planCollection,
  type KnownImage,
  type StoreState,
} from './plan-collection.ts';

/** Counts every part once: as some image's own, as shared by several, or as nobody's. */
export function usageOf(state: StoreState, limitBytes: number | undefined): StoreUsage {
  // What only an unfinished pull or nobody needs is no image to speak of.
  const images = state.images.filter(
    ({ references, usedBy }) => references.length > 0 || usedBy.length > 0,
  );
  const owners = new Map<PartKey, KnownImage[]>();
  for (const image of images) {
    for (const key of image.parts) owners.set(key, [...(owners.get(key) ?? []), image]);
  }
  const bytes = new Map(state.stored.map((part) => [part.key, part.bytes]));
  const sum = (keys: readonly PartKey[]): number =>
    keys.reduce((total, key) => total + (bytes.get(key) ?? 0), 0);
  const isShared = (key: PartKey): boolean => (owners.get(key)?.length ?? 0) > 1;
  const freedBy = (what: 'leftovers' | 'unused'): number =>
    bytesOfParts(planCollection(state, { what }).parts);
  const ofNobody = state.stored.filter(({ key }) => !owners.has(key));
  return {
    totalBytes: bytesOfParts(state.stored) + state.otherBytes,
    ...(limitBytes === undefined ? {} : { limitBytes }),
    reclaimableBytes: freedBy('leftovers'),
    reclaimableWithImagesBytes: freedBy('unused'),
    images: images
      .map(({ digest, references, usedBy, parts }) => ({
        digest,
        references: references.map(familiarReference).sort(),
        usedBy: [...usedBy],
        uniqueBytes: sum([...parts].filter((key) => !isShared(key))),
        sharedBytes: sum([...parts].filter(isShared)),
      }))
      .sort((a, b) => b.uniqueBytes + b.sharedBytes - a.uniqueBytes - a.sharedBytes),
    layers: layersOf(state, owners),
    otherBytes: bytesOfParts(ofNobody) + state.otherBytes,
  };
}

/** Each with the blobs that it was unpacked of, the largest first. */
function layersOf(
  { stored }: StoreState,
  owners: ReadonlyMap<PartKey, readonly KnownImage[]>,
): StoreUsage['layers'] {
  const bytesOf = new Map(stored.map((part) => [part.key, part.bytes]));
  return stored
    .filter(({ kind }) => kind === 'layer')
    .map(({ digest: diffId, bytes }) => {
      const images = owners.get(partKey('layer', diffId)) ?? [];
      const came = images.flatMap(({ layers }) =>
        layers.filter((layer) => layer.diffId === diffId).map((layer) => layer.digest),
      );
      const blobBytes = [...new Set(came)].map((blob) => bytesOf.get(partKey('blob', blob)) ?? 0);
      return {
        diffId,
        bytes: blobBytes.reduce((sum, each) => sum + each, bytes),
        images: images.map(({ digest }) => digest),
      };
    })
    .sort((a, b) => b.bytes - a.bytes);
}
