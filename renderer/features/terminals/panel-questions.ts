/** What the panel asks before it goes on. */
import { createStore } from 'zustand/vanilla';
import type { Paste } from './screen/paste-text.ts';

/** A program that would end with its terminal. */
export interface RunningProgram {
  readonly name: string;
  readonly sandbox: string;
}

/** The questions that are open. */
interface Questions {
  readonly paste: { readonly terminalId: string; readonly paste: Paste } | undefined;
  readonly close:
    | { readonly terminalIds: readonly string[]; readonly programs: readonly RunningProgram[] }
    | undefined;
}

/** See {@link Questions}. */
export const questionStore = createStore<Questions>(() => ({ paste: undefined, close: undefined }));

/** Asks whether a text of several lines may be pasted. */
export function askAboutPaste(terminalId: string, paste: Paste): void {
  questionStore.setState({ paste: { terminalId, paste } });
}
