/** Credentials that Docker and Podman keep. Their files are read, and never written. */
import { homedir } from 'node:os';
import path from 'node:path';
import { authFileSchema, credentialInFile, type AuthFile } from './auth-entries.ts';
import {
  kindOf,
  type CredentialSearch,
  type Environment,
  type FoundCredential,
  type SearchOptions,
} from './credential-source.ts';
import { DockerHelper, type HelperOptions } from './docker-helper.ts';
import { readJsonFile } from './read-json-file.ts';
import { dockerServerUrl, findByRegistry, parseRegistryKey } from './registry-key.ts';
import { Remembered } from './remembered.ts';

type Kind = 'docker-config' | 'podman-config';

interface PlacedFile {
  readonly path: string;
  readonly kind: Kind;
}

/** See the head of this file. */
export class OtherPrograms {
  readonly #env: Environment;
  readonly #helperOptions: HelperOptions;
  readonly #helperAnswers = new Remembered<FoundCredential | undefined>();

  constructor(options: HelperOptions = {}) {
    this.#env = options.env ?? process.env;
    this.#helperOptions = options;
  }

  /**
   * The first that is there: Docker's helpers and file, then Podman's files.
   * @throws AppError `credentials/unreadable`
   */
  async find(
    search: CredentialSearch,
    options: SearchOptions = {},
  ): Promise<FoundCredential | undefined> {
    for (const placed of this.#files()) {
      const file = await readJsonFile(placed.path, authFileSchema);
      const found = file && (await this.#findIn(file, placed, search, options));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The registries that their files name. @throws AppError `credentials/unreadable` */
  async registries(): Promise<string[]> {
    const names = new Set<string>();
    for (const { path: filePath } of this.#files()) {
      const file = await readJsonFile(filePath, authFileSchema);
      const keys = [file?.auths, file?.credHelpers].flatMap((part) => Object.keys(part ?? {}));
      for (const key of keys) names.add(parseRegistryKey(key).registry);
    }
    return [...names];
  }

  /** The helper that Docker keeps new passwords with. @throws AppError `credentials/unreadable` */
  async dockerStore(): Promise<string | undefined> {
    const file = await readJsonFile(this.#dockerFile(), authFileSchema);
    return file?.credsStore ?? undefined;
  }

  async #findIn(
    file: AuthFile,
    { path: filePath, kind }: PlacedFile,
    search: CredentialSearch,
    options: SearchOptions,
  ): Promise<FoundCredential | undefined> {
    const { registry, repository } = search;
    const own = findByRegistry(file.credHelpers ?? {}, registry)?.value;
    const helpers = [own, kind === 'docker-config' ? file.credsStore : undefined];
    // Podman's name for the default registry is the one that people use.
    const server = kind === 'docker-config' ? dockerServerUrl(registry) : registry;
    for (const name of helpers) {
      const found = name ? await this.#ask(name, server, options) : undefined;
      if (found !== undefined) return found;
    }
    const credential = credentialInFile(file, filePath, registry, repository);
    return (
      credential && { credential, source: { ...kindOf(credential), source: kind, where: filePath } }
    );
  }

  async #ask(
    name: string,
    server: string,
    options: SearchOptions,
  ): Promise<FoundCredential | undefined> {
    const helper = new DockerHelper(name, this.#helperOptions);
    const question = `Asking ${helper.program} for ${server}`;
    return await this.#helperAnswers.get(
      question,
      async (signal) => {
        const credential = await helper.get(server, signal);
        const where = helper.program;
        return (
          credential && {
            credential,
            source: { ...kindOf(credential), source: 'docker-helper', where },
          }
        );
      },
      options,
    );
  }

  #files(): PlacedFile[] {
    return [
      { path: this.#dockerFile(), kind: 'docker-config' },
      ...this.#podmanFiles().map((file) => ({ path: file, kind: 'podman-config' as const })),
    ];
  }

  #dockerFile(): string {
    const dir = this.#env['DOCKER_CONFIG'];
    return path.join(dir ? path.resolve(dir) : path.join(this.#home(), '.docker'), 'config.json');
  }

  /** One that is named stands for the others, as in Podman. */
  #podmanFiles(): string[] {
    const named = this.#env['REGISTRY_AUTH_FILE'];
    if (named) return [path.resolve(named)];
    const inHome = path.join(this.#home(), '.config');
    const runtimeDir = this.#env['XDG_RUNTIME_DIR'];
    const configDir = this.#env['XDG_CONFIG_HOME'] ?? '';
    const dirs = [
      ...(runtimeDir && path.isAbsolute(runtimeDir) ? [runtimeDir] : []),
      path.isAbsolute(configDir) ? configDir : inHome,
    ];
    return dirs.map((dir) => path.join(dir, 'containers', 'auth.json'));
  }

  #home(): string {
    const home = this.#env['HOME'];
    return home && path.isAbsolute(home) ? home : homedir();
  }
}
