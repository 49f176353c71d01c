/** Takes away what of a store nothing needs, while others go on working with it. */
import { familiarReference } from '../../../contract/image-reference.ts';
import { join } from 'node:path';
import type { Removal } from '../../../contract/image-upkeep.ts';
import { isAppError } from '../../base/app-error.ts';
import { syncDirectory } from '../../base/atomic-file.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Logger } from '../../base/logger.ts';
import type { ReferenceEntry } from '../../oci/reference-index.ts';
import type { OpenStore } from '../open-store.ts';
import { partKey } from './part-key.ts';
import {
  bytesOfParts,
  planCollection,
  type Collection,
  type CollectionRequest,
  type KnownImage,
  type StoreState,
} from './plan-collection.ts';
import { rescanStore, scanStore, type StoredPart, type StoreScan } from './scan-store.ts';

/** Images that must not go, whatever names they have. */
export interface ImagePins {
  /** Names of sandboxes by the digest of the image that they have. */
  readonly users: ReadonlyMap<string, readonly string[]>;
  /** Digests that a record names which cannot be read. */
  readonly others: ReadonlySet<string>;
}

/** What a {@link Collector} has to know. */
export interface Surroundings {
  /** Asked at the moment of a collection. A sandbox is in it before its lease ends. */
  readonly pins: () => ImagePins;
  /** Names, in full, of images that come back by themselves. */
  readonly kept: ReadonlySet<string>;
  readonly logger: Logger;
}

/** Images whose documents are read at the same time. */
const parallelLooks = 16;

/**
 * See the head of this file. A collection is planned and done in one moment that no lease begins a
 * look in. What goes is renamed into the trash in an order that leaves a store that is consistent
 * after each step: names, records of roots, and then what they speak of.
 */
export class Collector {
  readonly #store: OpenStore;
  readonly #surroundings: Surroundings;

  constructor(store: OpenStore, surroundings: Surroundings) {
    this.#store = store;
    this.#surroundings = surroundings;
  }

  /** What is there and who needs it. */
  async look(): Promise<StoreState> {
    return await this.#state(await scanStore(this.#store.dir));
  }

  /** What would go. */
  async preview(request: CollectionRequest): Promise<Removal> {
    return toRemoval(planCollection(await this.look(), request));
  }

  /** Takes it away. */
  async collect(request: CollectionRequest): Promise<Removal> {
    const { leases, trash } = this.#store;
    const scan = await scanStore(this.#store.dir);
    // The documents of images are read before the moment, because that takes its time.
    await this.#state(scan);
    const collection = await leases.collect(async () => {
      // An image may have come since, of which no more was seen than a part.
      const state = await this.#state(await rescanStore(this.#store.dir, scan));
      return await this.#take(planCollection(state, request));
    });
    await trash.empty();
    const removal = toRemoval(collection);
    if (removal.references.length > 0 || collection.parts.length > 0) {
      const { references, freedBytes } = removal;
      const parts = collection.parts.length;
      this.#surroundings.logger.info('Parts of the image store went.', {
        ...{ request: request.what, references, parts, freedBytes },
      });
    }
    return removal;
  }

  /** Returns what was there to go. */
  async #take({ references, parts }: Collection): Promise<Collection> {
    const { references: index, trash } = this.#store;
    try {
      await index.delete(...references);
      return { references, parts: await this.#takeParts(parts) };
    } catch (error) {
      // The list of the names that stay has to be written anew, and who removes wants room: room
      // first then. Cut off here, the images that go are listed no more, as they are not whole.
      if (parts.length === 0 || !isAppError(error, 'store/no-space')) throw error;
      const taken = await this.#takeParts(parts);
      await trash.empty();
      await index.delete(...references);
      return { references, parts: taken };
    }
  }

  async #takeParts(parts: readonly StoredPart[]): Promise<StoredPart[]> {
    const { dir, catalog } = this.#store;
    const roots = parts.filter(({ kind }) => kind === 'root');
    const others = parts.filter(({ kind }) => kind !== 'root');
    const taken: StoredPart[] = [];
    for (const part of roots) if (await this.#takePart(part)) taken.push(part);
    if (roots.length > 0) await syncDirectory(join(dir, 'roots'));
    for (const part of others) if (await this.#takePart(part)) taken.push(part);
    catalog.forget(...taken.map(({ digest }) => digest));
    return taken;
  }

  async #takePart({ paths }: StoredPart): Promise<boolean> {
    let wasThere = false;
    for (const path of paths) wasThere = (await this.#store.trash.take(path)) || wasThere;
    return wasThere;
  }

  async #state({ parts: stored, otherBytes }: StoreScan): Promise<StoreState> {
    const { leases, references } = this.#store;
    const { users, others } = this.#surroundings.pins();
    const held = new Set([...leases.held(), ...others]);
    const entries = new Map<string, [string, ReferenceEntry][]>();
    for (const named of references.entries()) {
      const { digest } = named[1];
      entries.set(digest, [...(entries.get(digest) ?? []), named]);
    }
    const roots = stored.filter(({ kind }) => kind === 'root').map(({ digest }) => digest);
    const digests = new Set([...entries.keys(), ...users.keys(), ...roots]);
    const looks = new Limiter(parallelLooks);
    const images = await Promise.all(
      [...digests].map((digest) =>
        looks.run(() => this.#known(digest, entries.get(digest) ?? [], users.get(digest) ?? [])),
      ),
    );
    return { images, stored, otherBytes, held };
  }

  async #known(
    digest: string,
    entries: readonly [string, ReferenceEntry][],
    usedBy: readonly string[],
  ): Promise<KnownImage> {
    const indexes = entries.flatMap(([, { indexDigest }]) => indexDigest ?? []);
    const { keys, layers } = await this.#store.catalog.parts(digest);
    return {
      digest,
      references: entries.map(([reference]) => reference),
      usedBy,
      isKept: entries.some(([reference]) => this.#surroundings.kept.has(reference)),
      isLocal: entries.some(([, entry]) => entry.isLocal === true),
      lastUsedMs: Math.max(
        ...[0, ...entries.map(([, entry]) => Math.max(entry.pulledAtMs, entry.usedAtMs ?? 0))],
      ),
      layers,
      parts: new Set([...keys, ...indexes.map((index) => partKey('blob', index))]),
    };
  }
}

function toRemoval({ references, parts }: Collection): Removal {
  return {
    references: references.map(familiarReference).sort(),
    layers: parts.filter(({ kind }) => kind === 'layer').map(({ digest }) => digest),
    freedBytes: bytesOfParts(parts),
  };
}
