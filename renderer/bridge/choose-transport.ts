import { createBrowserTransport } from './browser.ts';
import { createElectronTransport, type PreloadApi } from './electron.ts';
import type { Transport } from './transport.ts';

declare global {
  interface Window {
    /** Only in the desktop window; see {@link PreloadApi}. */
    readonly skerry?: PreloadApi;
  }
}

/** The transport of the place where the page runs. The fake one is never in a production build. */
export async function chooseTransport(): Promise<Transport> {
  if (import.meta.env.VITE_SKERRY_FAKE === '1') {
    const { createFakeTransport } = await import('./fake/fake-transport.ts');
    return createFakeTransport();
  }
  return window.skerry === undefined
    ? createBrowserTransport()
    : createElectronTransport(window.skerry);
}
