/** What clients may ask of images. */
import { AppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';
import type { ImageLibrary } from '../image/image-library.ts';
import { RememberedTags } from '../image/remembered-tags.ts';
import { suggestImages } from '../image/suggest-images.ts';
import type { OperationTracker } from './operation-tracker.ts';
import { pullImage } from './pull-image.ts';
import { pushImage } from './push-image.ts';

/** What the calls work on. */
export interface ImageTools {
  readonly library: ImageLibrary;
  readonly operations: OperationTracker;
  /** Images that sandboxes have, the latest first. */
  readonly recentImages: () => string[];
}

const notYet = (): Promise<never> =>
  Promise.reject(new AppError('internal/unexpected', 'This call is not bound yet.'));

/** What is wrong with a reference rejects, as every failure of a call does. */
function atOnce<T>(begin: () => T): Promise<T> {
  return Promise.resolve().then(begin);
}

/** Binds the calls to the parts of an engine. */
export function imageCalls({ library, operations, recentImages }: ImageTools): Engine['images'] {
  const tags = new RememberedTags((repository, signal) => library.tags(repository, signal));
  return {
    list: () => library.list(),
    inspect: notYet,
    pull: (reference) => atOnce(() => pullImage(reference, library, operations)),
    push: (request) => atOnce(() => pushImage(request, library, operations)),
    search: (text, signal) =>
      suggestImages(
        text,
        {
          stored: async () => (await library.list()).map(({ reference }) => reference),
          recent: recentImages,
          tags: (repository) => tags.of(repository),
        },
        signal,
      ),
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
