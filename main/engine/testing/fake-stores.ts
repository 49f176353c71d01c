/** The named volumes and presets of the fake engine, in memory. */
import { formatPreset, parsePreset } from '../../contract/config/preset-text.ts';
import type { Preset } from '../../contract/preset.ts';
import { sandboxConfigSchema, type SandboxConfig } from '../../contract/sandbox-config.ts';
import type { NamedVolume } from '../../contract/volume.ts';
import { AppError } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';

/** Volumes that hold nothing. */
export class FakeVolumes {
  readonly #names = new Set<string>();
  readonly #stateDir: string;
  readonly #configs: () => SandboxConfig[];

  /** @param configs those of the sandboxes, which say who uses a volume */
  constructor(stateDir: string, configs: () => SandboxConfig[]) {
    this.#stateDir = stateDir;
    this.#configs = configs;
  }

  /** Makes the volumes that a configuration names, as a start does. */
  ensure({ volumes }: SandboxConfig): void {
    for (const { named } of Object.values(volumes)) {
      if (named !== undefined) this.#names.add(named);
    }
  }

  /** What the engine offers its clients. */
  readonly engine: Engine['volumes'] = {
    list: () => Promise.resolve([...this.#names].sort().map((name) => this.#describe(name))),
    inspect: async (name) => ({ ...(await this.#get(name)), diskBytes: 4096 }),
    create: (name) => {
      this.#names.add(name);
      return Promise.resolve(this.#describe(name));
    },
    remove: async (name, options) => {
      const { usedBy } = await this.#get(name);
      if (usedBy.length > 0 && options?.force !== true) {
        throw new AppError('volume/in-use', `"${name}" is used by ${usedBy.join(', ')}.`);
      }
      this.#names.delete(name);
    },
  };

  #get(name: string): Promise<NamedVolume> {
    if (this.#names.has(name)) return Promise.resolve(this.#describe(name));
    const message = `There is no volume named "${name}".`;
    return Promise.reject(new AppError('volume/not-found', message));
  }

  #describe(name: string): NamedVolume {
    const usedBy = this.#configs()
      .filter(({ volumes }) => Object.values(volumes).some(({ named }) => named === name))
      .map((config) => config.name);
    return { name, path: `${this.#stateDir}/volumes/${name}/data`, createdAtMs: 0, usedBy };
  }
}

/** One shipped preset, and those that are saved. */
export class FakePresets {
  readonly #own = new Map<string, Preset>();
  readonly #shipped: Preset = {
    name: 'shell',
    title: 'A shell',
    description: 'Nothing else.',
    origin: 'shipped',
    request: { image: 'skerry/starter', env: { FROM: 'preset' } },
  };

  /** What the engine offers its clients. */
  readonly engine: Engine['presets'] = {
    list: () => {
      const own = [...this.#own.values()];
      return Promise.resolve(this.#own.has(this.#shipped.name) ? own : [this.#shipped, ...own]);
    },
    save: ({ name, description, config }) => {
      const text = formatPreset({ name, description, config: sandboxConfigSchema.parse(config) });
      const parsed = parsePreset(text, name);
      if (!parsed.ok) return Promise.reject(new AppError('config/unreadable', parsed.problem));
      const preset: Preset = { ...parsed.preset, origin: 'own' };
      this.#own.set(name, preset);
      return Promise.resolve(preset);
    },
    remove: (name) => {
      if (this.#own.delete(name)) return Promise.resolve();
      const message = `There is no preset of yours named "${name}".`;
      return Promise.reject(new AppError('preset/not-found', message));
    },
  };
}
