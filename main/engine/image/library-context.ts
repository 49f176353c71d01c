import type { GuestPlatform } from '../oci/platform.ts';
import type { ReferenceEntry } from '../oci/reference-index.ts';
import type { RegistryClient } from '../oci/registry/registry-client.ts';
import type { OpenStore } from './open-store.ts';
import type { RootRecord } from './root-store.ts';
import type { PreparedImage } from './types.ts';

/** Where an image came from, as the index of references keeps it. */
export type ImageOrigin = Pick<ReferenceEntry, 'indexDigest' | 'isLocal'>;

/** What an image library lends to those who bring images in and out by other ways than a pull. */
export interface LibraryContext {
  readonly store: OpenStore;
  readonly registries: RegistryClient;
  /** Of the guests. */
  readonly platform: GuestPlatform;
  /**
   * Does work that closing the library cancels and waits for. What it looks at or makes in the
   * store stays there until it ends.
   * @param what in words, for who is told that it was cancelled
   */
  during<T>(
    what: string,
    callerSignal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** Names an image that is completely there; within {@link during}. The name is in full. */
  record(name: string, root: RootRecord, origin?: ImageOrigin): Promise<PreparedImage>;
}
