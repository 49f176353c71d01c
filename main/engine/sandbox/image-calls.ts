/** What clients may ask of images. */
import { AppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';
import type { SandboxRoot } from '../image/check/check-request.ts';
import type { ImageLibrary } from '../image/image-library.ts';
import { checkImages } from './check-images.ts';
import type { OperationTracker } from './operation-tracker.ts';
import { pullImage } from './pull-image.ts';

/** What the calls work on. */
export interface ImageTools {
  readonly library: ImageLibrary;
  readonly operations: OperationTracker;
  /** The sandboxes whose root is an image. */
  readonly sandboxRoots: () => readonly SandboxRoot[];
}

const notYet = (): Promise<never> =>
  Promise.reject(new AppError('internal/unexpected', 'This call is not bound yet.'));

/** Binds the calls to the parts of an engine. */
export function imageCalls(tools: ImageTools): Engine['images'] {
  const { library, operations } = tools;
  return {
    list: () => library.list(),
    inspect: notYet,
    pull: async (reference) => pullImage(reference, library, operations),
    push: notYet,
    search: notYet,
    tag: notYet,
    remove: notYet,
    prune: notYet,
    usage: notYet,
    setLimit: notYet,
    check: (options) => Promise.resolve(checkImages(options?.mend ?? false, tools)),
    import: notYet,
    programs: notYet,
    localImages: notYet,
    importFrom: notYet,
    export: notYet,
    commit: notYet,
    build: notYet,
  };
}
