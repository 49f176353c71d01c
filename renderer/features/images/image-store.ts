import { createStore } from 'zustand/vanilla';
import type { EngineEvent } from '../../../main/contract/event.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { StoreUsage } from '../../../main/contract/image-upkeep.ts';
import type { Image } from '../../../main/contract/image.ts';
import { emptyBuildDraft, type BuildDraft } from './build-draft.ts';

/** A dialog that somebody asked for, from a page, a menu or the palette. */
export type ImageQuestion =
  | { readonly kind: 'build' | 'prune' }
  /** With a file: one that could not be imported as it was asked for. */
  | { readonly kind: 'import'; readonly path?: string }
  | { readonly kind: 'tag' | 'push' | 'export' | 'remove'; readonly reference: string }
  | { readonly kind: 'commit'; readonly sandbox: string };

/** An image, and its name in the registry where that is another one. */
export interface PushRequest {
  readonly reference: string;
  readonly as?: string;
}

/** What was done a moment ago, in words, and how it is undone. */
export interface ImageNotice {
  readonly text: string;
  /** A name that was taken away can be given again to the same image. */
  readonly undo?: { readonly reference: string; readonly as: string };
}

/** The image store as the window knows it. */
export interface ImageState {
  /** By reference, in the order of the alphabet. */
  readonly images: readonly Image[];
  /** Where the bytes are; undefined until it was asked for. */
  readonly usage: StoreUsage | undefined;
  readonly usageError: ErrorData | undefined;
  /** What is typed in the pull form; kept while other pages are open. */
  readonly draft: string;
  /** Why the last pull did not begin. */
  readonly pullError: ErrorData | undefined;
  /** What is typed above the table. */
  readonly filter: string;
  /** Why something that was asked of an image without a dialog failed. */
  readonly actionError: ErrorData | undefined;
  readonly notice: ImageNotice | undefined;
  readonly asked: ImageQuestion | undefined;
  /** The form of a build as it was sent last; one builds the same thing again. */
  readonly buildDraft: BuildDraft;
  /** What was asked of the pushes of this window, by their operations, for another try. */
  readonly pushes: Readonly<Record<string, PushRequest>>;
}

/** Makes an empty store. */
export function createImageStore() {
  return createStore<ImageState>(() => ({
    images: [],
    usage: undefined,
    usageError: undefined,
    draft: '',
    pullError: undefined,
    filter: '',
    actionError: undefined,
    notice: undefined,
    asked: undefined,
    buildDraft: emptyBuildDraft,
    pushes: {},
  }));
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

/** Opens a dialog, whichever page is shown. */
export function askImage(question: ImageQuestion): void {
  imageStore.setState({ asked: question });
}
