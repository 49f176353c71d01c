import { createStore } from 'zustand/vanilla';

/** How a sandbox stands still: its shells are there, and nothing of them runs. */
export type Standstill = 'paused' | 'suspending' | 'suspended';

/** What the window tells the terminals of sandboxes that stand still. */
export interface Standstills {
  /** By the name of the sandbox. */
  readonly byName: Readonly<Record<string, Standstill>>;
  /** Has a sandbox go on. */
  readonly onGoOn: (sandbox: string) => void;
}

/** Told by whoever shows the panel. */
export const standstillStore = createStore<Standstills>(() => ({
  byName: {},
  onGoOn: () => undefined,
}));
