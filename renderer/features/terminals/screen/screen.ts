/** xterm.js with its addons in an element of its own: what draws a terminal and hears its keys. */
import { SearchAddon, type ISearchOptions } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { boundTerminal } from '../../../../main/contract/terminal-bounds.ts';
import { WholeCharacters } from '../../../../main/contract/whole-characters.ts';
import { translate } from '../../../words/language.ts';
import type { TerminalSize } from '../model/terminal.ts';
import type { TerminalSettings } from '../terminal-settings.ts';
import { parseClipboardWrite } from './clipboard-write.ts';
import { attachImages } from './images.ts';
import { attachLinks } from './links.ts';
import { guardParser } from './parser-guard.ts';
import { cleanTitle } from './program-title.ts';
import { PromptMarks } from './prompt-marks.ts';
import { ScreenRenderer } from './screen-renderer.ts';
import { ScreenSize } from './screen-size.ts';
import { keyboardPlatform, meaningOfKey } from './terminal-keys.ts';
import { searchColours, terminalTheme } from './terminal-themes.ts';
import type { SessionScreen } from './terminal-session.ts';

/** Matches of a search: which one is shown, and how many there are. */
export interface SearchResults {
  readonly resultIndex: number;
  readonly resultCount: number;
}

/** How matches are found. */
export type SearchRule = Pick<ISearchOptions, 'caseSensitive' | 'wholeWord' | 'regex'>;

/** What a screen reports. */
export interface ScreenHandlers {
  onInput(bytes: Uint8Array): void;
  /** What the element has room for is another size. */
  onRoom(size: TerminalSize): void;
  /** A text from the clipboard, still to be asked about. */
  onPaste(text: string): void;
  onSearchResults(results: SearchResults): void;
  onTitle(title: string | undefined): void;
  /** A program wants to put a text on the clipboard. */
  onClipboardWrite(text: string): void;
  onBell(): void;
  onSelected(): void;
  onLinkHover(address: string | undefined): void;
}

/** How a screen looks and behaves. */
export interface ScreenLook {
  readonly theme: 'light' | 'dark';
  readonly isReadAloud: boolean;
}

const platform = keyboardPlatform(navigator.userAgent);
/** Leaves the modes that a program may have been killed in: mouse, paste brackets, hidden cursor. */
const resetModes = '\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[!p\x1b[0m';
/** Ends a sequence that was begun: the program in it may have been killed (CAN). */
const cancel = '\x18';
/** Empties everything (RIS). */
const emptyTerminal = `${cancel}\x1bc`;

/** One terminal's screen. It lives as long as its terminal and moves from place to place with it. */
export class Screen implements SessionScreen {
  /** To be put where the terminal is seen. */
  readonly element: HTMLDivElement;
  readonly marks: PromptMarks;
  readonly #terminal: Terminal;
  /** What is written is whole; xterm.js loses some characters that it gets in two pieces. */
  #characters = new WholeCharacters();
  readonly #search = new SearchAddon({ highlightLimit: 1000 });
  readonly #size: ScreenSize;
  readonly #renderer: ScreenRenderer;
  #look: ScreenLook = { theme: 'light', isReadAloud: false };
  #settings: TerminalSettings;
  #isOpen = false;

  constructor(settings: TerminalSettings, handlers: ScreenHandlers) {
    this.#settings = settings;
    this.element = document.createElement('div');
    this.element.className = 'terminal-xterm';
    Terminal.strings.promptLabel = translate('terminals:screen.input');
    Terminal.strings.tooMuchOutput = translate('terminals:screen.tooMuch');
    this.#terminal = new Terminal({ allowProposedApi: true, minimumContrastRatio: 4.5 });
    guardParser(this.#terminal);
    boundTerminal(this.#terminal);
    this.marks = new PromptMarks(this.#terminal);
    this.#renderer = new ScreenRenderer(this.#terminal);
    this.#size = new ScreenSize(this.#terminal, this.element, (size) => {
      handlers.onRoom(size);
    });
    this.#terminal.loadAddon(this.#search);
    this.#terminal.loadAddon(new UnicodeGraphemesAddon());
    attachImages(this.#terminal);
    attachLinks(this.#terminal, (address) => {
      handlers.onLinkHover(address);
    });
    this.#listen(handlers);
  }

  /** Puts the screen into a place. It is opened in the first one, for only there it can measure. */
  mount(place: HTMLElement): void {
    place.append(this.element);
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#applySettings();
      this.#terminal.open(this.element);
    }
    this.#size.measure();
  }

  /** What the element has room for; undefined as long as it was never seen. */
  get room(): TerminalSize | undefined {
    return this.#size.room;
  }

