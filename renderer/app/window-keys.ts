import { useEffect } from 'react';
import { onMenuCommand, type MenuCommand } from '../bridge/menu-commands.ts';
import { terminalStore, togglePanel } from '../features/terminals/terminal-store.ts';
import { navigate } from './use-route.ts';

/** Where the focus was before it went into the terminals. */
let focusBefore: Element | null = null;

/** Opens the terminals and goes into them; from inside, closes them and goes back. */
export function toggleTerminals(): void {
  const panel = document.activeElement?.closest('.panel');
  const isInside = panel !== null && panel !== undefined;
  if (!isInside) focusBefore = document.activeElement;
  togglePanel(isInside);
  if (terminalStore.getState().isOpen) return;
  if (focusBefore instanceof HTMLElement && focusBefore.isConnected) focusBefore.focus();
  else document.getElementById('page')?.focus();
}

/** The keys that work everywhere, and the same commands from the desktop menu. */
export function useWindowKeys(openPalette: () => void): void {
  useEffect(() => {
    const run = (command: MenuCommand) => {
      switch (command) {
        case 'toggle-terminal':
          toggleTerminals();
          return;
        case 'command-palette':
          openPalette();
          return;
        case 'new-sandbox':
          navigate({ page: 'create' });
          return;
        case 'show-host':
          navigate({ page: 'host' });
      }
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const command = commandOfKey(event);
      if (command === undefined || event.defaultPrevented) return;
      event.preventDefault();
      run(command);
    };
    window.addEventListener('keydown', onKeyDown);
    const endMenu = onMenuCommand(run);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      endMenu();
    };
  }, [openPalette]);
}

/** The command of a key: Ctrl+`, Ctrl+K or Cmd+K, and Ctrl+Shift+P, which shells leave free. */
export function commandOfKey(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
): MenuCommand | undefined {
  const { ctrlKey, metaKey, shiftKey, altKey, code } = event;
  const key = event.key.toLowerCase();
  if (altKey || (ctrlKey && metaKey)) return undefined;
  if (ctrlKey && !shiftKey && code === 'Backquote') return 'toggle-terminal';
  if ((ctrlKey || metaKey) && !shiftKey && key === 'k') return 'command-palette';
  if ((ctrlKey || metaKey) && shiftKey && key === 'p') return 'command-palette';
  return undefined;
}
