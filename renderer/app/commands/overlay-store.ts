import { createStore } from 'zustand/vanilla';

/** What lies above the page now: at most one. */
export interface OverlayState {
  readonly open: 'palette' | 'shortcuts' | undefined;
}

/** The window's one. */
export const overlayStore = createStore<OverlayState>(() => ({ open: undefined }));
