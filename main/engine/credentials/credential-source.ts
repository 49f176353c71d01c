/** What the parts of a lookup share. */
import type { Credential, CredentialSource } from '../../contract/registry.ts';

/** What a credential is looked for. */
export interface CredentialSearch {
  /** `docker.io`, `registry.example:5000`. */
  readonly registry: string;
  /** `team/app`; only Podman's files tell repositories of one registry apart. */
  readonly repository?: string | undefined;
}

/** How to look. */
export interface SearchOptions {
  readonly signal?: AbortSignal | undefined;
  /** What was found a moment ago was refused: do not answer from memory. */
  readonly isAgain?: boolean | undefined;
}

/** A credential and where it is from. Never leaves the engine. */
export interface FoundCredential {
  readonly credential: Credential;
  readonly source: CredentialSource;
}

/** What is known of the credential of a registry without its secret. */
export interface CredentialState {
  readonly credential?: CredentialSource;
  /** Why one that is configured cannot be read. */
  readonly problem?: string;
}

/** Variables of the environment; this process's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Docker's name for the user of an identity token. */
export const identityTokenUser = '<token>';

/** A user name and what belongs to it, as Docker and its helpers write them; none where empty. */
export function toCredential(username: string, secret: string): Credential | undefined {
  if (secret === '') return undefined;
  if (username === identityTokenUser) return { identityToken: secret };
  return username === '' ? undefined : { username, password: secret };
}

/** The parts of a source that the credential itself tells. */
export function kindOf(credential: Credential): Pick<CredentialSource, 'kind' | 'username'> {
  if ('identityToken' in credential) return { kind: 'identity-token' };
  return { kind: 'password', username: credential.username };
}
