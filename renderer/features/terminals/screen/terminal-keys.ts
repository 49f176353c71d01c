/** Which keys in a terminal are the window's and not the shell's. Pure. */
import { terminalShortcuts, type TerminalCommand } from '../terminal-shortcuts.ts';

/** Whose habits the keys follow. */
export type KeyboardPlatform = 'mac' | 'windows' | 'linux';

/** What a key asks for; `shell` is everything else, `window` bubbles to the window's own keys. */
export type KeyMeaning = TerminalCommand | 'window' | 'shell';

/** The part of a keyboard event that decides. */
export type KeyStroke = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'
>;

/** What decides about Ctrl+C. */
export interface SelectionState {
  readonly hasSelection: boolean;
  readonly copiesWithCtrlC: boolean;
}

/** Says what a key asks for; with a selection, Ctrl+C on Windows copies it. */
export function meaningOfKey(
  stroke: KeyStroke,
  platform: KeyboardPlatform,
  selection: SelectionState,
): KeyMeaning {
  const isMac = platform === 'mac';
  const command = terminalShortcuts.find(({ keys, macKeys }) =>
    matches(isMac ? macKeys : keys, stroke),
  );
  if (command !== undefined) return command.id;
  const { ctrlKey, shiftKey, altKey, metaKey, code } = stroke;
  const key = stroke.key.toLowerCase();
  if (altKey) return 'shell';
  if (ctrlKey && !metaKey && !shiftKey && code === 'Backquote') return 'window';
  if (ctrlKey && shiftKey && !metaKey && key === 'p') return 'window';
  if (isMac) return metaKey && !ctrlKey ? 'window' : 'shell';
  if (!ctrlKey || metaKey || shiftKey) return 'shell';
  if (platform === 'windows' && key === 'v') return 'paste';
  const copies = platform === 'windows' || selection.copiesWithCtrlC;
  return key === 'c' && copies && selection.hasSelection ? 'copy' : 'shell';
}

/** Whether a stroke is the one that is written so. */
function matches(keys: string, stroke: KeyStroke): boolean {
  const isPlus = keys.endsWith('++');
  const parts = isPlus ? [...keys.slice(0, -2).split('+'), '+'] : keys.split('+');
  const key = parts.at(-1) ?? '';
  const has = (modifier: string) => parts.slice(0, -1).includes(modifier);
  if (stroke.ctrlKey !== has('Ctrl') || stroke.metaKey !== has('Cmd')) return false;
  if (stroke.altKey !== has('Alt')) return false;
  // Where the plus sign is on a keyboard, and with it Shift, differs from country to country.
  if (isPlus) return stroke.key === '+' || stroke.key === '=';
  if (stroke.shiftKey !== has('Shift')) return false;
  if (key === '`') return stroke.code === 'Backquote';
  return stroke.key.toLowerCase() === key.toLowerCase();
}

/** The platform of the page's keyboard. */
export function keyboardPlatform(userAgent: string): KeyboardPlatform {
  if (/Macintosh|iPhone|iPad/.test(userAgent)) return 'mac';
  return userAgent.includes('Windows') ? 'windows' : 'linux';
}
