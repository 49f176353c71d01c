/**
 * Writes what draws the lines of a buffer into an empty terminal of the same size, cell by cell:
 * colours of empty cells, wide characters, lines that go on in the next, links and marks.
 */
import type { Terminal } from '@xterm/headless';
import {
  defaultPen,
  erasingPen,
  isErased,
  isSamePen,
  isSameStyle,
  penOf,
  shownPen,
  styleSequence,
  type Pen,
} from './pen.ts';
import {
  blankCell,
  coreOf,
  joins,
  type RawBuffer,
  type RawCell,
  type RawLine,
  type XtermCore,
} from './xterm-core.ts';

/** A sequence that is repeated at its place in a line. */
export interface Mark {
  readonly column: number;
  readonly sequence: string;
}

/** Of links together, in UTF-16 code units; text that follows has none. */
const maxLinksLength = 4 * 1024 * 1024;

/** Collects the bytes; `column` and the pen are where they leave the terminal that reads them. */
export class ScreenWriter {
  readonly #core: XtermCore;
  readonly #rows: number;
  readonly #columns: number;
  readonly #cell: RawCell;
  readonly #parts: string[] = [];
  readonly #maxLength: number;
  #length = 0;
  #linksLength = 0;
  #pen: Pen = defaultPen;
  #column = 0;
  /** The last character that was written, as the terminal remembers it to join others to it. */
  #joinState = 0;
  #lastAscii = 0;

  /** @param maxLength where it is longer, in UTF-16 code units, no more lines are written */
  constructor(terminal: Terminal, maxLength: number) {
    this.#maxLength = maxLength;
    this.#core = coreOf(terminal);
    this.#rows = terminal.rows;
    this.#columns = terminal.cols;
    this.#cell = blankCell(terminal);
  }

  /** Whether it is longer than it may be, and lines are missing. */
  get isFull(): boolean {
    return this.#length > this.#maxLength;
  }

  /** A sequence that moves no cursor and no pen. */
  put(sequence: string): void {
    this.#push(sequence);
    this.#breakJoin();
  }

  /** Moves to a place of the screen, from 0. */
  moveTo(row: number, column: number): void {
    this.put(`\x1b[${String(row + 1)};${String(column + 1)}H`);
    this.#column = column;
  }

