import { createStore } from 'zustand/vanilla';
import type { Diagnostics } from '../../../main/contract/diagnostics.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';

/** The bundle that is being looked at. */
export interface DiagnosticsState {
  readonly isOpen: boolean;
  readonly diagnostics: Diagnostics | undefined;
  readonly error: ErrorData | undefined;
}

const nothing = { diagnostics: undefined, error: undefined };

/** Makes a store without a bundle. */
export function createDiagnosticsStore() {
  return createStore<DiagnosticsState>(() => ({ isOpen: false, ...nothing }));
}

/** A store of {@link createDiagnosticsStore}. */
export type DiagnosticsStore = ReturnType<typeof createDiagnosticsStore>;

/** The window's one. */
export const diagnosticsStore = createDiagnosticsStore();

/** Asks for a bundle and shows it; nothing is saved or sent. */
export async function openDiagnostics(
  client: SkerryClient,
  store: DiagnosticsStore = diagnosticsStore,
): Promise<void> {
  store.setState({ isOpen: true, ...nothing });
  try {
    const diagnostics = await client.host.diagnostics();
    // Whoever has closed the dialog in the meantime wants no bundle.
    if (store.getState().isOpen) store.setState({ diagnostics });
  } catch (error) {
    if (store.getState().isOpen) store.setState({ error: toErrorData(error) });
  }
}

/** Closes the dialog and forgets the bundle. */
export function closeDiagnostics(store: DiagnosticsStore = diagnosticsStore): void {
  store.setState({ isOpen: false, ...nothing });
}
