/** The stores that there may be on this host, the best first. */
import path from 'node:path';
import type { SecretKeeper, SecretStorage } from '../../contract/registry.ts';
import { isAppError } from '../base/app-error.ts';
import type { Environment } from './credential-source.ts';
import { FileStore } from './file-store.ts';
import { HelperStore } from './helper-store.ts';
import { SafeStorageStore, type SecretCipher } from './safe-storage-store.ts';
import { SecretServiceStore } from './secret-service-store.ts';
import type { SecretStore } from './secret-store.ts';

/** Options of {@link SecretStores}. */
export interface SecretStoresOptions {
  /** Where the files are; made when something is kept in them. */
  readonly dir: string;
  /** The desktop's. */
  readonly cipher?: SecretCipher | undefined;
  readonly env?: Environment;
  /** How long a helper or keyring may take. */
  readonly timeoutMs?: number;
  /** The helper that Docker keeps passwords with. Throws `credentials/unreadable`. */
  readonly dockerStore: () => Promise<string | undefined>;
}

/** Helpers that keep what they are given, as opposed to those that log in to a cloud. */
const knownHelpers = ['osxkeychain', 'secretservice', 'pass', 'wincred'];

/** See the head of this file. */
export class SecretStores {
  readonly file: FileStore;
  readonly #options: SecretStoresOptions;

  constructor(options: SecretStoresOptions) {
    this.#options = options;
    this.file = new FileStore(path.join(options.dir, 'secrets.json'));
  }

  /** Those that encrypt, the best first; whether they work is not known yet. */
  async #encrypting(): Promise<SecretStore[]> {
    const docker = await this.#options.dockerStore().catch((error: unknown) => {
      // It is read for a preference alone; who looks for a credential in it will hear of it.
      if (isAppError(error, 'credentials/unreadable')) return undefined;
      throw error;
    });
    const names = new Set([...(docker ? [docker] : []), ...knownHelpers]);
    const helpers: HelperStore[] = [];
    for (const name of names) {
      const helper = this.#helper(name);
      const isWanted = name === docker || (await helper?.absence()) === undefined;
      if (helper && isWanted) helpers.push(helper);
    }
    return [
      ...(this.#options.cipher ? [this.#safeStorage()] : []),
      new SecretServiceStore(this.#options),
      ...helpers,
    ];
  }

  /** The store that something was kept in; undefined where a helper's name is none. */
  of(keeper: SecretKeeper, helper: string | undefined): SecretStore | undefined {
    switch (keeper) {
      case 'safe-storage':
        return this.#safeStorage();
      case 'secret-service':
        return new SecretServiceStore(this.#options);
      case 'docker-helper':
        return helper === undefined ? undefined : this.#helper(helper);
      case 'file':
        return this.file;
    }
  }

  /** The first that works, tried out; and why no better one. */
  async choose(
    signal?: AbortSignal,
  ): Promise<{ readonly store: SecretStore; readonly storage: SecretStorage }> {
    const problems: string[] = [];
    const stores = await this.#encrypting();
    for (const store of stores) {
      const problem = await store.problem(signal);
      if (problem === undefined) {
        const { keeper, where } = store;
        const explanation = `It is kept by ${where}${aside(problems)}.`;
        return { store, storage: { keeper, isEncrypted: true, explanation } };
      }
      problems.push(problem);
    }
    if (!stores.some(({ keeper }) => keeper === 'docker-helper')) {
      problems.push('there is no Docker credential helper');
    }
    const { file } = this;
    const explanation = `Nothing here keeps it encrypted${aside(problems)}. It would be written to ${file.where}, which you alone may read.`;
    return { store: file, storage: { keeper: 'file', isEncrypted: false, explanation } };
  }

  #safeStorage(): SafeStorageStore {
    const { cipher = noDesktop, dir } = this.#options;
    return new SafeStorageStore(path.join(dir, 'safe-storage.json'), cipher);
  }

  #helper(name: string): HelperStore | undefined {
    try {
      return new HelperStore(name, this.#options);
    } catch (error) {
      if (isAppError(error, 'credentials/unreadable')) return undefined;
      throw error;
    }
  }
}

/** Another host process may find what a desktop has kept. */
const noDesktop: SecretCipher = {
  name: 'the keychain of the desktop',
  problem: () => Promise.resolve('is used by the desktop application alone'),
  encrypt: () => Promise.reject(new Error('There is no desktop here.')),
  decrypt: () => Promise.reject(new Error('There is no desktop here.')),
};

/** Why nothing better, in brackets. */
function aside(problems: readonly string[]): string {
  return problems.length === 0 ? '' : ` (${problems.join('; ')})`;
}
