/** Composed roots on the disk: for each image its metadata and a record of what it is made of. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncDirectory, writeFileAtomic } from '../base/atomic-file.ts';
import { asDiskError } from '../base/disk-error.ts';
import { Leases } from '../base/leases.ts';
import { SharedWork } from '../base/shared-work.ts';
import { digestHex, isDigest } from '../oci/digest.ts';
import { hashFile, syncFile } from '../oci/file-bytes.ts';
import type { Descriptor, ImageConfig, ResolvedImage } from '../oci/image-source.ts';
import { sizesOf, type LayerStore } from './layer-store.ts';
import type { ComposedRoot } from './compose.ts';
import { runWorker } from './run-worker.ts';
import type { RootExtent } from './types.ts';

/** Raised when a root is composed another way; older ones are then composed anew. */
const rootVersion = 1;

const optional = <T extends z.ZodType>(schema: T): z.ZodOptional<T> => schema.optional();

const recordSchema = z.object({
  version: z.literal(rootVersion),
  digest: z.string(),
  /** The name under which the image first came. */
  reference: z.string(),
  config: z.object({
    architecture: z.string(),
    os: z.string(),
    variant: optional(z.string()),
    createdAtMs: optional(z.number()),
    env: z.array(z.string()),
    workdir: optional(z.string()),
    user: optional(z.string()),
    entrypoint: z.array(z.string()),
    cmd: z.array(z.string()),
  }),
  metadataBytes: z.int().positive(),
  layers: z.array(
    z.object({
      digest: z.string(),
      diffId: z.string(),
      /** Compressed. */
      sizeBytes: z.int().nonnegative(),
      /** On the root disk; 0 for a layer that comes a second time. */
      dataBytes: z.int().nonnegative(),
    }),
  ),
});

type StoredRecord = z.infer<typeof recordSchema>;

/** What is known of a root. */
export type RootRecord = Omit<StoredRecord, 'config'> & { readonly config: ImageConfig };

/** What a root is composed of. */
export interface RootParts extends Pick<ResolvedImage, 'reference' | 'digest' | 'config'> {
  readonly layers: readonly (Pick<Descriptor, 'digest' | 'size'> & { readonly diffId: string })[];
}

/** The roots of a store. One process owns its directory. */
export class RootStore {
  readonly #roots: string;
  readonly #unfinished: string;
  readonly #layers: LayerStore;
  readonly #leases: Leases;
  readonly #work = new SharedWork<never>();

  private constructor(dir: string, layers: LayerStore, leases: Leases) {
    this.#roots = join(dir, 'roots');
    this.#unfinished = join(dir, 'unfinished');
    this.#layers = layers;
    this.#leases = leases;
  }

