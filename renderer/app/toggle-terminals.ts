import { terminalStore, togglePanel } from '../features/terminals/terminal-store.ts';

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
