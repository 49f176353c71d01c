/** `auths` of Docker's config.json and Podman's auth.json (containers-auth.json(5)). */
import { z } from 'zod';
import type { Credential } from '../../contract/registry.ts';
import { toCredential } from './credential-source.ts';
import { unreadableFile } from './read-json-file.ts';
import { findByRegistry } from './registry-key.ts';

const entrySchema = z.object({
  /** `user:password` in base64. */
  auth: z.string().nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  identitytoken: z.string().nullish(),
  registrytoken: z.string().nullish(),
});

/** The part of both files that is read here. */
export const authFileSchema = z.object({
  auths: z.record(z.string(), entrySchema).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});

/** See {@link authFileSchema}. */
export type AuthFile = z.infer<typeof authFileSchema>;

/**
 * The credential that the file itself holds for a repository; an empty entry, as Docker writes
 * beside a helper, is none. @throws AppError `credentials/unreadable`
 */
export function credentialInFile(
  { auths }: AuthFile,
  path: string,
  registry: string,
  repository?: string,
): Credential | undefined {
  const found = findByRegistry(auths ?? {}, registry, repository);
  if (found === undefined) return undefined;
  const { auth, username, password, identitytoken, registrytoken } = found.value;
  if (identitytoken) return { identityToken: identitytoken };
  if (auth) {
    const pair = decodePair(auth);
    if (pair === undefined) {
      throw unreadableFile(path, `the entry for ${JSON.stringify(found.key)} has another form`);
    }
    return toCredential(...pair);
  }
  if (username && password) return toCredential(username, password);
  if (!registrytoken) return undefined;
  const entry = `the entry for ${JSON.stringify(found.key)}`;
  throw unreadableFile(path, `${entry} has a token of a kind that Skerry does not use`);
}

/** Docker pads some with NUL. */
function decodePair(auth: string): [user: string, password: string] | undefined {
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon <= 0) return undefined;
  return [text.slice(0, colon), text.slice(colon + 1).replace(/\0+$/, '')];
}