  get isPasteBracketed(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  write(bytes: Uint8Array, onUsed: () => void): void {
    // The piece counts as used with the beginning of a character that waits for its rest.
    this.#terminal.write(this.#characters.push(bytes), onUsed);
  }

  begin(size: TerminalSize): void {
    this.#characters = new WholeCharacters();
    this.#terminal.write(emptyTerminal, () => {
      this.#size.give(size);
    });
  }

  resize(size: TerminalSize): void {
    // The callback runs between what was written before and what is written from now on.
    this.#terminal.write('', () => {
      this.#size.give(size);
    });
  }

  /** Empties the screen for a session that is attached to. */
  reset(): void {
    this.#characters = new WholeCharacters();
    this.#terminal.write(emptyTerminal);
  }

  /** Begins a new shell below what is there. */
  beginAnew(): void {
    // Only from the other screen: elsewhere the sequence would move the cursor to where it was.
    const isElsewhere = this.#terminal.buffer.active.type === 'alternate';
    this.#characters = new WholeCharacters();
    this.#terminal.write(`${cancel}${isElsewhere ? '\x1b[?1049l' : ''}${resetModes}\r\n`);
  }

  /** Takes the size of the element again, once what was written is drawn. */
  takeOwnSize(): void {
    this.#terminal.write('', () => {
      this.#size.free();
    });
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

  setLook(look: ScreenLook, settings: TerminalSettings): void {
    this.#look = look;
    this.#settings = settings;
    this.#applySettings();
    if (this.#isOpen) this.#size.measure();
  }

  setVisible(isVisible: boolean): void {
    if (isVisible && this.#isOpen) this.#size.measure();
    this.#renderer.setVisible(isVisible);
  }

  /** Marks every match and goes to the next one, or the one before. */
  find(text: string, direction: 'next' | 'previous', isIncremental: boolean, rule: SearchRule) {
    const decorations = searchColours(this.#settings.palette, this.#look.theme);
    const options = { ...rule, incremental: isIncremental, decorations };
    if (direction === 'next') this.#search.findNext(text, options);
    else this.#search.findPrevious(text, options);
  }

  endFind(): void {
    this.#search.clearDecorations();
  }

  /** Shows the bell: the edge of the screen lights up for a moment. */
  flash(): void {
    if (this.element.getAnimations().length > 0) return;
    const colour = this.#terminal.options.theme?.foreground ?? '#888888';
    this.element.animate(
      [{ boxShadow: `inset 0 0 0 2px ${colour}` }, { boxShadow: `inset 0 0 0 2px ${colour}00` }],
      { duration: 250 },
    );
  }

  dispose(): void {
    this.#size.dispose();
    this.#terminal.dispose();
    this.element.remove();
  }

  #applySettings(): void {
    const { options } = this.#terminal;
    const settings = this.#settings;
    const windowFont = getComputedStyle(document.documentElement).getPropertyValue('--font-mono');
    options.fontFamily =
      settings.fontFamily === '' ? windowFont : `${settings.fontFamily}, ${windowFont}`;
    options.fontSize = settings.fontSizePx;
    options.lineHeight = settings.lineHeight;
    options.cursorStyle = settings.cursorStyle;
    options.cursorBlink = settings.isCursorBlinking;
    options.scrollback = settings.scrollbackLines;
    options.screenReaderMode = this.#look.isReadAloud;
    const theme = terminalTheme(settings.palette, this.#look.theme);
    options.theme = theme;
    this.element.style.setProperty('--terminal-ground', theme.background ?? '');
  }

  #listen(handlers: ScreenHandlers): void {
    const terminal = this.#terminal;
    const encoder = new TextEncoder();
    terminal.onData((text) => {
      handlers.onInput(encoder.encode(text));
    });
    terminal.onBinary((text) => {
      handlers.onInput(Uint8Array.from(text, (character) => character.charCodeAt(0)));
    });
    terminal.onTitleChange((title) => {
      handlers.onTitle(cleanTitle(title));
    });
    terminal.onBell(() => {
      handlers.onBell();
    });
    terminal.parser.registerOscHandler(52, (data) => {
      const text = parseClipboardWrite(data);
      if (text !== undefined) handlers.onClipboardWrite(text);
      return true;
    });
    this.#search.onDidChangeResults((results) => {
      handlers.onSearchResults(results);
    });
    // What is not the shell's bubbles to the panel; a paste, to the browser's paste event.
    terminal.attachCustomKeyEventHandler(
      (event) =>
        meaningOfKey(event, platform, {
          hasSelection: terminal.hasSelection(),
          copiesWithCtrlC: this.#settings.copiesWithCtrlC,
        }) === 'shell',
    );
    this.element.addEventListener('mouseup', () => {
      if (terminal.hasSelection()) handlers.onSelected();
    });
    this.element.addEventListener(
      'paste',
      (event) => {
        event.preventDefault();
        event.stopPropagation();
        const text = event.clipboardData?.getData('text/plain') ?? '';
        if (text !== '') handlers.onPaste(text);
      },
      { capture: true },
    );
  }
}
