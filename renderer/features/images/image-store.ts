import { createStore } from 'zustand/vanilla';
import type { EngineEvent } from '../../../main/contract/event.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Image } from '../../../main/contract/image.ts';

/** The image store as the window knows it. */
export interface ImageState {
  /** By reference, in the order of the alphabet. */
  readonly images: readonly Image[];
  /** What is typed in the pull form; kept while other pages are open. */
  readonly draft: string;
  /** Why the last pull did not begin. */
  readonly pullError: ErrorData | undefined;
}

/** Makes an empty store. */
export function createImageStore() {
  return createStore<ImageState>(() => ({ images: [], draft: '', pullError: undefined }));
}

/** A store of {@link createImageStore}. */
export type ImageStore = ReturnType<typeof createImageStore>;

/** The window's images. */
export const imageStore = createImageStore();

/** Takes an event over into the store. */
export function applyImageEvent(store: ImageStore, event: EngineEvent): void {
  if (event.type !== 'snapshot' && event.type !== 'images') return;
  const images = event.images.toSorted((one, other) =>
    one.reference.localeCompare(other.reference),
  );
  store.setState({ images });
}
