import type { SkerryClient } from '../../bridge/connection.ts';
import { terminalPaletteCommands } from '../../features/terminals/terminal-palette.ts';
import {
  terminalShortcuts,
  type TerminalShortcut,
} from '../../features/terminals/terminal-shortcuts.ts';
import { translate } from '../../words/language.ts';
import type { Command } from './command.ts';
import { isMac } from './is-mac.ts';
import type { Shortcut } from './shortcut.ts';

/** What can be done with the terminal that has, or had, the keyboard; its keys are its own. */
export function terminalCommands(client: SkerryClient): Command[] {
  return terminalPaletteCommands(client).map(({ id, shortcut, ...command }) => ({
    ...command,
    id: `terminals.${id}`,
    group: 'terminals',
    ...(shortcut === undefined ? {} : { shortcut: writtenAsHere(shortcut) }),
  }));
}

/** The keys that only a terminal hears, for a list of all keys. */
export function terminalKeys() {
  return {
    title: translate('terminals:shortcutsTitle'),
    rows: terminalShortcuts.map((shortcut) => ({
      label: translate(`terminals:${shortcut.labelKey}`),
      shortcuts: [writtenAsHere(shortcut)],
    })),
  };
}

/** `Ctrl++` parts at each plus sign, so that the key has a name. */
function writtenAsHere({ keys, macKeys }: TerminalShortcut): Shortcut {
  return (isMac() ? macKeys : keys).replace(/\+\+$/, '+Plus').replace('Cmd', 'Mod');
}
