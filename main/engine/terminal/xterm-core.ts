/**
 * What a mirror reads of xterm.js beyond its public interface: the parser's state, attributes as
 * they are stored, charsets and saved cursors. All of it in one place, with a test that each part
 * is there (xterm-core.test.ts), so that another version cannot change it unseen.
 */
import type { Terminal } from '@xterm/headless';

/** Attributes of a cell, or those that the next character gets; see pen.ts for the bits. */
export interface RawAttributes {
  readonly fg: number;
  readonly bg: number;
  readonly extended: {
    /** With the style of the underline, which a link hides from its own property. */
    readonly _ext: number;
    readonly underlineColor: number;
    readonly urlId: number;
  };
}

/** A cell of a line. An empty one has no characters; the second half of a wide one has width 0. */
export interface RawCell extends RawAttributes {
  getChars(): string;
  getWidth(): number;
}

/** A line of a buffer. */
export interface RawLine {
  readonly isWrapped: boolean;
  readonly length: number;
  loadCell(column: number, cell: RawCell): RawCell;
}

/** One of the two buffers; rows count from the top of the screen, saved ones from the first line. */
export interface RawBuffer {
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedCurAttrData: RawAttributes;
  readonly savedCharset: object | undefined;
  readonly tabs: Readonly<Record<number, boolean | undefined>>;
  readonly lines: { readonly length: number; get(index: number): RawLine | undefined };
}

/** The inside of a terminal. */
export interface XtermCore {
  readonly _bufferService: {
    readonly buffers: {
      readonly normal: RawBuffer;
      readonly alt: RawBuffer;
      readonly active: RawBuffer;
    };
  };
  readonly _inputHandler: {
    readonly _curAttrData: RawAttributes;
    readonly _parser: {
      readonly currentState: number;
      readonly precedingJoinState: number;
      reset(): void;
    };
    /** At once; returns nothing because no handler of ours is asynchronous. */
    parse(bytes: Uint8Array): undefined;
    _resetBufferLine(row: number): void;
    _eraseInBufferLine(row: number, start: number, end: number, clearWrap: boolean): void;
  };
  readonly _charsetService: {
    readonly glevel: number;
    readonly charset: object | undefined;
    readonly _charsets: readonly (object | undefined)[];
  };
  readonly _oscLinkService: {
    getLinkData(urlId: number): { readonly id?: string; readonly uri: string } | undefined;
  };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly modes: { readonly insertMode: boolean };
    readonly decPrivateModes: {
      readonly applicationCursorKeys: boolean;
      readonly applicationKeypad: boolean;
      readonly bracketedPasteMode: boolean;
      readonly cursorBlink: boolean | undefined;
      readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined;
      readonly origin: boolean;
      readonly reverseWraparound: boolean;
      readonly sendFocus: boolean;
      readonly wraparound: boolean;
    };
  };
  readonly coreMouseService: { readonly activeProtocol: string; readonly activeEncoding: string };
  readonly unicodeService: { charProperties(codePoint: number, preceding: number): number };
}

/** The inside of a terminal; see the head of this file. */
export function coreOf(terminal: Terminal): XtermCore {
  return (terminal as unknown as { readonly _core: XtermCore })._core;
}

/** An empty cell, to load others into. */
export function blankCell(terminal: Terminal): RawCell {
  return terminal.buffer.active.getNullCell() as unknown as RawCell;
}

/** Whether a character with these properties becomes a part of the one before it. */
export function joins(properties: number): boolean {
  return (properties & 1) !== 0;
}
