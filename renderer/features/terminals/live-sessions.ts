import type { TerminalSession } from './terminal-session.ts';
import { removeTerminal } from './terminal-store.ts';

/** The sessions behind the tabs that are on the screen, by the tab's id. */
export const liveSessions = new Map<string, TerminalSession>();

/** Ends a tab's shell and takes the tab away. */
export function closeTerminal(id: string): void {
  liveSessions.get(id)?.hangUp();
  liveSessions.delete(id);
  removeTerminal(id);
}
