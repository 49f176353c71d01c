import type { ImageConfig } from '../oci/image-source.ts';

/** A file of the store that lies on the root disk, in order; each a multiple of 4096 bytes. */
export interface RootExtent {
  readonly path: string;
  readonly sizeBytes: number;
}

/** An image that a sandbox can boot from. */
export interface PreparedImage {
  /** Full reference: `docker.io/library/alpine:latest`. */
  readonly reference: string;
  readonly digest: string;
  readonly config: ImageConfig;
  /** The metadata EROFS first, then the data of its layers. */
  readonly extents: readonly RootExtent[];
}

/** What a pull is at; the engine makes the stages of an operation from it. */
export type PullProgress =
  | { readonly type: 'resolved'; readonly layers: readonly { digest: string; sizeBytes: number }[] }
  | {
      readonly type: 'layer';
      readonly digest: string;
      readonly phase: 'download' | 'unpack' | 'done' | 'present';
      readonly bytesDone: number;
      readonly bytesTotal: number;
    }
  | { readonly type: 'root'; readonly phase: 'start' | 'done' };
