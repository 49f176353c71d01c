/** xterm.js with its addons, put into an element: what draws a terminal and hears its keys. */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon, type ISearchResultChangeEvent } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { copyText } from '../../ui/clipboard.ts';
import { classifyKey, keyboardPlatform } from './terminal-keys.ts';
import type { TerminalSize } from './terminal-session.ts';
import { searchColours, terminalThemes } from './terminal-themes.ts';

/** What a screen reports. */
export interface ScreenHandlers {
  onInput(bytes: Uint8Array): void;
  onResize(size: TerminalSize): void;
  /** A text from the clipboard, still to be asked about. */
  onPaste(text: string): void;
  onFind(): void;
  onSearchResults(results: ISearchResultChangeEvent): void;
}

/** How a screen looks. */
export interface ScreenLook {
  readonly theme: 'light' | 'dark';
  readonly isReadAloud: boolean;
}

const platform = keyboardPlatform(navigator.userAgent);
/** Largest terminal of the contract. */
const maxRowsOrColumns = 1000;
/** Leaves the modes that a program may have been killed in: mouse, paste brackets, hidden cursor. */
const resetModes = '\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[!p\x1b[0m';

/** One terminal's screen. It lives as long as its tab and is disposed of with it. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon({ highlightLimit: 1000 });
  readonly #element: HTMLElement;
  readonly #listening = new AbortController();
  readonly #observer: ResizeObserver;
  #webgl: WebglAddon | undefined;
  #isWebglBroken = false;
  #frame: number | undefined;
  #theme: 'light' | 'dark' = 'light';

  constructor(element: HTMLElement, handlers: ScreenHandlers) {
    this.#element = element;
    this.#terminal = new Terminal({
      allowProposedApi: true,
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize: 13,
      lineHeight: 1.15,
      scrollback: 10_000,
      minimumContrastRatio: 4.5,
      linkHandler: { activate: openLink },
    });
    const encoder = new TextEncoder();
    this.#terminal.onData((text) => {
      handlers.onInput(encoder.encode(text));
    });
    this.#terminal.onBinary((text) => {
      handlers.onInput(Uint8Array.from(text, (character) => character.charCodeAt(0)));
    });
    this.#terminal.onResize(({ rows, cols }) => {
      handlers.onResize({ rows, columns: cols });
    });
    this.#search.onDidChangeResults((results) => {
      handlers.onSearchResults(results);
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.loadAddon(new WebLinksAddon(openLink));
    this.#terminal.loadAddon(new UnicodeGraphemesAddon());
    this.#terminal.attachCustomKeyEventHandler((event) => this.#takeKey(event, handlers));
    this.#listenForPaste(handlers);
    this.#terminal.open(element);
    this.fitNow();
    this.#observer = new ResizeObserver(() => {
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = undefined;
        this.fitNow();
      });
    });
    this.#observer.observe(element);
  }

  get size(): TerminalSize {
    return { rows: this.#terminal.rows, columns: this.#terminal.cols };
  }

  get isPasteBracketed(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  /** Draws bytes; `onUsed` is called when they are drawn. */
  write(bytes: Uint8Array, onUsed: () => void): void {
    this.#terminal.write(bytes, onUsed);
  }

  /** Begins a new shell below what is there. */
  beginAnew(): void {
    // Only from the other screen: elsewhere the sequence would move the cursor to where it was.
    const isElsewhere = this.#terminal.buffer.active.type === 'alternate';
    this.#terminal.write(`${isElsewhere ? '\x1b[?1049l' : ''}${resetModes}\r\n`);
  }

  /** Empties the screen for the output of a session that was attached to, which comes whole. */
  reset(): void {
    // In the stream, and not by the method: what was written before may still wait to be drawn.
    this.#terminal.write('\x1bc');
  }

  paste(text: string): void {
    this.#terminal.paste(text);
  }

  focus(): void {
    this.#terminal.focus();
  }

  selectAll(): void {
    this.#terminal.selectAll();
  }

  clear(): void {
    this.#terminal.clear();
  }

  setLook({ theme, isReadAloud }: ScreenLook): void {
    this.#theme = theme;
    this.#terminal.options.theme = terminalThemes[theme];
    this.#terminal.options.screenReaderMode = isReadAloud;
  }

  /** A browser has few WebGL contexts, so only a screen that is seen has one. */
  setVisible(isVisible: boolean): void {
    if (!isVisible) {
      this.#webgl?.dispose();
      this.#webgl = undefined;
      return;
    }
    this.fitNow();
    if (this.#webgl !== undefined || this.#isWebglBroken) return;
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => {
        // Without the addon xterm draws with elements, which needs no context.
        this.#isWebglBroken = true;
        webgl.dispose();
        this.#webgl = undefined;
      });
      this.#terminal.loadAddon(webgl);
      this.#webgl = webgl;
    } catch {
      this.#isWebglBroken = true;
    }
  }

  /** Marks every match and goes to the next one, or the one before. */
  find(text: string, direction: 'next' | 'previous', isIncremental: boolean): void {
    const options = { incremental: isIncremental, decorations: searchColours[this.#theme] };
    if (direction === 'next') this.#search.findNext(text, options);
    else this.#search.findPrevious(text, options);
  }

  endFind(): void {
    this.#search.clearDecorations();
  }

  /** Takes the size of its element. */
  fitNow(): void {
    if (this.#element.clientHeight === 0) return;
    const proposed = this.#fit.proposeDimensions();
    if (proposed === undefined || Number.isNaN(proposed.cols)) return;
    const columns = Math.min(maxRowsOrColumns, Math.max(2, proposed.cols));
    const rows = Math.min(maxRowsOrColumns, Math.max(1, proposed.rows));
    if (columns !== this.#terminal.cols || rows !== this.#terminal.rows) {
      this.#terminal.resize(columns, rows);
    }
  }

  dispose(): void {
    this.#listening.abort();
    this.#observer.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#terminal.dispose();
  }

  /** False where the key is not the shell's. */
  #takeKey(event: KeyboardEvent, handlers: ScreenHandlers): boolean {
    const key = classifyKey(event, platform, this.#terminal.hasSelection());
    if (key === 'shell') return true;
    if (event.type !== 'keydown') return false;
    if (key === 'copy') {
      event.preventDefault();
      if (this.#terminal.hasSelection()) void copyText(this.#terminal.getSelection());
    } else if (key === 'find') {
      event.preventDefault();
      handlers.onFind();
    }
    // The browser follows the keys of `paste` with a paste event, which needs no permission.
    return false;
  }

  #listenForPaste(handlers: ScreenHandlers): void {
    this.#element.addEventListener(
      'paste',
      (event) => {
        event.preventDefault();
        event.stopPropagation();
        const text = event.clipboardData?.getData('text/plain') ?? '';
        if (text !== '') handlers.onPaste(text);
      },
      { capture: true, signal: this.#listening.signal },
    );
  }
}

/** Opens an address of the web, with a modifier only: a guest may print whatever it wants. */
function openLink(event: MouseEvent, address: string): void {
  if (!(platform === 'mac' ? event.metaKey : event.ctrlKey)) return;
  if (!/^https?:\/\//i.test(address)) return;
  window.open(address, '_blank', 'noopener,noreferrer');
}
