/** A credential as it is sent, told apart and named in messages. */
import { createHash } from 'node:crypto';
import type { Credential } from '../../../contract/registry.ts';
import { quote } from '../quote.ts';

/** Docker's name for the user of an identity token. */
const tokenUser = '<token>';

/** Tells credentials apart without holding them. */
export function credentialKey(credential: Credential | undefined): string {
  if (credential === undefined) return 'anonymous';
  return createHash('sha256').update(JSON.stringify(credential)).digest('hex');
}

/** `Authorization` of Basic authentication (RFC 7617), in UTF-8. */
export function basicAuthorization(credential: Credential): string {
  const [user, password] =
    'identityToken' in credential
      ? [tokenUser, credential.identityToken]
      : [credential.username, credential.password];
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** For a message: `the password of "alice"`. */
export function secretInWords(credential: Credential): string {
  if ('identityToken' in credential) return 'the identity token';
  return `the password of ${quote(credential.username)}`;
}

/** For a message: `"alice"`. */
export function userInWords(credential: Credential): string {
  return 'identityToken' in credential
    ? 'the owner of the identity token'
    : quote(credential.username);
}

/** Every form in which the secret could come back in an answer. */
export function secretForms(credential: Credential): string[] {
  const secret = 'identityToken' in credential ? credential.identityToken : credential.password;
  const basic = basicAuthorization(credential).slice('Basic '.length);
  const forms = [basic, secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
