import { createStore } from 'zustand/vanilla';
import type { ScreenLook } from './screen/screen.ts';

/** How the window looks around the terminals, as the panel was told; for the preview of settings. */
export const seenLookStore = createStore<ScreenLook>(() => ({
  theme: 'light',
  isReadAloud: false,
}));
