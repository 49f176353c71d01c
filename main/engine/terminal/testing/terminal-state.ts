/** All that can be seen of a terminal, or that changes what comes next, as plain values to compare. */
import type { Terminal } from '@xterm/headless';
import { charsetSequence } from '../charsets.ts';
import { isErased, penOf, penOfState, shownPen, type Pen } from '../pen.ts';
import { blankCell, coreOf, type RawBuffer, type XtermCore } from '../xterm-core.ts';

function style(core: XtermCore, pen: Pen): string {
  const link = pen.urlId === 0 ? undefined : core._oscLinkService.getLinkData(pen.urlId);
  const { fg, bg, underlineStyle, underlineColor } = pen;
  const numbers = [colorOf(fg), colorOf(bg), underlineStyle, colorOf(underlineColor)];
  return `${numbers.join(',')}${link === undefined ? '' : ` ${link.id ?? ''} ${link.uri}`}`;
}

/** A colour of the palette leaves what a colour of before had in the other bytes. */
function colorOf(bits: number): number {
  const mode = (bits >> 24) & 3;
  return bits !== -1 && (mode === 1 || mode === 2) ? bits & ~0xffff00 : bits;
}

function linesOf(terminal: Terminal, buffer: RawBuffer, emptyIsSpace: boolean): string[] {
  const core = coreOf(terminal);
  const cell = blankCell(terminal);
  return Array.from({ length: buffer.lines.length }, (_, row) => {
    const line = buffer.lines.get(row);
    if (line === undefined) return 'none';
    const cells = Array.from({ length: terminal.cols }, (__, column) => {
      line.loadCell(column, cell);
      const pen = penOf(cell);
      const chars = cell.getChars();
      if (cell.getWidth() === 0 && chars === '') return '';
      // What is left of a wide character is drawn as a space.
      const shown = chars === '' && (emptyIsSpace || !isErased(pen)) ? ' ' : chars;
      return `${shown}|${String(cell.getWidth())}|${style(core, shownPen(pen))}`;
    });
    const isWrapped = row > 0 && terminal.rows > 1 && line.isWrapped;
    return `${isWrapped ? '+' : ' '}${cells.join('¦')}`;
  });
}

function placesOf(terminal: Terminal, buffer: RawBuffer) {
  const { rows, cols } = terminal;
  return {
    scroll: [buffer.scrollTop, buffer.scrollBottom],
    saved: [
      Math.min(buffer.savedX, cols - 1),
      Math.min(rows - 1, Math.max(0, buffer.savedY - buffer.ybase)),
    ],
    tabs: Array.from({ length: cols }, (_, column) => buffer.tabs[column] === true),
  };
}

/**
 * See the head of this file. `emptyIsSpace`: a cell that was erased and one with a space are the
 * same, as they look.
 */
export function stateOf(terminal: Terminal, { emptyIsSpace = false } = {}) {
  const core = coreOf(terminal);
  const { normal, alt, active } = core._bufferService.buffers;
  const { charset, _charsets, glevel } = core._charsetService;
  const { coreService, coreMouseService } = core;
  return {
    size: [terminal.rows, terminal.cols],
    normal: linesOf(terminal, normal, emptyIsSpace),
    normalPlaces: placesOf(terminal, normal),
    alt:
      active === alt
        ? { lines: linesOf(terminal, alt, emptyIsSpace), ...placesOf(terminal, alt) }
        : undefined,
    cursor: [active.x, active.y, active.ybase],
    // Without a link: xterm.js forgets one when the line scrolls away on which it began.
    pen: style(core, { ...penOfState(core._inputHandler._curAttrData), urlId: 0 }),
    modes: coreService.decPrivateModes,
    insert: coreService.modes.insertMode,
    isCursorHidden: coreService.isCursorHidden,
    mouse: [coreMouseService.activeProtocol, coreMouseService.activeEncoding],
    charsets: [0, 1, 2, 3].map((level) =>
      charsetSequence(level, level === glevel ? charset : _charsets[level]),
    ),
    glevel,
    parser: core._inputHandler._parser.currentState,
  };
}
