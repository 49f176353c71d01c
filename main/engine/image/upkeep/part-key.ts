/** The parts that a store is made of, each known by its kind and a digest. */

/**
 * `blob`: a manifest, configuration or layer as it came. `layer`: an unpacked layer, by the digest
 * of its tar. `root`: the metadata of an image and its record, by the digest of the manifest.
 * `partial`: what a fetch that was cut off has of a blob.
 */
export type PartKind = 'blob' | 'layer' | 'root' | 'partial';

/** A part's name among all. */
export type PartKey = `${PartKind}:${string}`;

/** Names a part. */
export function partKey(kind: PartKind, digest: string): PartKey {
  return `${kind}:${digest}`;
}

/** Everything that may go by a digest. */
export function keysOfDigest(digest: string): PartKey[] {
  return (['blob', 'layer', 'root', 'partial'] as const).map((kind) => partKey(kind, digest));
}
