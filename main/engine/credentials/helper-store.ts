import type { Credential } from '../../contract/registry.ts';
import { isAppError } from '../base/app-error.ts';
import { DockerHelper, type HelperOptions } from './docker-helper.ts';
import { readSecret, writeSecret, type SecretStore } from './secret-store.ts';

/**
 * Under a name of their own (RFC 2606, "invalid"): what Docker keeps with the same helper stays
 * Docker's. Some helpers take nothing but the URL of a web server.
 */
const serverOf = (registry: string): string => `https://skerry.invalid/${registry}`;

/**
 * The user of every entry: where it changes some helpers keep the old entry beside the new one.
 * Who the credential is of is in the secret, as one line: some drop the last line break of one.
 */
const username = 'skerry';

/** A value that is stored and erased to see whether that works; no registry has such a name. */
const trial = '-trial-';

/** Secrets with one of Docker's credential helpers. */
export class HelperStore implements SecretStore {
  readonly keeper = 'docker-helper';
  readonly where: string;
  readonly helper: string;
  readonly #helper: DockerHelper;

  /** @throws AppError `credentials/unreadable` for a name that is none */
  constructor(name: string, options: HelperOptions = {}) {
    this.#helper = new DockerHelper(name, options);
    this.helper = name;
    this.where = this.#helper.program;
  }

  async absence(): Promise<string | undefined> {
    return (await this.#helper.isInstalled()) ? undefined : `${this.where} is not installed`;
  }

  /** Some helpers that can keep nothing list nothing without complaint; so one value is kept. */
  async problem(signal?: AbortSignal): Promise<string | undefined> {
    const absence = await this.absence();
    if (absence !== undefined) return absence;
    try {
      await this.#helper.store(serverOf(trial), { username, password: 'none' }, signal);
      await this.#helper.erase(serverOf(trial), signal);
      return undefined;
    } catch (error) {
      if (isAppError(error, 'credentials/unreadable')) return `${this.where} keeps nothing`;
      throw error;
    }
  }

  async get(registry: string, signal?: AbortSignal): Promise<Credential | undefined> {
    const found = await this.#helper.get(serverOf(registry), signal);
    if (found === undefined) return undefined;
    return readSecret('password' in found ? found.password : '', this.where);
  }

  async set(registry: string, credential: Credential, signal?: AbortSignal): Promise<void> {
    const password = writeSecret(credential);
    await this.#helper.store(serverOf(registry), { username, password }, signal);
  }

  async delete(registry: string, signal?: AbortSignal): Promise<void> {
    await this.#helper.erase(serverOf(registry), signal);
  }
}
