/** What can be asked of the image store besides what is in it: names, removal, room. */
import { join } from 'node:path';
import { familiarReference, formatImageReference } from '../../../contract/image-reference.ts';
import type { Removal, StoreUsage } from '../../../contract/image-upkeep.ts';
import type { Image, ImageDetails } from '../../../contract/image.ts';
import { AppError } from '../../base/app-error.ts';
import { Collector, type Surroundings } from './collector.ts';
import { findImage, type FoundImage } from './find-image.ts';
import { readImageDetails } from './image-details.ts';
import type { ImageLibrary } from '../image-library.ts';
import type { OpenStore } from '../open-store.ts';
import { parseReference } from '../parse-reference.ts';
import type { CollectionRequest } from './plan-collection.ts';
import { StoreSettings } from './store-settings.ts';
import { usageOf } from './store-usage.ts';

/** Options of {@link ImageUpkeep.prune}. */
export interface PruneOptions {
  /** Also images that no sandbox uses. */
  readonly all?: boolean | undefined;
  /** Says what would go, and leaves it. By default so. */
  readonly isPreview?: boolean | undefined;
}

/** See the head of this file. To be opened when the sandboxes are known. */
export class ImageUpkeep {
  readonly #store: OpenStore;
  readonly #surroundings: Surroundings;
  readonly #settings: StoreSettings;
  readonly #collector: Collector;
  readonly #underWay = new Set<Promise<unknown>>();

  private constructor(store: OpenStore, surroundings: Surroundings, settings: StoreSettings) {
    this.#store = store;
    this.#surroundings = surroundings;
    this.#settings = settings;
    this.#collector = new Collector(store, surroundings);
  }

  /** Opens it; the limit holds for what comes into the library from now on. */
  static async open(library: ImageLibrary, surroundings: Surroundings): Promise<ImageUpkeep> {
    const { store } = library;
    const path = join(store.dir, 'settings.json');
    const settings = await StoreSettings.open(path, surroundings.logger);
    const upkeep = new ImageUpkeep(store, surroundings, settings);
    library.onArrival = () => upkeep.#keepWithinLimit();
    return upkeep;
  }

  /** @throws AppError `image/reference-invalid`, `image/not-stored`, `store/corrupt` */
  async inspect(reference: string): Promise<ImageDetails> {
    return await this.#store.leases.during(async () => {
      const found = this.#find(reference);
      return await readImageDetails(found, this.#store, this.#usersOf(found.digest));
    });
  }

  /**
   * Gives an image one more name, which another image may have had.
   * @throws AppError `image/reference-invalid`, `image/not-stored`
   */
  async tag(reference: string, as: string): Promise<Image> {
    const name = newName(as);
    const { catalog, leases, references, roots } = this.#store;
    return await leases.during(async () => {
      const { digest, references: names } = this.#find(reference);
      const before = references.get(names[0] ?? '');
      const pulledAtMs = before?.pulledAtMs ?? Date.now();
      const entry = { ...before, digest, pulledAtMs, isLocal: true };
      const isWhole = (await roots.get(digest)) !== undefined;
      const image = isWhole ? await catalog.describe(name, entry) : undefined;
      if (image === undefined) {
        throw new AppError('image/not-stored', `The image ${reference} is not whole.`);
      }
      await references.set(name, entry);
      return image;
    });
  }

  /**
   * Takes a name away. With its last name the image goes, but for what others or, with `force`,
   * its sandboxes need.
   * @throws AppError `image/reference-invalid`, `image/not-stored`, `image/in-use` with the names
   *   of the sandboxes
   */
  async remove(reference: string, { force }: { readonly force?: boolean } = {}): Promise<Removal> {
    const { digest, references } = this.#find(reference);
    const users = this.#usersOf(digest);
    const names = this.#store.references.entries().filter(([, entry]) => entry.digest === digest);
    if (users.length > 0 && names.length === references.length && force !== true) {
      const who = users.map((user) => `"${user}"`).join(', ');
      throw new AppError(
        'image/in-use',
        `The image ${familiarReference(reference)} is used by ${who}.`,
        {
          details: { sandboxes: [...users] },
        },
      );
    }
    if (references.length === 0) return await this.#collect({ what: 'image', digest });
    return await this.#collect({ what: 'names', references });
  }

  /** What nothing needs: what would go, or what went. */
  async prune({ all, isPreview = true }: PruneOptions = {}): Promise<Removal> {
    const request = { what: all === true ? 'unused' : 'leftovers' } as const;
    if (isPreview) return await this.#collector.preview(request);
    return await this.#collect(request);
  }

  /** Where the bytes are. */
  async usage(): Promise<StoreUsage> {
    return usageOf(await this.#collector.look(), this.#settings.limitBytes);
  }

  /** How much the store may hold before what nothing uses is collected; `undefined`: anything. */
  async setLimit(limitBytes: number | undefined): Promise<StoreUsage> {
    await this.#settings.setLimit(limitBytes);
    return await this.usage();
  }

  /** To be told when a sandbox went that had the image. What only it needed goes, too. */
  sandboxGone(digest: string): void {
    const work = this.#afterSandbox(digest)
      .catch((error: unknown) => {
        this.#surroundings.logger.error('The image of a sandbox that went was not seen to.', {
          ...{ digest, error: String(error) },
        });
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Waits for what is being collected, and for what is under way by itself. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /** Goes on where who asked is gone: the store must not be another process's before its end. */
  async #collect(request: CollectionRequest): Promise<Removal> {
    const collecting = this.#collector.collect(request);
    this.#underWay.add(collecting);
    try {
      return await collecting;
    } finally {
      this.#underWay.delete(collecting);
    }
  }

  async #afterSandbox(digest: string): Promise<void> {
    if (this.#usersOf(digest).length > 0) return;
    await this.#store.references.markUsed(digest, Date.now());
    await this.#collector.collect({ what: 'image', digest });
  }

  /** The image that just came is held by the lease that this runs in. */
  async #keepWithinLimit(): Promise<void> {
    const { limitBytes } = this.#settings;
    if (limitBytes === undefined) return;
    try {
      await this.#collector.collect({ what: 'excess', limitBytes });
    } catch (error) {
      this.#surroundings.logger.error('The image store could not be kept within its limit.', {
        ...{ limitBytes, error: String(error) },
      });
    }
  }

  /** Images that sandboxes alone keep have no name any more. */
  #find(reference: string): FoundImage {
    const unnamed = [...this.#surroundings.pins().users.keys()];
    return findImage(reference, this.#store.references.entries(), unnamed);
  }

  #usersOf(digest: string): readonly string[] {
    return this.#surroundings.pins().users.get(digest) ?? [];
  }
}

/** @throws AppError `image/reference-invalid` */
function newName(text: string): string {
  const reference = parseReference(text);
  if (reference.digest !== undefined) {
    throw new AppError('image/reference-invalid', `"${text}" has a digest, which is no name.`, {
      hint: 'Write it as name or name:tag.',
    });
  }
  return formatImageReference(reference);
}
