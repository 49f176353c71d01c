import type { Screen } from './screen/screen.ts';

/** What the window may do with a terminal that has a screen; xterm.js is not loaded for this. */
export interface LiveTerminalHandle {
  readonly screen: Screen;
  /** Bytes that are typed or pasted. */
  send(bytes: Uint8Array): void;
  /** A text from the clipboard: asks first where the shell would run lines of it. */
  offerPaste(text: string): void;
  /** Makes the size of this window count. */
  useOwnSize(): void;
  /** Ends its shell, also one that is still to come. */
  close(): void;
}

/** The terminals that have been on the screen, by their id. */
export const liveTerminals = new Map<string, LiveTerminalHandle>();
