import { createStore } from 'zustand/vanilla';
import type { Sort } from './table-order.ts';

/** How the list is shown; the same when one comes back to it. */
export const listStore = createStore<{ readonly text: string; readonly sort: Sort }>(() => ({
  text: '',
  sort: { key: 'created', isDescending: false },
}));
