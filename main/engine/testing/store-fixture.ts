/** An image store with sandboxes that are names alone. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '../base/logger.ts';
import { makeTar } from './tar.ts';
import { writeOciLayout, type LayoutOptions, type WrittenImage } from './write-oci-layout.ts';
import { Collector, type Surroundings } from '../image/upkeep/collector.ts';
import { ImageLibrary } from '../image/image-library.ts';
import { ImageUpkeep } from '../image/upkeep/image-upkeep.ts';
import type { PreparedImage } from '../image/types.ts';

/** Full name of the image that is never pruned. */
export const keptName = 'docker.io/test/kept:latest';

const threeImages = [
  { name: 'test/one', layers: ['base', 'one'] },
  { name: 'test/two', layers: ['base', 'two'] },
  { name: 'test/three', layers: ['three'] },
] as const;

/** See the head of this file. */
export class StoreFixture {
  readonly dir: string;
  readonly library: ImageLibrary;
  readonly upkeep: ImageUpkeep;
  readonly collector: Collector;
  /** The digest of each sandbox's image. */
  readonly sandboxes: Map<string, string>;
  /** Digests that a record names which cannot be read. */
  readonly others: Set<string>;

  private constructor(
    dir: string,
    library: ImageLibrary,
    upkeep: ImageUpkeep,
    surroundings: Surroundings,
    pinned: Pick<StoreFixture, 'sandboxes' | 'others'>,
  ) {
    this.dir = dir;
    this.library = library;
    this.upkeep = upkeep;
    this.collector = new Collector(library.store, surroundings);
    this.sandboxes = pinned.sandboxes;
    this.others = pinned.others;
  }

  /** @param dir of the test: the store is in it, and the layouts that images are of */
  static async open(
    dir: string,
    sandboxes = new Map<string, string>(),
    others = new Set<string>(),
  ): Promise<StoreFixture> {
    const library = await ImageLibrary.open({ dir: join(dir, 'store'), logger: silentLogger });
    const surroundings: Surroundings = {
      pins: () => {
        const users = new Map<string, string[]>();
        for (const [name, digest] of sandboxes) {
          users.set(digest, [...(users.get(digest) ?? []), name]);
        }
        return { users, others };
      },
      kept: new Set([keptName]),
      logger: silentLogger,
    };
    const upkeep = await ImageUpkeep.open(library, surroundings);
    return new StoreFixture(dir, library, upkeep, surroundings, { sandboxes, others });
  }

  /** As the next host process finds it. */
  async reopen(): Promise<StoreFixture> {
    await this.close();
    return await StoreFixture.open(this.dir, this.sandboxes, this.others);
  }

  /** An image of a layer for each text. */
  async write(layers: readonly string[], options: LayoutOptions = {}): Promise<WrittenImage> {
    const tars = layers.map((text) => makeTar([{ name: text, content: text.repeat(2000) }]));
    return await writeOciLayout(join(this.dir, layers.join('-')), tars, options);
  }

  /** Brings such an image in under a name. */
  async add(
    name: string,
    layers: readonly string[],
    options: LayoutOptions = {},
  ): Promise<PreparedImage> {
    const image = await this.write(layers, options);
    return await this.library.importLayout(image.dir, image.refName, name);
  }

  /** Two images that share a layer and one of its own, not in the store yet. */
  async writeThree(): Promise<{ one: WrittenImage; two: WrittenImage; three: WrittenImage }> {
    const [one, two, three] = threeImages;
    return {
      one: await this.write(one.layers),
      two: await this.write(two.layers),
      three: await this.write(three.layers),
    };
  }

  /** Brings these in: `test/one`, `test/two`, `test/three`. */
  async addThree(): Promise<void> {
    for (const { name, layers } of threeImages) await this.add(name, layers);
  }

  /** The names in the list, in the order of the alphabet. */
  async names(): Promise<string[]> {
    return (await this.library.list()).map(({ reference }) => reference).sort();
  }

  /** Makes a sandbox as the engine does: what it looks at stays until it is recorded. */
  async create(sandbox: string, find: () => Promise<PreparedImage>): Promise<void> {
    await this.library.store.leases.during(async () => {
      const { digest } = await find();
      this.sandboxes.set(sandbox, digest);
    });
  }

  /** Removes a sandbox and waits for what follows. */
  async forget(sandbox: string): Promise<void> {
    const digest = this.sandboxes.get(sandbox);
    this.sandboxes.delete(sandbox);
    if (digest !== undefined) this.upkeep.sandboxGone(digest);
    await this.upkeep.close();
  }

  /** Every file of the store's parts, by its path in it. */
  async files(): Promise<string[]> {
    const folders = ['blobs/sha256', 'layers', 'partial', 'roots', 'trash', 'unfinished'];
    const found = await Promise.all(
      folders.map(async (folder) =>
        (await readdir(join(this.dir, 'store', folder))).map((name) => `${folder}/${name}`),
      ),
    );
    return found.flat().sort();
  }

  async close(): Promise<void> {
    await this.library.close();
    await this.upkeep.close();
  }
}

/** The files that an image is made of. */
export function filesOf(image: WrittenImage): string[] {
  const hex = (digest: string): string => digest.replace('sha256:', '');
  const blobs = [image.manifest, image.config, ...image.layers];
  return [
    ...blobs.map(({ digest }) => `blobs/sha256/${hex(digest)}`),
    ...image.layers.map(({ diffId }) => `layers/sha256-${hex(diffId)}`),
    ...['erofs', 'json'].map((kind) => `roots/sha256-${hex(image.manifest.digest)}.${kind}`),
  ];
}

/** Those of several images, each once. */
export function filesOfAll(images: readonly WrittenImage[]): string[] {
  return [...new Set(images.flatMap(filesOf))].sort();
}