  /**
   * Opens the store beside its layers, which have cleared what was unfinished. A root that is
   * looked at or made within one of the leases stays until that ends, with all of its image.
   */
  static async open(dir: string, layers: LayerStore, leases = new Leases()): Promise<RootStore> {
    const store = new RootStore(dir, layers, leases);
    await mkdir(store.#roots, { recursive: true, mode: 0o700 });
    return store;
  }

  /** The record of an image whose root and layers are all there and as long as it says. */
  async get(digest: string): Promise<RootRecord | undefined> {
    await this.#leases.touch(digest);
    const record = await this.read(digest);
    if (record === undefined) return undefined;
    for (const { path, sizeBytes } of this.extents(record)) {
      const found = await stat(path).catch(() => undefined);
      if (found?.size !== sizeBytes) return undefined;
    }
    return record;
  }

  /** What lies on the root disk, in order. */
  extents(record: RootRecord): RootExtent[] {
    const layers = record.layers.map(({ diffId, dataBytes }) => ({
      path: this.#layers.dataPath(diffId),
      sizeBytes: dataBytes,
    }));
    const metadata = { path: this.#path(record.digest, 'erofs'), sizeBytes: record.metadataBytes };
    return [metadata, ...layers.filter(({ sizeBytes }) => sizeBytes > 0)];
  }

  /** Length of the metadata and the bytes that it occupies; undefined where there is none. */
  async metadataOnDisk(
    digest: string,
  ): Promise<{ sizeBytes: number; diskBytes: number } | undefined> {
    return await sizesOf(this.#path(digest, 'erofs'));
  }

  /**
   * Composes the root of an image whose layers are all there, unless it is there already.
   * @throws AppError `image/layer-unsafe`, `image/unsupported`, `store/corrupt`, `store/no-space`,
   *   `operation/cancelled`
   */
  async ensure(image: RootParts, signal?: AbortSignal): Promise<void> {
    await this.#leases.touch(image.digest);
    await this.#work.run({
      key: `The root of ${image.digest}`,
      means: image.digest,
      signal,
      work: async (workSignal) => {
        if ((await this.get(image.digest)) === undefined) await this.#compose(image, workSignal);
      },
    });
  }

  /** The images that have a record or metadata, whatever is in them. */
  async digests(): Promise<string[]> {
    const names = await readdir(this.#roots);
    const digests = names.map((name) => name.replace(/^sha256-(\w+)\.(erofs|json)$/, 'sha256:$1'));
    return [...new Set(digests.filter(isDigest))];
  }

  /**
   * Composes the root once more and says in a sentence what of the one that is there differs;
   * undefined where nothing does. Its layers must be there.
   * @throws AppError as {@link ensure}
   */
  async compare(record: RootRecord, signal?: AbortSignal): Promise<string | undefined> {
    const temporary = join(this.#unfinished, randomUUID());
    try {
      const root = await this.#composeTo(temporary, record, signal);
      const isAsRecorded =
        root.metadataBytes === record.metadataBytes &&
        record.layers.every(({ dataBytes }, index) => dataBytes === root.dataBytes[index]);
      if (!isAsRecorded) return 'Its record says other lengths than its layers give.';
      const found = await hashFile(this.#path(record.digest, 'erofs')).catch(() => undefined);
      if (found === (await hashFile(temporary))) return undefined;
      return 'Its metadata is not what its layers give.';
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Composes the root of an image and puts it in the place of the one that is there. */
  async replace(image: RootParts, signal?: AbortSignal): Promise<void> {
    await this.#work.run({
      key: `The root of ${image.digest}, anew`,
      means: image.digest,
      signal,
      work: (workSignal) => this.#compose(image, workSignal),
    });
  }

  /** Removes a root, there or not: its record first. */
  async remove(digest: string): Promise<void> {
    for (const kind of ['json', 'erofs'] as const) {
      await rm(this.#path(digest, kind), { force: true });
    }
  }

  async #composeTo(
    rootPath: string,
    image: Pick<RootParts, 'digest' | 'reference'> & {
      readonly layers: readonly { readonly diffId: string }[];
    },
    signal: AbortSignal | undefined,
  ): Promise<ComposedRoot> {
    const root = await runWorker(
      {
        kind: 'compose',
        indexPaths: image.layers.map(({ diffId }) => this.#layers.indexPath(diffId)),
        uuid: Buffer.from(digestHex(image.digest), 'hex').subarray(0, 16),
        rootPath,
      },
      { what: `Image ${image.reference}`, signal },
    );
    if (root === undefined) throw new Error('The worker composed nothing.');
    return root;
  }

  async #compose(image: RootParts, signal: AbortSignal): Promise<void> {
    const temporary = join(this.#unfinished, randomUUID());
    try {
      const root = await this.#composeTo(temporary, image, signal);
      await syncFile(temporary);
      await rename(temporary, this.#path(image.digest, 'erofs'));
      await syncDirectory(this.#roots);
      const record: RootRecord = {
        version: rootVersion,
        digest: image.digest,
        reference: image.reference,
        config: image.config,
        metadataBytes: root.metadataBytes,
        layers: image.layers.map(({ digest, diffId, size }, index) => ({
          digest,
          diffId,
          sizeBytes: size,
          dataBytes: root.dataBytes[index] ?? 0,
        })),
      };
      await writeFileAtomic(this.#path(image.digest, 'json'), `${JSON.stringify(record)}\n`);
    } catch (error) {
      await rm(temporary, { force: true });
      throw asDiskError(error, temporary);
    }
  }

  /** The record of an image, whatever else of it is there. */
  async read(digest: string): Promise<RootRecord | undefined> {
    const text = await readFile(this.#path(digest, 'json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const parsed = recordSchema.safeParse(parseJson(text));
    if (!parsed.success || parsed.data.digest !== digest) return undefined;
    return { ...parsed.data, config: withoutUndefined(parsed.data.config) };
  }

  #path(digest: string, extension: 'erofs' | 'json'): string {
    return join(this.#roots, `sha256-${digestHex(digest)}.${extension}`);
  }
}

/** The schema allows undefined where the interface has the key absent. */
function withoutUndefined(config: StoredRecord['config']): ImageConfig {
  const { variant, createdAtMs, workdir, user, ...rest } = config;
  return {
    ...rest,
    ...(variant === undefined ? {} : { variant }),
    ...(createdAtMs === undefined ? {} : { createdAtMs }),
    ...(workdir === undefined ? {} : { workdir }),
    ...(user === undefined ? {} : { user }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
