/** What the image module needs of the OCI module: a resolved image, and blobs in the store. */

import type { GrowingBlob } from './growing-blob.ts';

/** OCI content descriptor, checked. Image specification, descriptor.md. */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly size: number;
}

/** How a layer's tar is compressed. */
export type LayerCompression = 'none' | 'gzip' | 'zstd';

/** A layer of a resolved image. */
export interface LayerDescriptor extends Descriptor {
  readonly compression: LayerCompression;
  /** Digest of the uncompressed tar, from the image's configuration. */
  readonly diffId: string;
}

/** The parts of an image's configuration that Skerry uses. Image specification, config.md. */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly createdAtMs?: number;
  readonly env: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
}

/** An image whose manifest and configuration are in the store. Its layers may not be, yet. */
export interface ResolvedImage {
  /** Full reference: `docker.io/library/alpine:latest`. */
  readonly reference: string;
  /** Digest of the manifest for this machine's platform. */
  readonly digest: string;
  /** Of the index that led to the manifest, where one did; it is in the store, too. */
  readonly indexDigest?: string;
  readonly config: ImageConfig;
  /** Bottom first. */
  readonly layers: readonly LayerDescriptor[];
}

/** Progress of one blob. */
export type BlobProgress = (bytesDone: number, bytesTotal: number) => void;

/** Where the blobs of a resolved image come from: a registry, or an OCI layout on disk. */
export interface BlobSource {
  /**
   * Makes the blob present in the content store, digest and size checked. Nothing is fetched
   * where it is there already; what an interrupted fetch left is gone on from.
   */
  fetchBlob(
    descriptor: Descriptor,
    options?: {
      readonly signal?: AbortSignal;
      readonly onProgress?: BlobProgress;
      /** Hears of the file in which the blob grows, where it does. */
      readonly onGrowing?: (blob: GrowingBlob) => void;
    },
  ): Promise<void>;
}
