/** Which credential is used for a registry: Skerry's own, then those of other programs. */
import { isAppError } from '../base/app-error.ts';
import type {
  CredentialSearch,
  CredentialState,
  FoundCredential,
  SearchOptions,
} from './credential-source.ts';
import type { HelperOptions } from './docker-helper.ts';
import { KeptCredentials } from './kept-credentials.ts';
import { OtherPrograms } from './other-programs.ts';
import type { SecretCipher } from './safe-storage-store.ts';

/** Options of {@link Credentials}; those of helpers are for tests. */
export interface CredentialsOptions extends HelperOptions {
  /** For the index and the files of secrets; made when something is kept. */
  readonly dir: string;
  /** The desktop's. */
  readonly cipher?: SecretCipher | undefined;
}

/** See the head of this file. */
export class Credentials {
  readonly kept: KeptCredentials;
  readonly #others: OtherPrograms;

  constructor(options: CredentialsOptions) {
    const others = new OtherPrograms(options);
    this.#others = others;
    this.kept = new KeptCredentials({ ...options, dockerStore: () => others.dockerStore() });
  }

  /**
   * The credential for a repository, or for a registry as a whole; none is anonymous.
   * @throws AppError `credentials/unreadable`, `operation/cancelled`
   */
  async find(
    search: CredentialSearch,
    options: SearchOptions = {},
  ): Promise<FoundCredential | undefined> {
    const own = await this.kept.find(search.registry, options);
    return own ?? (await this.#others.find(search, options));
  }

  /**
   * What would be used for a registry; asks helpers, but for no secret of Skerry's own. Where the
   * signal aborts, that is the problem.
   */
  async describe(registry: string, signal?: AbortSignal): Promise<CredentialState> {
    try {
      const own = await this.kept.describe(registry);
      if (own.credential !== undefined) return own;
      const found = await this.#others.find({ registry }, { signal });
      return found === undefined ? {} : { credential: found.source };
    } catch (error) {
      if (isAppError(error, 'credentials/unreadable')) return { problem: error.message };
      if (!isAppError(error, 'operation/cancelled')) throw error;
      return { problem: 'The credential helper did not answer in time.' };
    }
  }

  /** The registries that there are credentials for, as far as can be read. */
  async registries(): Promise<string[]> {
    const lists = [() => this.kept.registries(), () => this.#others.registries()];
    const names = new Set<string>();
    for (const list of lists) {
      try {
        for (const name of await list()) names.add(name);
      } catch (error) {
        // Each registry that is described has that problem by itself.
        if (!isAppError(error, 'credentials/unreadable')) throw error;
      }
    }
    return [...names];
  }
}
