/** What clients may ask of images. */
import { AppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';
import type { ImageLibrary } from '../image/image-library.ts';
import { findPrograms, listLocalImages } from '../image/program/find-programs.ts';
import { buildImage } from './build-image.ts';
import { exportImage } from './export-image.ts';
import { importImage } from './import-image.ts';
import { importFromProgram } from './import-from-program.ts';
import type { OperationTracker } from './operation-tracker.ts';
import { pullImage } from './pull-image.ts';

/** What the calls work on. */
export interface ImageTools {
  readonly library: ImageLibrary;
  readonly operations: OperationTracker;
}

const notYet = (): Promise<never> =>
  Promise.reject(new AppError('internal/unexpected', 'This call is not bound yet.'));

/** Turns what is thrown at once into a rejection, so that every call fails one way. */
const soon = <T>(work: () => T | Promise<T>): Promise<T> => Promise.resolve().then(work);

/** Binds the calls to the parts of an engine. */
export function imageCalls({ library, operations }: ImageTools): Engine['images'] {
  return {
    list: () => library.list(),
    inspect: notYet,
    pull: (reference) => soon(() => pullImage(reference, library, operations)),
    push: notYet,
    search: notYet,
    tag: notYet,
    remove: notYet,
    prune: notYet,
    usage: notYet,
    setLimit: notYet,
    check: notYet,
    import: (request) => soon(() => importImage(request, library, operations)),
    programs: () => findPrograms(),
    localImages: () => listLocalImages(),
    importFrom: (request) => importFromProgram(request, library, operations),
    export: (request) => soon(() => exportImage(request, library, operations)),
    commit: notYet,
    build: (request) => buildImage(request, library, operations),
  };
}
