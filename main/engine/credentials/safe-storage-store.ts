/** Secrets in a file, encrypted by the desktop with a key that the system's keychain keeps. */
import { z } from 'zod';
import type { Credential } from '../../contract/registry.ts';
import { AppError } from '../base/app-error.ts';
import { SecretFile } from './secret-file.ts';
import { readSecret, writeSecret, type SecretStore } from './secret-store.ts';

/** Encrypts with a key that only this user's session has. The desktop brings one. */
export interface SecretCipher {
  /** For people: `the keychain`. */
  readonly name: string;
  /** Why it cannot be used, as what follows its name: `is locked`; undefined where it can. */
  problem(): Promise<string | undefined>;
  encrypt(text: string): Promise<Uint8Array>;
  decrypt(bytes: Uint8Array): Promise<{
    readonly text: string;
    /** The key has changed: encrypt it anew. */
    readonly isOutdated: boolean;
  }>;
}

const blobSchema = z.base64().max(512 * 1024);

/** See the head of this file. */
export class SafeStorageStore implements SecretStore {
  readonly keeper = 'safe-storage';
  readonly where: string;
  readonly #cipher: SecretCipher;
  readonly #file: SecretFile<typeof blobSchema>;

  constructor(path: string, cipher: SecretCipher) {
    this.where = cipher.name;
    this.#cipher = cipher;
    this.#file = new SecretFile(path, blobSchema);
  }

  async absence(): Promise<string | undefined> {
    const problem = await this.#cipher.problem();
    return problem === undefined ? undefined : `${this.where} ${problem}`;
  }

  async problem(): Promise<string | undefined> {
    return await this.absence();
  }

  async get(registry: string): Promise<Credential | undefined> {
    const blob = (await this.#file.read()).get(registry);
    if (blob === undefined) return undefined;
    await this.#checkCipher();
    const { text, isOutdated } = await this.#cipher
      .decrypt(Buffer.from(blob, 'base64'))
      .catch((cause: unknown) => {
        throw this.#unreadable(`${this.where} does not decrypt it`, cause);
      });
    const credential = readSecret(text, this.where);
    // It can be read all the same where it cannot be written anew.
    if (isOutdated) await this.set(registry, credential).catch(() => undefined);
    return credential;
  }

  async set(registry: string, credential: Credential): Promise<void> {
    await this.#checkCipher();
    const bytes = await this.#cipher.encrypt(writeSecret(credential)).catch((cause: unknown) => {
      throw this.#unreadable(`${this.where} does not encrypt it`, cause);
    });
    const blob = Buffer.from(bytes).toString('base64');
    await this.#file.change((blobs) => blobs.set(registry, blob));
  }

  async delete(registry: string): Promise<void> {
    if (!(await this.#file.read()).has(registry)) return;
    await this.#file.change((blobs) => blobs.delete(registry));
  }

  async #checkCipher(): Promise<void> {
    const problem = await this.absence();
    if (problem !== undefined) throw this.#unreadable(problem);
  }

  #unreadable(problem: string, cause?: unknown): AppError {
    const message = `The credential cannot be had: ${problem}.`;
    const hint = 'Unlock the keychain of this desktop, or log in to the registry again.';
    return new AppError('credentials/unreadable', message, { hint, cause });
  }
}
