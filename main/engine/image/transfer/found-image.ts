/** An image that was found in an archive or a directory and is not in the store yet. */
import type { ContentStore } from '../../oci/content-store.ts';
import type { Descriptor, ResolvedImage } from '../../oci/image-source.ts';
import type { StoreOptions } from './image-files.ts';

/** A blob of a found image. */
export interface FoundBlob {
  readonly descriptor: Descriptor;
  /** Makes it present in the store. */
  readonly store: (content: ContentStore, options: StoreOptions) => Promise<void>;
}

/** See the head of this file. */
export interface FoundImage {
  /** As the archive has them; they may be none, and nonsense. */
  readonly names: readonly string[];
  readonly image: ResolvedImage;
  /** Documents and layers. */
  readonly blobs: readonly FoundBlob[];
}
