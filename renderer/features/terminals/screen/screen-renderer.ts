/** Draws a terminal with WebGL while it is seen, and without it where that does not work. */
import { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';

/** A browser has few WebGL contexts, so only a screen that is seen has one. */
export class ScreenRenderer {
  readonly #terminal: Terminal;
  #webgl: WebglAddon | undefined;
  #isBroken = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  setVisible(isVisible: boolean): void {
    if (!isVisible) this.#release();
    else if (this.#webgl === undefined && !this.#isBroken) this.#acquire();
  }

  #acquire(): void {
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => {
        // Without the addon xterm draws with elements, which needs no context.
        this.#isBroken = true;
        this.#release();
      });
      this.#terminal.loadAddon(webgl);
      this.#webgl = webgl;
    } catch {
      this.#isBroken = true;
    }
  }

  #release(): void {
    this.#webgl?.dispose();
    this.#webgl = undefined;
  }
}
