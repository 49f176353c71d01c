/** Names of programs as a guest says them. Pure; every byte is an attacker's. */

const maxCharacters = 64;

/** Nothing in it moves a cursor or turns the direction of a text. */
export function programName(bytes: Uint8Array): string {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return Array.from(text).slice(0, maxCharacters).join('');
}
