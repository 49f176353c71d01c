/** How each registry is reached: one JSON file. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { registrySettingsSchema, type RegistrySettings } from '../../../contract/registry.ts';
import { AppError } from '../../base/app-error.ts';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { systemErrorCode } from '../../base/disk-error.ts';

const fileSchema = z.object({
  schemaVersion: z.literal(1),
  registries: z.record(z.string(), registrySettingsSchema),
});

/** What a registry without settings has. */
export const defaultRegistrySettings: RegistrySettings = registrySettingsSchema.parse({});

/** The settings, held in memory and written whole at every change. One process owns the file. */
export class RegistrySettingsStore {
  readonly #path: string;
  #registries: ReadonlyMap<string, RegistrySettings>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, registries: ReadonlyMap<string, RegistrySettings>) {
    this.#path = path;
    this.#registries = registries;
  }

  /**
   * Reads the file; none means no settings. Throws `store/corrupt` for one that cannot be
   * understood, and leaves it as it is: without it a registry might be trusted otherwise.
   */
  static async open(path: string): Promise<RegistrySettingsStore> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return new RegistrySettingsStore(path, new Map());
      throw error;
    }
    try {
      const { registries } = fileSchema.parse(JSON.parse(text));
      return new RegistrySettingsStore(path, new Map(Object.entries(registries)));
    } catch (cause) {
      const message = `The settings of registries ${path} cannot be understood.`;
      const hint = 'Correct that file, or move it aside and set the registries anew.';
      throw new AppError('store/corrupt', message, { hint, cause });
    }
  }

  /** The settings of a registry by its name in lower case, if it has any. */
  get(registry: string): RegistrySettings | undefined {
    return this.#registries.get(registry.toLowerCase());
  }

  /** Every registry that has settings, and these. */
  entries(): [registry: string, settings: RegistrySettings][] {
    return [...this.#registries];
  }

  /** Resolves when the file is on the disk; where that fails the settings stay as they were. */
  async set(registry: string, settings: RegistrySettings): Promise<void> {
    await this.#change((registries) => {
      registries.set(registry.toLowerCase(), settings);
    });
  }

  /** Forgets the settings of a registry; returns whether there were any. See {@link set}. */
  async delete(registry: string): Promise<boolean> {
    let wasThere = false;
    await this.#change((registries) => {
      wasThere = registries.delete(registry.toLowerCase());
    });
    return wasThere;
  }

  async #change(apply: (registries: Map<string, RegistrySettings>) => void): Promise<void> {
    const change = this.#writing.then(async () => {
      const registries = new Map(this.#registries);
      apply(registries);
      const file = { schemaVersion: 1, registries: Object.fromEntries(registries) };
      await writeFileAtomic(this.#path, `${JSON.stringify(file, null, 2)}\n`);
      this.#registries = registries;
    });
    this.#writing = change.catch(() => undefined);
    await change;
  }
}
