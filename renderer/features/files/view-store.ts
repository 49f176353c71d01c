import { createStore } from 'zustand/vanilla';
import type { SortOrder } from './sort-entries.ts';

/** How lists of files are shown, in every sandbox. */
interface ViewState {
  readonly order: SortOrder;
  readonly showHidden: boolean;
}

/** See {@link ViewState}. */
export const viewStore = createStore<ViewState>(() => ({
  order: { key: 'name', isDescending: false },
  showHidden: false,
}));
