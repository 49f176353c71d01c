/** Skerry's own credentials: which there are, and which store keeps each. */
import path from 'node:path';
import { z } from 'zod';
import {
  secretKeeperSchema,
  type Credential,
  type CredentialSource,
  type SecretStorage,
} from '../../contract/registry.ts';
import { AppError, isAppError } from '../base/app-error.ts';
import { Limiter } from '../base/limiter.ts';
import {
  kindOf,
  type CredentialState,
  type FoundCredential,
  type SearchOptions,
} from './credential-source.ts';
import { Remembered } from './remembered.ts';
import { SecretFile } from './secret-file.ts';
import type { SecretStore } from './secret-store.ts';
import { SecretStores, type SecretStoresOptions } from './secret-stores.ts';

/** What is written down of a credential: nothing secret. */
const entrySchema = z.object({
  keeper: secretKeeperSchema,
  helper: z.string().optional(),
  kind: z.enum(['password', 'identity-token']),
  username: z.string().optional(),
});

type Entry = z.infer<typeof entrySchema>;

/** See the head of this file. */
export class KeptCredentials {
  readonly #stores: SecretStores;
  readonly #index: SecretFile<typeof entrySchema>;
  readonly #answers = new Remembered<Credential | undefined>();
  /** Changes, one at a time: each is of a store and of the index. */
  readonly #changes = new Limiter(1);

  constructor(options: SecretStoresOptions) {
    this.#stores = new SecretStores(options);
    this.#index = new SecretFile(path.join(options.dir, 'logins.json'), entrySchema);
  }

  /** The registries that something is kept for. @throws AppError `credentials/unreadable` */
  async registries(): Promise<string[]> {
    return [...(await this.#index.read()).keys()];
  }

  /** What is kept for a registry, without its secret. @throws AppError `credentials/unreadable` */
  async describe(registry: string): Promise<CredentialState> {
    const entry = (await this.#index.read()).get(registry);
    if (entry === undefined) return {};
    const store = this.#storeOf(registry, entry);
    const absence = await store.absence();
    const problem = `The credential for ${registry} is kept where it cannot be read: ${absence ?? ''}.`;
    return { credential: this.#source(entry), ...(absence !== undefined && { problem }) };
  }

  /** @throws AppError `credentials/unreadable`, also where the secret is gone from its store */
  async find(registry: string, options: SearchOptions = {}): Promise<FoundCredential | undefined> {
    const entry = (await this.#index.read()).get(registry);
    if (entry === undefined) return undefined;
    const store = this.#storeOf(registry, entry);
    const credential = await this.#answers.get(
      `Asking ${store.where} for ${registry}`,
      (signal) => store.get(registry, signal),
      options,
    );
    if (credential !== undefined) return { credential, source: this.#source(entry) };
    const message = `The credential for ${registry} is no longer in ${store.where}.`;
    const hint = `Log in to ${registry} again, or log out of it.`;
    throw new AppError('credentials/unreadable', message, { hint });
  }

  /** Where a new secret would be kept; every store is tried out. */
  async storage(signal?: AbortSignal): Promise<SecretStorage> {
    return (await this.#stores.choose(signal)).storage;
  }

  /**
   * The store for a new secret.
   * @throws AppError `credentials/no-keeper` where that is the file, which was not allowed
   */
  async chooseStore(allowFile: boolean, signal?: AbortSignal): Promise<SecretStore> {
    const { store, storage } = await this.#stores.choose(signal);
    if (storage.isEncrypted || allowFile) return store;
    const hint = `Install \`secret-tool\` with a keyring or a Docker credential helper, or allow it to be written to ${store.where} (\`--allow-file\`).`;
    throw new AppError('credentials/no-keeper', storage.explanation, { hint });
  }

  /** Keeps a credential in place of the one before. @throws AppError `credentials/…`, `store/…` */
  async keep(registry: string, credential: Credential, store: SecretStore): Promise<void> {
    await this.#changes.run(async () => {
      const before = (await this.#index.read()).get(registry);
      await store.set(registry, credential);
      this.#answers.clear();
      const { keeper, helper } = store;
      const entry = { keeper, ...(helper !== undefined && { helper }), ...kindOf(credential) };
      try {
        await this.#index.change((entries) => entries.set(registry, entry));
      } catch (error) {
        // Nobody would ever look for it.
        if (before === undefined) await store.delete(registry);
        throw error;
      }
      const isElsewhere = before && (before.keeper !== keeper || before.helper !== helper);
      if (isElsewhere) await this.#deleteOld(registry, before);
    });
  }

  /** @throws AppError `registry/not-configured` where nothing is kept; `credentials/unreadable` */
  async forget(registry: string): Promise<void> {
    await this.#changes.run(async () => {
      const entry = (await this.#index.read()).get(registry);
      if (entry === undefined) {
        const message = `Skerry keeps no credential for ${registry}.`;
        throw new AppError('registry/not-configured', message);
      }
      await this.#storeOf(registry, entry).delete(registry);
      await this.#index.change((entries) => entries.delete(registry));
      this.#answers.clear();
    });
  }

  /** A keyring that is not there any more must not keep a new login away. */
  async #deleteOld(registry: string, entry: Entry): Promise<void> {
    try {
      await this.#storeOf(registry, entry).delete(registry);
    } catch (error) {
      if (!isAppError(error, 'credentials/unreadable')) throw error;
    }
  }

  #storeOf(registry: string, { keeper, helper }: Entry): SecretStore {
    const store = this.#stores.of(keeper, helper);
    if (store !== undefined) return store;
    const message = `It is not known which helper keeps the credential for ${registry}.`;
    throw new AppError('credentials/unreadable', message, { hint: 'Log in again.' });
  }

  #source({ keeper, helper, kind, username }: Entry): CredentialSource {
    return {
      ...(username !== undefined && { username }),
      kind,
      source: 'skerry',
      keeper,
      where: this.#stores.of(keeper, helper)?.where ?? 'an unknown helper',
    };
  }
}
