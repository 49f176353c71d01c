/** What clients may ask of images. */
import { AppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';
import type { ImageLibrary } from '../image/image-library.ts';
import type { ImageUpkeep } from '../image/image-upkeep.ts';
import type { OperationTracker } from './operation-tracker.ts';
import { pullImage } from './pull-image.ts';

/** What the calls work on. */
export interface ImageTools {
  readonly library: ImageLibrary;
  readonly upkeep: ImageUpkeep;
  readonly operations: OperationTracker;
}

const notYet = (): Promise<never> =>
  Promise.reject(new AppError('internal/unexpected', 'This call is not bound yet.'));

/** Binds the calls to the parts of an engine. */
export function imageCalls({ library, upkeep, operations }: ImageTools): Engine['images'] {
  return {
    list: () => library.list(),
    inspect: (reference) => upkeep.inspect(reference),
    pull: async (reference, credential) => pullImage(reference, library, operations, credential),
    push: notYet,
    search: notYet,
    tag: (reference, as) => upkeep.tag(reference, as),
    remove: (reference, options) => upkeep.remove(reference, options),
    prune: (options) => upkeep.prune(options),
    usage: () => upkeep.usage(),
    setLimit: (limitBytes) => upkeep.setLimit(limitBytes),
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
