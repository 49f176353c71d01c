/** Which manifest each reference was resolved to at its last pull: one JSON file. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { AppError } from '../base/app-error.ts';
import { systemErrorCode } from '../base/disk-error.ts';
import { isDigest } from './digest.ts';

const entrySchema = z.object({
  /** Digest of the manifest for this machine's platform. */
  digest: z.string().refine(isDigest, 'is not a sha256 digest'),
  pulledAtMs: z.number().nonnegative(),
  /** Of the index that led to the manifest, where one did. */
  indexDigest: z.string().refine(isDigest, 'is not a sha256 digest').optional(),
  /** It was made, brought in or named here: whoever takes it away loses it. */
  isLocal: z.boolean().optional(),
  /** When the last sandbox of the image went, which is later than any pull before it. */
  usedAtMs: z.number().nonnegative().optional(),
});

const fileSchema = z.object({
  schemaVersion: z.literal(1),
  images: z.record(z.string(), entrySchema),
});

/** What the index knows of a reference. */
export type ReferenceEntry = Readonly<z.infer<typeof entrySchema>>;

/** The index, held in memory and written whole at every change. One process owns the file. */
export class ReferenceIndex {
  readonly #path: string;
  #images: ReadonlyMap<string, ReferenceEntry>;
  #writing: Promise<void> = Promise.resolve();
  /** Hears of every change that is on the disk. */
  onChange: () => void = () => undefined;

  private constructor(path: string, images: ReadonlyMap<string, ReferenceEntry>) {
    this.#path = path;
    this.#images = images;
  }

  /**
   * Reads the file; none is an empty index. Throws `store/corrupt` for one that cannot be
   * understood, and leaves it as it is.
   */
  static async open(path: string): Promise<ReferenceIndex> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return new ReferenceIndex(path, new Map());
      throw error;
    }
    try {
      const { images } = fileSchema.parse(JSON.parse(text));
      return new ReferenceIndex(path, new Map(Object.entries(images)));
    } catch (cause) {
      throw new AppError('store/corrupt', `The list of images ${path} cannot be understood.`, {
        hint: 'Move that file aside and pull the images again; what is in the store is not fetched anew.',
        cause,
      });
    }
  }

  /** The entry of a full reference: `docker.io/library/alpine:latest`. */
  get(reference: string): ReferenceEntry | undefined {
    return this.#images.get(reference);
  }

  /** Every reference and its entry. */
  entries(): [reference: string, entry: ReferenceEntry][] {
    return [...this.#images];
  }

  /** Resolves when the file is on the disk; where that fails the index stays as it was. */
  async set(reference: string, entry: ReferenceEntry): Promise<void> {
    await this.#change((images) => images.set(reference, entry));
  }

  /** Forgets references, there or not. See {@link set}. */
  async delete(...references: readonly string[]): Promise<void> {
    if (!references.some((reference) => this.#images.has(reference))) return;
    await this.#change((images) => {
      for (const reference of references) images.delete(reference);
    });
  }

  /** Marks every reference of the manifest as used at that time. See {@link set}. */
  async markUsed(digest: string, usedAtMs: number): Promise<void> {
    if (![...this.#images.values()].some((entry) => entry.digest === digest)) return;
    await this.#change((images) => {
      for (const [reference, entry] of images) {
        if (entry.digest === digest) images.set(reference, { ...entry, usedAtMs });
      }
    });
  }

  async #change(apply: (images: Map<string, ReferenceEntry>) => unknown): Promise<void> {
    const change = this.#writing.then(async () => {
      const images = new Map(this.#images);
      apply(images);
      const file = { schemaVersion: 1, images: Object.fromEntries(images) };
      await writeFileAtomic(this.#path, `${JSON.stringify(file, null, 2)}\n`);
      this.#images = images;
      this.onChange();
    });
    this.#writing = change.catch(() => undefined);
    await change;
  }
}
