/** Images of the store that are made of another one and a layer. */
import { formatImageReference } from '../../contract/image-reference.ts';
import { commitLayer, CommitParts, storedBlobs, type LayerCommit } from './commit-layer.ts';
import type { LibraryContext } from './library-context.ts';
import { parseReference } from './parse-reference.ts';
import { prepareImage } from './prepare-image.ts';
import type { PreparedImage, PullProgress } from './types.ts';

/** Options of {@link ImageCommits.commit}. */
export interface CommitOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
  /** Hears how many bytes of the layer's tar were read. */
  readonly onTarBytes?: (tarBytes: number) => void;
}

/** See the head of this file. */
export class ImageCommits {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  /**
   * Makes an image of another one that is in the store and the layer that is given, and names it.
   * What fails or is cancelled leaves nothing.
   * @throws AppError `image/…`, `store/…`, `operation/cancelled`, and what the layer's bytes throw
   */
  async commit(
    reference: string,
    commit: LayerCommit,
    options: CommitOptions,
  ): Promise<PreparedImage> {
    const { store, platform } = this.#context;
    const name = formatImageReference(parseReference(reference));
    const parts = new CommitParts(store);
    const work = async (signal: AbortSignal): Promise<PreparedImage> => {
      const { onProgress, onTarBytes } = options;
      const target = { reference: name, platform };
      const image = await commitLayer(commit, target, parts, store, { signal, onTarBytes });
      await parts.addRoot(image.digest);
      const source = storedBlobs(store.content);
      const record = await prepareImage(image, source, store, { signal, onProgress });
      return await this.#context.record(name, record, { isLocal: true });
    };
    try {
      return await this.#context.during(`The commit of ${name}`, options.signal, work);
    } catch (error) {
      await parts.remove();
      throw error;
    }
  }
}
