/** OSC 52 of xterm's "Control Sequences": a program sets the clipboard. Reading it is never answered. */

/** Longest text that a program may put on the clipboard, in characters of base64. */
const maxEncodedLength = 128 * 1024;

/** The text that a program wants to copy (`Pc ; Pd`); undefined where it asks, or sends nonsense. */
export function parseClipboardWrite(data: string): string | undefined {
  const separator = data.indexOf(';');
  const encoded = data.slice(separator + 1);
  if (separator < 0 || encoded === '' || encoded === '?') return undefined;
  if (encoded.length > maxEncodedLength) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
