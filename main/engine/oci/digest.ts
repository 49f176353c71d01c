/** Digests as the OCI image specification writes them (descriptor.md); sha256 alone. */
import { createHash } from 'node:crypto';
import { AppError } from '../base/app-error.ts';
import { quote } from './quote.ts';

const digestPattern = /^sha256:([0-9a-f]{64})$/;

/** Whether the text is `sha256:` and 64 lower-case hexadecimal digits. */
export function isDigest(text: string): boolean {
  return digestPattern.test(text);
}

/** The hexadecimal digits, safe as a file name. Throws `image/unsupported` for anything else. */
export function digestHex(digest: string): string {
  const hex = digestPattern.exec(digest)?.[1];
  if (hex === undefined) {
    throw new AppError('image/unsupported', `${quote(digest)} is not a sha256 digest.`);
  }
  return hex;
}

/** Digest of the bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
