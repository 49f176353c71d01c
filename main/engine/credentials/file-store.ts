import { credentialSchema, type Credential } from '../../contract/registry.ts';
import { SecretFile } from './secret-file.ts';
import type { SecretStore } from './secret-store.ts';

/** Secrets in a file that its owner alone may read, not encrypted: only where the user said so. */
export class FileStore implements SecretStore {
  readonly keeper = 'file';
  readonly where: string;
  readonly #file: SecretFile<typeof credentialSchema>;

  constructor(path: string) {
    this.where = path;
    this.#file = new SecretFile(path, credentialSchema);
  }

  absence(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  problem(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async get(registry: string): Promise<Credential | undefined> {
    return (await this.#file.read()).get(registry);
  }

  async set(registry: string, credential: Credential): Promise<void> {
    await this.#file.change((credentials) => credentials.set(registry, credential));
  }

  async delete(registry: string): Promise<void> {
    if (!(await this.#file.read()).has(registry)) return;
    await this.#file.change((credentials) => credentials.delete(registry));
  }
}
