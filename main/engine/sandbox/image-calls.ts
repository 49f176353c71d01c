/** What clients may ask of images. */
import { AppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';
import type { ImageLibrary } from '../image/image-library.ts';
import type { OperationTracker } from './operation-tracker.ts';
import { pullImage } from './pull-image.ts';

/** What the calls work on. */
export interface ImageTools {
  readonly library: ImageLibrary;
  readonly operations: OperationTracker;
}

const notYet = (): Promise<never> =>
  Promise.reject(new AppError('internal/unexpected', 'This call is not bound yet.'));

/** Binds the calls to the parts of an engine. */
export function imageCalls({ library, operations }: ImageTools): Engine['images'] {
  return {
    list: () => library.list(),
    inspect: notYet,
    pull: async (reference, credential) =>
      Promise.resolve(pullImage(reference, library, operations, credential)),
    push: notYet,
    search: notYet,
    tag: notYet,
    remove: notYet,
    prune: notYet,
    usage: notYet,
    setLimit: notYet,
    check: notYet,
    import: notYet,
    programs: notYet,
    localImages: notYet,
    importFrom: notYet,
    export: notYet,
    commit: notYet,
    build: notYet,
  };
}
