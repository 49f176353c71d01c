/** A guest's text for a person: nothing in it moves a cursor or turns the direction of a text. */
export function visibleText(bytes: Uint8Array, maxCharacters: number): string {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return Array.from(text).slice(0, maxCharacters).join('');
}
