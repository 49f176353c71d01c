import type { KeyboardEvent } from 'react';
import type { SkerryClient } from '../../../bridge/connection.ts';
import { keyboardPlatform, meaningOfKey } from '../screen/terminal-keys.ts';
import { runTerminalCommand } from '../terminal-commands.ts';
import { liveTerminals } from '../live-terminals.ts';
import { terminalSettingsStore } from '../terminal-settings.ts';
import { focusedTerminal, terminalStore } from '../terminal-store.ts';

const platform = keyboardPlatform(navigator.userAgent);

/** Runs the command of a key that was pressed anywhere in the panel. */
export function handlePanelKey(event: KeyboardEvent, client: SkerryClient): void {
  if (event.defaultPrevented) return;
  const terminal = focusedTerminal(terminalStore.getState());
  const selection = terminal === undefined ? '' : liveTerminals.get(terminal.id)?.screen.selection;
  const { copiesWithCtrlC } = terminalSettingsStore.getState();
  const meaning = meaningOfKey(event.nativeEvent, platform, {
    hasSelection: selection !== undefined && selection !== '',
    copiesWithCtrlC,
  });
  // The browser follows the keys of `paste` with a paste event, which needs no permission.
  if (meaning === 'shell' || meaning === 'window' || meaning === 'paste') return;
  const { target } = event;
  const isScreen = target instanceof Element && target.closest('.xterm') !== null;
  // In a text field the usual keys for texts are its own.
  const isField = target instanceof Element && target.matches('input') && !isScreen;
  if (isField && (meaning === 'copy' || meaning.endsWith('-prompt'))) return;
  event.preventDefault();
  runTerminalCommand(meaning, client);
}
