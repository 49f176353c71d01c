/** Texts of a guest for a person. Pure; every byte is an attacker's. */

/** Longest name of a program that is shown; Linux itself keeps 15 bytes. */
const maxNameCharacters = 64;

/** Nothing in it moves a cursor or turns the direction of a text. */
export function visibleText(bytes: Uint8Array, maxCharacters: number): string {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return Array.from(text).slice(0, maxCharacters).join('');
}

/** The name of a program, as {@link visibleText}. */
export function programName(bytes: Uint8Array): string {
  return visibleText(bytes, maxNameCharacters);
}
