/** Presets: those that are shipped, and those that the user saved. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { formatPreset, parsePreset } from '../../contract/config/preset-text.ts';
import { presetNameSchema, type Preset } from '../../contract/preset.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import { AppError } from '../base/app-error.ts';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { systemErrorCode } from '../base/disk-error.ts';
import type { Logger } from '../base/logger.ts';

/** Where presets are. */
export interface PresetsOptions {
  /** Read-only, in the program's own folder. */
  readonly shippedDir: string;
  /** The user's; made when the first one is saved. */
  readonly ownDir: string;
  readonly logger: Logger;
}

const ending = '.yaml';
const maxPresets = 500;

/** See the head of this file. One of the user's own takes the place of a shipped one of its name. */
export class Presets {
  readonly #options: PresetsOptions;

  constructor(options: PresetsOptions) {
    this.#options = options;
  }

  /** Shipped ones first. What cannot be read is logged and left out. */
  async list(): Promise<Preset[]> {
    const { shippedDir, ownDir } = this.#options;
    const [shipped, own] = await Promise.all([
      this.#read(shippedDir, 'shipped'),
      this.#read(ownDir, 'own'),
    ]);
    const names = new Set(own.map(({ name }) => name));
    return [...shipped.filter(({ name }) => !names.has(name)), ...own];
  }

  /** Keeps a configuration; one of the same name is replaced. @throws AppError `store/no-space` */
  async save(preset: {
    readonly name: string;
    readonly description: string;
    readonly config: SandboxConfig;
  }): Promise<Preset> {
    const { ownDir } = this.#options;
    const text = formatPreset(preset);
    const parsed = parsePreset(text, preset.name);
    if (!parsed.ok) throw new AppError('config/unreadable', parsed.problem);
    await mkdir(ownDir, { recursive: true, mode: 0o700 });
    await writeFileAtomic(this.#file(preset.name), text);
    return { ...parsed.preset, origin: 'own' };
  }

  /** Removes one of the user's own. @throws AppError `preset/not-found` */
  async remove(name: string): Promise<void> {
    try {
      await rm(this.#file(name));
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
      const message = `There is no preset of yours named "${name}".`;
      throw new AppError('preset/not-found', message, { cause: error });
    }
  }

  #file(name: string): string {
    if (presetNameSchema.safeParse(name).success) {
      return path.join(this.#options.ownDir, `${name}${ending}`);
    }
    throw new AppError('preset/not-found', `"${name}" names no preset.`);
  }

  async #read(dir: string, origin: Preset['origin']): Promise<Preset[]> {
    const files = (await readdir(dir).catch(() => []))
      .filter((file) => file.endsWith(ending) && !file.startsWith('.'))
      .sort()
      .slice(0, maxPresets);
    const presets = files.map(async (file): Promise<Preset[]> => {
      const name = file.slice(0, -ending.length);
      try {
        const parsed = parsePreset(await readFile(path.join(dir, file), 'utf8'), name);
        if (parsed.ok) return [{ ...parsed.preset, origin }];
        this.#options.logger.warn('A preset cannot be read.', { file, problem: parsed.problem });
      } catch (error) {
        this.#options.logger.warn('A preset cannot be read.', { file, error: String(error) });
      }
      return [];
    });
    return (await Promise.all(presets)).flat();
  }
}
