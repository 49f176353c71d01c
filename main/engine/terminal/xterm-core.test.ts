/** A version of xterm.js without one of these parts would draw wrong snapshots, and say nothing. */
import xterm, { type Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { blankCell, coreOf, joins } from './xterm-core.ts';
import graphemes from '@xterm/addon-unicode-graphemes';

function aTerminal(text: string): Terminal {
  const terminal = new xterm.Terminal({ rows: 4, cols: 10, allowProposedApi: true });
  terminal.loadAddon(new graphemes.UnicodeGraphemesAddon());
  coreOf(terminal)._inputHandler.parse(Buffer.from(text));
  return terminal;
}

describe('the inside of xterm.js', () => {
  it('has buffers with cursor, margins, tabs and a saved cursor', () => {
    const { buffers } = coreOf(
      aTerminal('\x1b[2;3r\x1b[3;5H\x1b[1;31m\x1b7\x1b[2;2H'),
    )._bufferService;
    expect(buffers.active).toBe(buffers.normal);
    expect(buffers.normal).toMatchObject({
      ...{ x: 1, y: 1, ybase: 0, scrollTop: 1, scrollBottom: 2, savedX: 4, savedY: 2 },
      tabs: { 0: true, 8: true },
      lines: { length: 4 },
    });
    expect(buffers.normal.savedCurAttrData.fg).not.toBe(0);
    expect('savedCharset' in buffers.normal).toBe(true);
    const alternate = coreOf(aTerminal('\x1b[?1049h'))._bufferService.buffers;
    expect(alternate.active).toBe(alternate.alt);
  });

  it('has lines of cells with their attributes', () => {
    const terminal = aTerminal('\x1b[4:3;58;5;9;31;42mä日\x1b[m 0123456789');
    const { lines } = coreOf(terminal)._bufferService.buffers.normal;
    const cell = blankCell(terminal);
    const first = lines.get(0);
    expect(first).toMatchObject({ isWrapped: false, length: 10 });
    expect(lines.get(1)).toMatchObject({ isWrapped: true });
    expect(first?.loadCell(0, cell).getChars()).toBe('ä');
    expect([cell.fg === 0, cell.bg === 0, cell.extended._ext === 0]).toEqual([false, false, false]);
    expect(cell.extended.underlineColor).not.toBe(0);
    expect([1, 2].map((at) => first?.loadCell(at, cell).getWidth())).toEqual([2, 0]);
  });

  it('has links by the number that their cells have', () => {
    const terminal = aTerminal('\x1b]8;id=a;https://example.org\x1b\\x');
    const core = coreOf(terminal);
    const { urlId } = core._inputHandler._curAttrData.extended;
    expect(urlId).toBeGreaterThan(0);
    expect(core._oscLinkService.getLinkData(urlId)).toMatchObject({
      ...{ id: 'a', uri: 'https://example.org' },
    });
  });

  it('has a parser that says where it is, and begins anew', () => {
    const { _inputHandler: input } = coreOf(aTerminal('a'));
    const { _parser: parser } = input;
    expect(parser.currentState).toBe(0);
    expect(parser.precedingJoinState).not.toBe(0);
    input.parse(Buffer.from('\x1b[3'));
    expect(parser.currentState).not.toBe(0);
    parser.reset();
    expect(parser.currentState).toBe(0);
  });

  it('has charsets', () => {
    const { _charsetService: charsets } = coreOf(aTerminal('\x1b)0\x0e'));
    expect(charsets.glevel).toBe(1);
    expect(charsets.charset).toBe(charsets._charsets[1]);
    expect(charsets.charset).toMatchObject({ q: '─' });
  });

  it('has modes under the names that are read', () => {
    const set = '\x1b[?1;66;6;45;1004;2004h\x1b[?7l\x1b[?25l\x1b[4h\x1b[3 q\x1b[?1003;1006h';
    const core = coreOf(aTerminal(set));
    expect(core.coreService).toMatchObject({
      isCursorHidden: true,
      modes: { insertMode: true },
      decPrivateModes: {
        ...{ applicationCursorKeys: true, applicationKeypad: true, bracketedPasteMode: true },
        ...{ cursorBlink: true, cursorStyle: 'underline', origin: true },
        ...{ reverseWraparound: true, sendFocus: true, wraparound: false },
      },
    });
    expect(core.coreMouseService).toMatchObject({ activeProtocol: 'ANY', activeEncoding: 'SGR' });
  });

  it('knows which characters join', () => {
    const { unicodeService } = coreOf(aTerminal(''));
    const first = unicodeService.charProperties(0x1f469, 0);
    expect(joins(first)).toBe(false);
    expect(joins(unicodeService.charProperties(0x200d, first))).toBe(true);
  });

  it('erases where it is told to', () => {
    const terminal = aTerminal('abcdef\r\nghijkl');
    const { _inputHandler: input } = coreOf(terminal);
    input._resetBufferLine(0);
    input._eraseInBufferLine(1, 0, 3, true);
    const text = (row: number) => terminal.buffer.active.getLine(row)?.translateToString(true);
    expect([text(0), text(1)]).toEqual(['', '   jkl']);
  });
});
