/** What clients may ask of images. */
import { imageInputs } from '../../../contract/image-inputs.ts';
import type { Engine } from '../../engine.ts';
import type { SandboxRoot } from '../../image/check/check-request.ts';
import type { ImageLibrary } from '../../image/image-library.ts';
import type { ImageUpkeep } from '../../image/upkeep/image-upkeep.ts';
import { RememberedTags } from '../../image/remembered-tags.ts';
import { suggestImages } from '../../image/suggest-images.ts';
import { findPrograms, listLocalImages } from '../../image/program/find-programs.ts';
import { buildImage } from './build-image.ts';
import { exportImage } from './export-image.ts';
import { importImage } from './import-image.ts';
import { importFromProgram } from './import-from-program.ts';
import { checkImages } from './check-images.ts';
import type { OperationTracker } from '../operation-tracker.ts';
import type { Sandboxes } from '../sandboxes.ts';
import { pullImage } from './pull-image.ts';
import { pushImage } from './push-image.ts';

/** What the calls work on. */
export interface ImageTools {
  readonly library: ImageLibrary;
  readonly upkeep: ImageUpkeep;
  readonly operations: OperationTracker;
  /** Images that sandboxes have, the latest first. */
  readonly recentImages: () => string[];
  readonly sandboxes: Sandboxes;
  /** The sandboxes whose root is an image. */
  readonly sandboxRoots: () => readonly SandboxRoot[];
}

/** What is wrong with a reference rejects, as every failure of a call does. */
function atOnce<T>(begin: () => T | Promise<T>): Promise<T> {
  return Promise.resolve().then(begin);
}

/** Binds the calls to the parts of an engine. */
export function imageCalls(tools: ImageTools): Engine['images'] {
  const { library, upkeep, operations, recentImages, sandboxes } = tools;
  const tags = new RememberedTags((repository, signal) =>
    library.registries.tags(repository, signal),
  );
  return {
    list: () => library.list(),
    inspect: (reference) => upkeep.inspect(reference),
    pull: (reference, credential) =>
      atOnce(() => pullImage(reference, library, operations, credential)),
    push: (request) => atOnce(() => pushImage(request, library.pushes, operations)),
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
    tag: (reference, as) => upkeep.tag(reference, as),
    remove: (reference, options) => upkeep.remove(reference, options),
    prune: (options) => upkeep.prune(options),
    usage: () => upkeep.usage(),
    setLimit: (limitBytes) => upkeep.setLimit(limitBytes),
    check: (options) => atOnce(() => checkImages(options?.mend ?? false, tools)),
    import: (request) => atOnce(() => importImage(request, library, operations)),
    programs: () => findPrograms(),
    localImages: () => listLocalImages(),
    importFrom: (request) => importFromProgram(request, library, operations),
    export: (request) => atOnce(() => exportImage(request, library, operations)),
    commit: (request) =>
      atOnce(() => sandboxes.commit(imageInputs.commit.parse(request), library.commits)),
    build: (request) => buildImage(request, library, operations),
  };
}
