/** What of a store can go. Pure: what is there and who needs it are arguments. */
import { keysOfDigest, partKey, type PartKey } from './part-key.ts';
import type { StoredPart } from './scan-store.ts';

/** An image that the store has, or has something of. */
export interface KnownImage {
  /** Of its manifest. */
  readonly digest: string;
  /** Its names, in full. */
  readonly references: readonly string[];
  /** Names of the sandboxes whose root it is. */
  readonly usedBy: readonly string[];
  /** It never goes for want of use: it would come back by itself. */
  readonly isKept: boolean;
  /** One of its names was given here: a pull may not bring it back. */
  readonly isLocal: boolean;
  /** When it came or when its last sandbox went, whichever was later; 0 for one without a name. */
  readonly lastUsedMs: number;
  /** Everything that it is made of. */
  readonly parts: ReadonlySet<PartKey>;
  /** Its layers as they came and as they were unpacked, where both are known. */
  readonly layers: readonly { readonly digest: string; readonly diffId: string }[];
}

/** A store at a moment. */
export interface StoreState {
  readonly images: readonly KnownImage[];
  readonly stored: readonly StoredPart[];
  readonly otherBytes: number;
  /** Digests that work under way holds. */
  readonly held: ReadonlySet<string>;
}

/** What is to go. */
export type CollectionRequest =
  /** What no image with a name and no sandbox needs. */
  | { readonly what: 'leftovers' }
  /** That, and the images that no sandbox uses. */
  | { readonly what: 'unused' }
  /** These names, and the images whose last ones they are. */
  | { readonly what: 'names'; readonly references: readonly string[] }
  /** An image, if it has no name and no sandbox. */
  | { readonly what: 'image'; readonly digest: string }
  /** Where there is more than that: leftovers, then unused images until there is not. */
  | { readonly what: 'excess'; readonly limitBytes: number };

/** What goes. */
export interface Collection {
  /** In full. */
  readonly references: readonly string[];
  readonly parts: readonly StoredPart[];
}

/** Says what goes. A part goes only where no image that stays and nobody at work needs it. */
export function planCollection(state: StoreState, request: CollectionRequest): Collection {
  switch (request.what) {
    case 'leftovers':
      return collect(state, []);
    case 'unused':
      return collect(
        state,
        unusedImages(state).flatMap(({ references }) => references),
      );
    case 'names': {
      const going = new Set(request.references);
      const named = ({ references }: KnownImage): boolean =>
        references.some((reference) => going.has(reference));
      return collect(state, request.references, state.images.filter(named));
    }
    case 'image':
      return collect(
        state,
        [],
        state.images.filter(({ digest }) => digest === request.digest),
      );
    case 'excess':
      return collectExcess(state, request.limitBytes);
  }
}

/** Whether a sandbox has the image or somebody works with it. */
function isUsed({ digest, usedBy }: KnownImage, held: ReadonlySet<string>): boolean {
  return usedBy.length > 0 || held.has(digest);
}

/** Bytes of these parts. */
export function bytesOfParts(parts: readonly StoredPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Images with a name that nothing uses, the one that was not used for the longest time first. */
function unusedImages({ images, held }: StoreState): KnownImage[] {
  return images
    .filter((image) => image.references.length > 0 && !image.isKept && !isUsed(image, held))
    .sort((a, b) => a.lastUsedMs - b.lastUsedMs);
}

/** @param within where given, nothing but parts of these goes, and roots that would lack a layer */
function collect(
  { images, stored, held }: StoreState,
  references: readonly string[],
  within?: readonly KnownImage[],
): Collection {
  const going = new Set(references);
  const stays = (image: KnownImage): boolean =>
    isUsed(image, held) || image.references.some((reference) => !going.has(reference));
  const needed = new Set([...held].flatMap(keysOfDigest));
  for (const image of images) {
    if (!stays(image)) continue;
    for (const part of image.parts) needed.add(part);
  }
  const wanted = within && new Set(within.flatMap(({ parts }) => [...parts]));
  const parts = new Set(
    stored
      .filter(({ key }) => !needed.has(key) && (wanted?.has(key) ?? true))
      .map(({ key }) => key),
  );
  for (const image of wanted === undefined ? [] : images) {
    const loses = [...image.parts].some((key) => key.startsWith('layer:') && parts.has(key));
    if (loses) parts.add(partKey('root', image.digest));
  }
  return { references, parts: stored.filter(({ key }) => parts.has(key)) };
}

function collectExcess(state: StoreState, limitBytes: number): Collection {
  let restBytes = bytesOfParts(state.stored) + state.otherBytes;
  const nothing: Collection = { references: [], parts: [] };
  if (restBytes <= limitBytes) return nothing;
  const leftovers = collect(state, []);
  restBytes -= bytesOfParts(leftovers.parts);
  // How many of the images that stay need each part.
  const needs = new Map<PartKey, number>();
  for (const image of state.images) {
    if (image.references.length === 0 && !isUsed(image, state.held)) continue;
    for (const part of image.parts) needs.set(part, (needs.get(part) ?? 0) + 1);
  }
  for (const key of [...state.held].flatMap(keysOfDigest)) needs.set(key, Infinity);
  const stored = new Map(state.stored.map((part) => [part.key, part]));
  const going: string[] = [];
  for (const image of unusedImages(state).filter(({ isLocal }) => !isLocal)) {
    if (restBytes <= limitBytes) break;
    going.push(...image.references);
    for (const key of image.parts) {
      const left = (needs.get(key) ?? 0) - 1;
      needs.set(key, left);
      if (left === 0) restBytes -= stored.get(key)?.bytes ?? 0;
    }
  }
  return collect(state, going);
}
