/** Bounds of what an archive may be. Each is beyond any honest archive known. */
export const archiveLimits = {
  /** Bytes, uncompressed. */
  bytes: 512 * 2 ** 30,
  /** Entries of any type. */
  entries: 65_536,
  /** Images of one archive. */
  images: 1024,
  /** Names of all its images together: each is written down by itself. */
  names: 512,
  /** Manifests and configurations of all images together: of each a part is held until the end. */
  documentBytes: 64 * 2 ** 20,
  /** Links on the way to one file. */
  linksFollowed: 8,
} as const;
