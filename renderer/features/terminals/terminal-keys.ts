/** Which keys in a terminal are the window's and not the shell's. Pure. */

/** Whose habits the keys follow. */
export type KeyboardPlatform = 'mac' | 'windows' | 'linux';

/** What a key asks for; `shell` is everything else, `window` bubbles to the window's own keys. */
export type TerminalKey = 'copy' | 'paste' | 'find' | 'window' | 'shell';

/** The part of a keyboard event that decides. */
export type KeyStroke = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'
>;

/** Says what a key asks for; with a selection, Ctrl+C on Windows copies it. */
export function classifyKey(
  stroke: KeyStroke,
  platform: KeyboardPlatform,
  hasSelection: boolean,
): TerminalKey {
  const { ctrlKey, shiftKey, altKey, metaKey, code } = stroke;
  const key = stroke.key.toLowerCase();
  if (altKey) return 'shell';
  if (ctrlKey && !metaKey && code === 'Backquote') return 'window';
  if (ctrlKey && shiftKey && !metaKey && key === 'p') return 'window';
  if (platform === 'mac') {
    if (!metaKey || ctrlKey) return 'shell';
    if (key === 'c') return 'copy';
    if (key === 'v') return 'paste';
    if (key === 'f') return 'find';
    return 'window';
  }
  if (!ctrlKey || metaKey) return 'shell';
  if (key === 'f' && !shiftKey) return 'find';
  if (shiftKey && key === 'c') return 'copy';
  if (shiftKey && key === 'v') return 'paste';
  if (platform === 'windows' && key === 'v') return 'paste';
  if (platform === 'windows' && key === 'c' && hasSelection) return 'copy';
  return 'shell';
}

/** The platform of the page's keyboard. */
export function keyboardPlatform(userAgent: string): KeyboardPlatform {
  if (/Macintosh|iPhone|iPad/.test(userAgent)) return 'mac';
  return userAgent.includes('Windows') ? 'windows' : 'linux';
}
