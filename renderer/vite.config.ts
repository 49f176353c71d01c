import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Relative addresses, so that the same files work behind a host and behind a custom scheme. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  define: {
    'import.meta.env.VITE_SKERRY_FAKE': JSON.stringify(process.env['VITE_SKERRY_FAKE'] ?? ''),
  },
  build: {
    outDir: process.env['SKERRY_RENDERER_OUT'] ?? '../dist/renderer',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // The page's CSP allows no data: scripts and no inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // xterm.js with its addons is one chunk that is loaded with the first terminal.
    chunkSizeWarningLimit: 600,
  },
});
