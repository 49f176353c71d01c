/**
 * A terminal as bytes: written to an empty one of the same size they bring it to where this one is.
 * What they do not bring: images, what sequences have set that xterm.js does not know, and the
 * charset that a saved cursor has if it is not the present one.
 */
import type { Terminal } from '@xterm/headless';
import { charsetSequence } from './charsets.ts';
import { defaultPen, penOf, penOfState, styleSequence, type Pen } from './pen.ts';
import { ScreenWriter, type Mark } from './screen-writer.ts';
import { coreOf, type RawBuffer, type XtermCore } from './xterm-core.ts';

/** What a snapshot has besides the terminal itself. */
export interface SnapshotExtras {
  /** By line of the normal buffer, from 0. */
  readonly marks: ReadonlyMap<number, readonly Mark[]>;
  /** Sequences that set the title and colours. */
  readonly settings: readonly string[];
}

const defaultTabWidth = 8;
/** Longest snapshot, in UTF-16 code units; of lines that have scrolled away the latest have room. */
const usualMaxLength = 32 * 1024 * 1024;

/** See the head of this file. */
export function snapshotOf(
  terminal: Terminal,
  extras: SnapshotExtras,
  maxLength = usualMaxLength,
): string {
  const { normal } = coreOf(terminal)._bufferService.buffers;
  const scrolled = Math.max(0, normal.lines.length - terminal.rows);
  for (let kept = scrolled; kept > 0; kept = Math.floor(kept / 2)) {
    const writer = new ScreenWriter(terminal, maxLength);
    draw(writer, terminal, extras, scrolled - kept);
    if (!writer.isFull) return writer.toString();
  }
  const writer = new ScreenWriter(terminal, Infinity);
  draw(writer, terminal, extras, scrolled);
  return writer.toString();
}

function draw(
  writer: ScreenWriter,
  terminal: Terminal,
  { marks, settings }: SnapshotExtras,
  firstRow: number,
): void {
  const core = coreOf(terminal);
  const { normal, alt, active } = core._bufferService.buffers;
  for (const setting of settings) writer.put(setting);
  writer.scrollIn(normal, marks, firstRow);
  putBufferState(writer, normal, terminal);
  if (active === alt) {
    writer.moveTo(0, 0);
    writer.usePen(defaultPen);
    writer.put('\x1b[?47h');
    writer.scrollIn(alt, new Map(), 0);
    putBufferState(writer, alt, terminal);
  }
  writer.put(modeSequences(core, terminal));
  putCursor(writer, core, active, terminal);
}

/** What each buffer has of its own: tab stops, the saved cursor, the part of it that scrolls. */
function putBufferState(writer: ScreenWriter, buffer: RawBuffer, { rows, cols }: Terminal): void {
  putTabStops(writer, buffer, cols);
  const { savedX, savedCharset } = buffer;
  const savedRow = Math.min(Math.max(0, buffer.savedY - buffer.ybase), rows - 1);
  const saved: Pen = { ...penOf(buffer.savedCurAttrData), urlId: 0, underlineColor: -1 };
  writer.moveTo(savedRow, Math.min(savedX, cols - 1));
  writer.usePen(saved);
  if (savedCharset !== undefined) writer.put(charsetSequence(0, savedCharset));
  writer.put('\x1b7');
  if (savedCharset !== undefined) writer.put(charsetSequence(0, undefined));
  if (buffer.scrollTop !== 0 || buffer.scrollBottom !== rows - 1) {
    writer.put(`\x1b[${String(buffer.scrollTop + 1)};${String(buffer.scrollBottom + 1)}r`);
  }
  writer.moveTo(buffer.y, Math.min(buffer.x, cols - 1));
}

function putTabStops(writer: ScreenWriter, buffer: RawBuffer, columns: number): void {
  const all = Array.from({ length: columns }, (_, column) => column);
  const isUsual = all.every(
    (column) => (buffer.tabs[column] === true) === (column % defaultTabWidth === 0),
  );
  if (isUsual) return;
  writer.put('\x1b[3g');
  for (const column of all) {
    if (buffer.tabs[column] !== true) continue;
    writer.moveTo(0, column);
    writer.put('\x1bH');
  }
}

function modeSequences({ coreService, coreMouseService }: XtermCore, terminal: Terminal): string {
  const { decPrivateModes: modes } = coreService;
  const protocol = mouseProtocols[coreMouseService.activeProtocol];
  const encoding = mouseEncodings[coreMouseService.activeEncoding];
  const set: (string | false | undefined)[] = [
    modes.applicationCursorKeys && '?1h',
    modes.applicationKeypad && '?66h',
    modes.bracketedPasteMode && '?2004h',
    modes.reverseWraparound && '?45h',
    modes.sendFocus && '?1004h',
    !modes.wraparound && '?7l',
    protocol,
    encoding,
    terminal.options.convertEol === true && '20h',
    terminal.options.cursorBlink === true && '?12h',
    coreService.isCursorHidden && '?25l',
    cursorStyleSequence(modes),
  ];
  return set.map((mode) => (mode === false || mode === undefined ? '' : `\x1b[${mode}`)).join('');
}

const mouseProtocols: Readonly<Record<string, string>> = {
  ...{ X10: '?9h', VT200: '?1000h', DRAG: '?1002h', ANY: '?1003h' },
};
const mouseEncodings: Readonly<Record<string, string>> = { SGR: '?1006h', SGR_PIXELS: '?1016h' };
const cursorStyles = { block: 1, underline: 3, bar: 5 } as const;

function cursorStyleSequence({
  cursorStyle,
  cursorBlink,
}: XtermCore['coreService']['decPrivateModes']): string | undefined {
  if (cursorStyle === undefined) return undefined;
  return `${String(cursorStyles[cursorStyle] + (cursorBlink === true ? 0 : 1))} q`;
}

function putCharsets(writer: ScreenWriter, { _charsetService: service }: XtermCore): void {
  const { glevel, charset } = service;
  for (let level = 0; level < 4; level += 1) {
    const wanted = level === glevel ? charset : service._charsets[level];
    if (wanted !== undefined) writer.put(charsetSequence(level, wanted));
  }
  const shift = ['', '\x0e', '\x1bn', '\x1bo'][glevel];
  if (shift !== undefined && shift !== '') writer.put(shift);
}

function putCursor(
  writer: ScreenWriter,
  core: XtermCore,
  buffer: RawBuffer,
  { cols }: Terminal,
): void {
  const { origin } = core.coreService.decPrivateModes;
  if (origin) writer.put('\x1b[?6h');
  const row = origin ? Math.max(0, buffer.y - buffer.scrollTop) : buffer.y;
  writer.moveTo(row, Math.min(buffer.x, cols - 1));
  const { _curAttrData, _parser } = core._inputHandler;
  // The next character may join the last one, or have no room behind it.
  const mayJoin = _parser.precedingJoinState !== 0;
  const pen = penOfState(_curAttrData);
  // The last character was written with the charsets of now, or has been translated before.
  if (mayJoin) putCharsets(writer, core);
  if ((mayJoin || buffer.x === cols) && buffer.x > 0) writer.rewriteBefore(buffer, row, pen);
  writer.usePen(pen);
  if (!mayJoin) {
    putCharsets(writer, core);
    writer.put(styleSequence(pen));
  }
  // Last, because it changes what writing does; a character that follows joins no other then.
  if (core.coreService.modes.insertMode) writer.put('\x1b[4h');
}