  usePen(pen: Pen): void {
    if (!isSameStyle(pen, this.#pen)) this.put(styleSequence(pen));
    if (pen.urlId !== this.#pen.urlId) this.put(this.#linkSequence(pen.urlId));
    this.#pen = pen;
  }

  /** All lines from one on, those that have scrolled away first. */
  scrollIn(buffer: RawBuffer, marks: ReadonlyMap<number, readonly Mark[]>, firstRow: number): void {
    const rows = this.#rowsToWrite(buffer, marks);
    for (let row = firstRow; row < rows && !this.isFull; row += 1) {
      const line = buffer.lines.get(row);
      if (line === undefined) continue;
      const marksHere = marks.get(row) ?? [];
      if (row > firstRow) this.#beginRow(buffer, row, line, marksHere.length > 0);
      this.#writeLine(line, marksHere);
    }
  }

  /**
   * Writes the cell again that ends before the cursor, so that the cursor is behind it as it was:
   * with this pen, if that is the cell's. `row` is where the cursor is, as it is addressed.
   */
  rewriteBefore(buffer: RawBuffer, row: number, pen: Pen): void {
    const line = buffer.lines.get(buffer.ybase + buffer.y);
    if (line === undefined) return;
    let column = buffer.x - 1;
    while (column > 0 && line.loadCell(column, this.#cell).getWidth() === 0) column -= 1;
    const cell = line.loadCell(column, this.#cell);
    const width = Math.max(1, cell.getWidth());
    const cellPen = penOf(cell);
    this.moveTo(row, column);
    this.usePen(isSamePen(cellPen, pen) || isSamePen(cellPen, shownPen(pen)) ? pen : cellPen);
    this.#print(cell.getChars() || ' ', width);
  }

  toString(): string {
    return this.#parts.join('');
  }

  /** Without lines that have scrolled away, those below the last that has something are there. */
  #rowsToWrite(buffer: RawBuffer, marks: ReadonlyMap<number, readonly Mark[]>): number {
    let rows = buffer.lines.length;
    if (rows > this.#rows) return rows;
    while (rows > 0 && !marks.has(rows - 1) && this.#isBlank(buffer.lines.get(rows - 1))) rows -= 1;
    return rows;
  }

  #isBlank(line: RawLine | undefined): boolean {
    if (line === undefined) return true;
    for (let column = 0; column < this.#columns; column += 1) {
      const { fg, bg } = line.loadCell(column, this.#cell);
      if (fg !== 0 || bg !== 0 || this.#cell.getChars() !== '') return false;
    }
    return !line.isWrapped;
  }

  #beginRow(buffer: RawBuffer, row: number, line: RawLine, hasMarks: boolean): void {
    if (line.isWrapped && this.#rows > 1) {
      this.#wrap(buffer.lines.get(row - 1), line, hasMarks);
    } else {
      // A line that scrolls in is filled with the background of the pen.
      this.usePen(defaultPen);
      this.put('\r\n');
    }
    this.#column = 0;
  }

  /** Only a character that has no room any more makes a line go on in the next. */
  #wrap(above: RawLine | undefined, line: RawLine, hasMarks: boolean): void {
    const last = this.#columns - 1;
    const isFull = this.#column === this.#columns;
    if (!isFull) this.#moveToColumn(last);
    this.usePen(defaultPen);
    if (!isFull) this.#print('x', 1);
    const first = line.loadCell(0, this.#cell);
    const isPlain = first.getChars() !== '' && first.getWidth() === 1;
    // Then the line's own first character does it.
    if (isFull && isPlain && !hasMarks && isSamePen(penOf(first), defaultPen)) return;
    this.#print('x', 1);
    if (!isFull && above !== undefined) {
      this.put('\x1b[A');
      this.#moveToColumn(last);
      this.usePen(erasingPen(penOf(above.loadCell(last, this.#cell))));
      this.put('\x1b[X\x1b[B');
      this.usePen(defaultPen);
    }
    this.#moveToColumn(0);
    this.put('\x1b[X');
  }

  #writeLine(line: RawLine, marks: readonly Mark[]): void {
    const waiting = [...marks];
    const cell = this.#cell;
    let column = 0;
    while (column < this.#columns) {
      line.loadCell(column, cell);
      const chars = cell.getChars();
      const width = cell.getWidth();
      if (waiting.length > 0) this.#putMarks(waiting, column, width);
      if (chars !== '' && (width > 0 || column === 0)) {
        this.#writeCell(cell, chars, column, width);
        column += Math.max(1, width);
      } else if (width === 0 || (cell.fg === 0 && cell.bg === 0)) {
        column += 1;
      } else {
        column = this.#writeEmpty(line, column);
      }
    }
    for (const mark of waiting) this.put(mark.sequence);
  }

  #writeCell(cell: RawCell, chars: string, column: number, width: number): void {
    if (column !== this.#column) this.#moveToColumn(column);
    const pen = penOf(cell);
    if (!isSamePen(pen, this.#pen)) this.usePen(pen);
    this.#print(chars, Math.max(1, width));
  }

  /** Empty cells with a colour behind them, as many as have the same; where the next ones begin. */
  #writeEmpty(line: RawLine, column: number): number {
    const pen = penOf(line.loadCell(column, this.#cell));
    if (column !== this.#column) this.#moveToColumn(column);
    this.usePen(pen);
    if (!isErased(pen)) {
      // What is left of a wide character keeps attributes that erasing does not give.
      this.#print(' ', 1);
      return column + 1;
    }
    let end = column + 1;
    while (end < this.#columns) {
      const next = line.loadCell(end, this.#cell);
      if (next.getChars() !== '' || next.getWidth() !== 1) break;
      if (!isSamePen(penOf(next), pen)) break;
      end += 1;
    }
    this.put(`\x1b[${String(end - column)}X`);
    return end;
  }

  /** Puts the marks that are at a cell or were passed over before it. */
  #putMarks(waiting: Mark[], column: number, width: number): void {
    for (let mark = waiting[0]; mark !== undefined; mark = waiting[0]) {
      if (mark.column >= column + Math.max(1, width)) return;
      waiting.shift();
      if (this.#column !== column) this.#moveToColumn(column);
      this.put(mark.sequence);
    }
  }

  #moveToColumn(column: number): void {
    this.put(`\x1b[${String(column + 1)}G`);
    this.#column = column;
  }

  #print(chars: string, width: number): void {
    const code = chars.codePointAt(0) ?? 32;
    if (chars.length === 1 && code < 0x80) {
      this.#lastAscii = code;
    } else {
      this.#printWide(chars, code);
    }
    this.#push(chars);
    this.#column += width;
  }

  /** Neighbours that would join, and have not, are kept apart by a sequence between them. */
  #printWide(chars: string, first: number): void {
    const { unicodeService } = this.#core;
    let state = this.#joinState;
    if (this.#lastAscii !== 0) state = unicodeService.charProperties(this.#lastAscii, 0);
    if (state !== 0 && joins(unicodeService.charProperties(first, state))) {
      this.#push(styleSequence(this.#pen));
      state = 0;
    }
    for (const char of chars) {
      state = unicodeService.charProperties(char.codePointAt(0) ?? 0, state);
    }
    this.#joinState = state;
    this.#lastAscii = 0;
  }

  #push(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }

  #breakJoin(): void {
    this.#joinState = 0;
    this.#lastAscii = 0;
  }

  #linkSequence(urlId: number): string {
    const link = urlId === 0 ? undefined : this.#core._oscLinkService.getLinkData(urlId);
    if (link === undefined || this.#linksLength > maxLinksLength) return '\x1b]8;;\x1b\\';
    const id = link.id === undefined ? '' : `id=${link.id}`;
    this.#linksLength += link.uri.length + id.length;
    return `\x1b]8;${id};${link.uri}\x1b\\`;
  }
}
