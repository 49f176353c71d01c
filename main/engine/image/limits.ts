/** Bounds of what a layer and an image may be. Each is beyond any honest image known. */
export const limits = {
  /** Bytes of a layer's tar. */
  tarBytes: 64 * 2 ** 30,
  /** Bytes of a layer's data file, holes inside of chunks included. */
  dataBytes: 64 * 2 ** 30,
  /** Bytes of one file, holes included. */
  fileBytes: 2 ** 44,
  /** Entries of one layer. */
  layerEntries: 4_000_000,
  /** Bytes of one layer's index. */
  indexBytes: 512 * 2 ** 20,
  /** Bytes of the metadata of a whole image. */
  metadataBytes: 2 * 2 ** 30,
  /** Bytes of a path, as Linux has it. */
  pathBytes: 4096,
  /** Bytes of a name within a directory. */
  nameBytes: 255,
  /** Directories within each other. */
  depth: 1024,
  /** Bytes of all attributes of one entry, names and values. */
  xattrBytes: 64 * 2 ** 10,
  /** Bytes of an extended header or a long name. */
  extendedHeaderBytes: 2 ** 20,
  /** Regions of a sparse file. */
  sparseRegions: 1_000_000,
  /** Symbolic links on the way to one entry, as Linux has it. */
  symlinksFollowed: 40,
} as const;
