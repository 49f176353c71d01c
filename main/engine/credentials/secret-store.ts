/** Where Skerry keeps secrets of its own. */
import { z } from 'zod';
import { credentialSchema, type Credential, type SecretKeeper } from '../../contract/registry.ts';
import { AppError } from '../base/app-error.ts';

/** One place for secrets, each under the name of its registry. Throws `credentials/unreadable`. */
export interface SecretStore {
  readonly keeper: SecretKeeper;
  /** For people: the keyring, the helper or the file. */
  readonly where: string;
  /** The helper, where there are several stores of that keeper. */
  readonly helper?: string;
  /** Why it is not there at all, as part of a sentence; nobody is asked anything. */
  absence(): Promise<string | undefined>;
  /** Why it cannot be used, as part of a sentence; undefined where it can, which was tried. */
  problem(signal?: AbortSignal): Promise<string | undefined>;
  get(registry: string, signal?: AbortSignal): Promise<Credential | undefined>;
  set(registry: string, credential: Credential, signal?: AbortSignal): Promise<void>;
  /** Of what is not there: nothing. */
  delete(registry: string, signal?: AbortSignal): Promise<void>;
}

/** A credential as one text. */
export function writeSecret(credential: Credential): string {
  return JSON.stringify(credential);
}

/** Reads {@link writeSecret}; `where` is for the message. @throws AppError `credentials/unreadable` */
export function readSecret(text: string, where: string): Credential {
  try {
    return credentialSchema.parse(JSON.parse(text));
  } catch {
    // What does not parse is a secret all the same.
    throw new AppError('credentials/unreadable', `What ${where} holds is no credential.`, {
      hint: 'Log in to the registry again.',
    });
  }
}

/** Of files whose names are registries; `__proto__` is none. */
export const registryRecord = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string().max(260), value);
