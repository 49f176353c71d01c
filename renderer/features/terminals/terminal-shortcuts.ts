/** The keys of the terminals, in one list: what they do, and how they are shown. Pure. */

/** What a key in the terminals asks for. */
export type TerminalCommand =
  | 'copy'
  | 'paste'
  | 'find'
  | 'new-terminal'
  | 'split-right'
  | 'split-down'
  | 'close-terminal'
  | 'focus-left'
  | 'focus-right'
  | 'focus-up'
  | 'focus-down'
  | 'next-tab'
  | 'previous-tab'
  | 'move-tab-left'
  | 'move-tab-right'
  | 'previous-prompt'
  | 'next-prompt'
  | 'larger-text'
  | 'smaller-text'
  | 'usual-text'
  | 'maximise'
  | 'broadcast';

/** One line of the list of shortcuts. */
export interface TerminalShortcut {
  readonly id: TerminalCommand;
  /** `Ctrl+Shift+C`; the last part is a `key` of the DOM, or a `code` where it names a place. */
  readonly keys: string;
  /** The same on a Mac. */
  readonly macKeys: string;
  /** In the words of `terminals`. */
  readonly labelKey: `shortcuts.${TerminalCommand}`;
}

function shortcut(id: TerminalCommand, keys: string, macKeys = keys): TerminalShortcut {
  return { id, keys, macKeys, labelKey: `shortcuts.${id}` };
}

/** None of them is one that shells, editors or readline use; most have Shift besides Ctrl. */
export const terminalShortcuts: readonly TerminalShortcut[] = [
  shortcut('copy', 'Ctrl+Shift+C', 'Cmd+C'),
  shortcut('paste', 'Ctrl+Shift+V', 'Cmd+V'),
  shortcut('find', 'Ctrl+Shift+F', 'Cmd+F'),
  shortcut('new-terminal', 'Ctrl+Shift+`'),
  shortcut('split-right', 'Ctrl+Shift+E', 'Cmd+D'),
  shortcut('split-down', 'Ctrl+Shift+O', 'Cmd+Shift+D'),
  shortcut('close-terminal', 'Ctrl+Shift+D', 'Cmd+Shift+E'),
  shortcut('focus-left', 'Alt+Shift+ArrowLeft', 'Cmd+Alt+ArrowLeft'),
  shortcut('focus-right', 'Alt+Shift+ArrowRight', 'Cmd+Alt+ArrowRight'),
  shortcut('focus-up', 'Alt+Shift+ArrowUp', 'Cmd+Alt+ArrowUp'),
  shortcut('focus-down', 'Alt+Shift+ArrowDown', 'Cmd+Alt+ArrowDown'),
  shortcut('next-tab', 'Alt+Shift+PageDown'),
  shortcut('previous-tab', 'Alt+Shift+PageUp'),
  shortcut('move-tab-left', 'Ctrl+Shift+PageUp'),
  shortcut('move-tab-right', 'Ctrl+Shift+PageDown'),
  shortcut('previous-prompt', 'Ctrl+Shift+ArrowUp', 'Cmd+ArrowUp'),
  shortcut('next-prompt', 'Ctrl+Shift+ArrowDown', 'Cmd+ArrowDown'),
  shortcut('larger-text', 'Ctrl++', 'Cmd++'),
  shortcut('smaller-text', 'Ctrl+-', 'Cmd+-'),
  shortcut('usual-text', 'Ctrl+0', 'Cmd+0'),
  shortcut('maximise', 'Ctrl+Shift+M', 'Cmd+Shift+M'),
  shortcut('broadcast', 'Ctrl+Shift+B', 'Cmd+Shift+B'),
];

/** The keys of a command as they are shown: arrows as arrows. */
export function shownKeys(id: TerminalCommand, isMac: boolean): string {
  const found = terminalShortcuts.find((one) => one.id === id);
  const keys = isMac ? found?.macKeys : found?.keys;
  return (keys ?? '')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓');
}
