import { createStore } from 'zustand/vanilla';

/**
 * The last branching that was begun on the page of a sandbox, by the sandbox's name: its operation
 * is that of the sandboxes which it makes, and is shown where it was asked for too.
 */
export const begunBranches = createStore<Readonly<Record<string, string>>>(() => ({}));
