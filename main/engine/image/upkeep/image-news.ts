/** The list of images as it is told: again after each change, and never an older one last. */
import type { Image } from '../../../contract/image.ts';
import type { Logger } from '../../base/logger.ts';
import type { ImageLibrary } from '../image-library.ts';

/** See the head of this file. */
export class ImageNews {
  /** What was told last. */
  latest: readonly Image[] = [];
  readonly #library: ImageLibrary;
  readonly #logger: Logger;
  readonly #tell: (images: Image[]) => void;
  #isListing = false;
  #isStale = false;

  private constructor(library: ImageLibrary, logger: Logger, tell: (images: Image[]) => void) {
    this.#library = library;
    this.#logger = logger;
    this.#tell = tell;
  }

  /** Lists the images, and tells of each change from now on; of several at once, once. */
  static async start(
    library: ImageLibrary,
    logger: Logger,
    tell: (images: Image[]) => void,
  ): Promise<ImageNews> {
    const news = new ImageNews(library, logger, tell);
    news.latest = await library.list();
    library.onChange = () => {
      news.#isStale = true;
      void news.#refresh();
    };
    return news;
  }

  async #refresh(): Promise<void> {
    if (this.#isListing) return;
    this.#isListing = true;
    while (this.#isStale) {
      this.#isStale = false;
      try {
        const images = await this.#library.list();
        this.latest = images;
        this.#tell(images);
      } catch (error) {
        this.#logger.error('The images could not be listed.', { error: String(error) });
      }
    }
    this.#isListing = false;
  }
}
