/** Pictures in a terminal: sixel, and the inline images of iTerm2. */
import { ImageAddon } from '@xterm/addon-image';
import type { Terminal } from '@xterm/xterm';

/** Draws pictures, within what one terminal may use of memory; a larger one is left out. */
export function attachImages(terminal: Terminal): void {
  terminal.loadAddon(
    new ImageAddon({
      // 2048 × 2048; four bytes each.
      pixelLimit: 4 * 1024 * 1024,
      // In MB; the oldest pictures make way.
      storageLimit: 32,
      sixelSizeLimit: 8_000_000,
      iipSizeLimit: 8_000_000,
    }),
  );
}
