/**
 * A terminal that nobody sees: it takes every byte of a session and can say at any moment what a
 * screen of it shows.
 */
import graphemes from '@xterm/addon-unicode-graphemes';
import xterm, { type IMarker, type Terminal } from '@xterm/headless';
import { boundTerminal } from '../../contract/terminal-bounds.ts';
import { WholeCharacters } from '../../contract/whole-characters.ts';
import { guardEraseAbove } from './erase-above.ts';
import type { Mark } from './screen-writer.ts';
import { snapshotOf } from './snapshot.ts';
import { Undigested } from './undigested.ts';
import { coreOf } from './xterm-core.ts';

/** Rows and columns. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** A terminal at one moment; see {@link TerminalMirror.snapshot}. */
export interface TerminalSnapshot extends TerminalSize {
  readonly bytes: Uint8Array;
}

/** What a mirror says of its own accord. */
export interface MirrorListener {
  /** What the terminal answers to a question of the program: where the cursor is, what it can do. */
  onAnswer(text: string): void;
  onTitle(title: string): void;
}

/** Lines that have scrolled away and are kept. */
const scrollbackLines = 10_000;
const maxMarks = 1000;
const maxSettingLength = 256;
const maxTitleLength = 256;
/** Colours that are asked for (OSC 10 and 11): a light text on a dark ground. */
const ownColors: Readonly<Record<number, string>> = {
  10: 'rgb:dddd/dddd/dddd',
  11: 'rgb:1111/1111/1111',
};
/** OSC 4 and 10 to 12 set colours, and these set them back. */
const colorResets: Readonly<Record<number, number>> = { 104: 4, 110: 10, 111: 11, 112: 12 };
const ground = 0;

/** See the head of this file. All of it is synchronous. */
export class TerminalMirror {
  readonly #terminal: Terminal;
  readonly #listener: MirrorListener;
  readonly #characters = new WholeCharacters();
  readonly #undigested = new Undigested();
  readonly #marks = new Map<IMarker, Mark>();
  /** By what they set; the latest counts. */
  readonly #colors = new Map<string, string>();
  #title = '';

  constructor(size: TerminalSize, listener: MirrorListener) {
    this.#listener = listener;
    const terminal = new xterm.Terminal({
      rows: size.rows,
      cols: size.columns,
      scrollback: scrollbackLines,
      allowProposedApi: true,
      logLevel: 'off',
    });
    this.#terminal = terminal;
    boundTerminal(terminal);
    terminal.loadAddon(new graphemes.UnicodeGraphemesAddon());
    guardEraseAbove(terminal);
    terminal.onData((text) => {
      listener.onAnswer(text);
    });
    terminal.onTitleChange((title) => {
      this.#title = cleanText(title).slice(0, maxTitleLength);
      listener.onTitle(this.#title);
    });
    terminal.parser.registerOscHandler(133, (data) => {
      this.#mark(data);
      return false;
    });
    for (const kind of [4, 10, 11, 12]) {
      terminal.parser.registerOscHandler(kind, (data) => {
        this.#setColor(kind, data);
        return false;
      });
    }
    for (const [reset, kind] of Object.entries(colorResets)) {
      terminal.parser.registerOscHandler(Number(reset), () => {
        for (const key of [...this.#colors.keys()]) {
          if (key.startsWith(`${String(kind)};`)) this.#colors.delete(key);
        }
        return false;
      });
    }
  }

  get size(): TerminalSize {
    return { rows: this.#terminal.rows, columns: this.#terminal.cols };
  }

  /** As the program set it, without control characters, at most 256 characters. */
  get title(): string {
    return this.#title;
  }

  write(bytes: Uint8Array): void {
    const whole = this.#characters.push(bytes);
    const { _inputHandler: input } = coreOf(this.#terminal);
    try {
      input.parse(whole);
    } catch {
      // A fault of xterm.js, brought out by bytes of the guest, costs the guest this piece alone.
      input._parser.reset();
    }
    this.#undigested.push(whole, input._parser.currentState !== ground);
  }

  resize({ rows, columns }: TerminalSize): void {
    this.#terminal.resize(columns, rows);
  }

  /**
   * Bytes that bring an empty terminal of this size to where this one is, with what the stream has
   * only begun to say at their end.
   */
  snapshot(): TerminalSnapshot {
    const settings = [...this.#colors.values()];
    if (this.#title !== '') settings.push(`\x1b]2;${this.#title}\x1b\\`);
    const text = snapshotOf(this.#terminal, { marks: this.#marksByLine(), settings });
    const drawn = Buffer.from(text);
    const bytes = Buffer.concat([drawn, this.#undigested.bytes, this.#characters.rest]);
    return { ...this.size, bytes };
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  /** Prompts and commands (OSC 133) are found again by these. */
  #mark(data: string): void {
    const { buffer } = this.#terminal;
    if (buffer.active.type !== 'normal' || data.length > maxSettingLength) return;
    const marker = this.#terminal.registerMarker(0);
    if (marker === undefined) return;
    const sequence = `\x1b]133;${cleanText(data)}\x1b\\`;
    this.#marks.set(marker, { column: buffer.active.cursorX, sequence });
    marker.onDispose(() => this.#marks.delete(marker));
    if (this.#marks.size <= maxMarks) return;
    for (const oldest of this.#marks.keys()) {
      oldest.dispose();
      return;
    }
  }

  #marksByLine(): Map<number, Mark[]> {
    const byLine = new Map<number, Mark[]>();
    for (const [marker, mark] of this.#marks) {
      const marks = byLine.get(marker.line);
      if (marks === undefined) byLine.set(marker.line, [mark]);
      else marks.push(mark);
    }
    for (const marks of byLine.values()) marks.sort((a, b) => a.column - b.column);
    return byLine;
  }

  /** One colour at a time is kept; a question is answered. */
  #setColor(kind: number, data: string): void {
    const [first = '', second = ''] = data.split(';');
    const isQuestion = (kind === 4 ? second : first) === '?';
    const own = ownColors[kind];
    if (isQuestion) {
      if (own !== undefined) this.#listener.onAnswer(`\x1b]${String(kind)};${own}\x1b\\`);
      return;
    }
    if (data.length > maxSettingLength || (kind === 4 && !/^\d{1,3}$/.test(first))) return;
    const key = kind === 4 ? `4;${first}` : `${String(kind)};`;
    this.#colors.set(key, `\x1b]${String(kind)};${cleanText(data)}\x1b\\`);
  }
}

function cleanText(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}
