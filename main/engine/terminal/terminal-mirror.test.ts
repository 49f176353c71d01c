import graphemes from '@xterm/addon-unicode-graphemes';
import xterm, { type Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundTerminal } from '../../contract/terminal-bounds.ts';
import { guardEraseAbove } from './erase-above.ts';
import { TerminalMirror, type TerminalSize, type TerminalSnapshot } from './terminal-mirror.ts';
import { snapshotOf } from './snapshot.ts';
import { stateOf } from './testing/terminal-state.ts';
import { cutStream, smallSize } from './testing/terminal-streams.ts';
import { WholeCharacters } from '../../contract/whole-characters.ts';
import { coreOf, type RawCell } from './xterm-core.ts';

const deaf = { onAnswer: () => undefined, onTitle: () => undefined };

/** A terminal as a window has it: the same library, told nothing but bytes. */
function aScreen({ rows, columns }: TerminalSize, ...pieces: Uint8Array[]): Terminal {
  const terminal = new xterm.Terminal({
    ...{ rows, cols: columns, scrollback: 10_000, allowProposedApi: true, logLevel: 'off' },
  });
  terminal.loadAddon(new graphemes.UnicodeGraphemesAddon());
  boundTerminal(terminal);
  guardEraseAbove(terminal);
  const characters = new WholeCharacters();
  for (const piece of pieces) {
    coreOf(terminal)._inputHandler.parse(characters.push(piece));
  }
  return terminal;
}

function aMirror(size: TerminalSize, ...pieces: (string | Uint8Array)[]): TerminalMirror {
  const mirror = new TerminalMirror(size, deaf);
  for (const piece of pieces) mirror.write(Buffer.from(piece));
  return mirror;
}

function screenOf(snapshot: TerminalSnapshot, ...more: Uint8Array[]): Terminal {
  return aScreen(snapshot, snapshot.bytes, ...more);
}

describe('a snapshot', () => {
  it('brings an empty terminal to where the mirror is', () => {
    fc.assert(
      fc.property(smallSize, cutStream, (size, { bytes, cut }) => {
        const mirror = aMirror(size, bytes.subarray(0, cut), bytes.subarray(cut));
        const screen = aScreen(size, bytes);
        // Behind the last column, where that was erased, only a space can put a cursor.
        const how = { emptyIsSpace: screen.buffer.active.cursorX === size.columns };
        expect(stateOf(screenOf(mirror.snapshot()), how)).toEqual(stateOf(screen, how));
      }),
      { numRuns: 300 },
    );
  });

  it('goes on as if the screen had been there from the beginning', () => {
    fc.assert(
      fc.property(smallSize, cutStream, (size, { bytes, cut }) => {
        const mirror = aMirror(size, bytes.subarray(0, cut));
        const late = screenOf(mirror.snapshot(), bytes.subarray(cut));
        const asTheyLook = { emptyIsSpace: true };
        expect(stateOf(late, asTheyLook)).toEqual(stateOf(aScreen(size, bytes), asTheyLook));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['insert mode', '\x1b[4habc\x1b[2D', 'X'],
    ['no wrapping', '\x1b[?7labcdefghijklmnopqrstuvwxyz', '!'],
    ['a full last column', 'x'.repeat(20), 'y'],
    ['a link', '\x1b]8;id=1;https://example.org/\x1b\\here', ' and there\x1b]8;;\x1b\\'],
    ['a title', '\x1b]2;one\x07', ''],
    ['an unfinished title', '\x1b]2;größe', ' €\x07'],
    ['an unfinished colour', '\x1b[38;2;1;2', ';3mtext'],
    ['an unfinished character', Buffer.from([0xe2, 0x80]), Buffer.from([0x94])],
    ['an unfinished emoji', '👩\u200d', '👧'],
    ['a device string', '\x1bP$q\r\n', 'm\x1b\\'],
    ['the other screen', 'below\x1b[?1049h\x1b[5;5Habove', '\x1b[?1049l back'],
    ['a scroll region', '\x1b[2;4r\x1b[4;1Hbottom', '\r\nnext\r\nnext'],
  ])('keeps %s', (_, before, after) => {
    const size = { rows: 6, columns: 20 };
    const late = screenOf(aMirror(size, before).snapshot(), Buffer.from(after));
    expect(stateOf(late)).toEqual(stateOf(aScreen(size, Buffer.from(before), Buffer.from(after))));
  });

  it('brings marks of prompts, colours and the title, each once', () => {
    const size = { rows: 6, columns: 20 };
    const said =
      '\x1b]133;A\x07$ \x1b]133;B\x07ls\r\n\x1b]133;C\x07\x1b]4;1;#123456\x07\x1b]2;t\x07';
    const { bytes } = aMirror(size, said).snapshot();
    const text = Buffer.from(bytes).toString();
    for (const one of ['133;A', '133;B', '133;C', '4;1;#123456', '2;t']) {
      expect(text.split(`\x1b]${one}\x1b\\`)).toHaveLength(2);
    }
    const again = aMirror(size, bytes).snapshot();
    expect(Buffer.from(again.bytes).toString()).toBe(text);
  });

  it('leaves out the synchronized output that is under way', () => {
    const { bytes } = aMirror({ rows: 6, columns: 20 }, '\x1b[?2026habc').snapshot();
    expect(Buffer.from(bytes).toString()).not.toContain('2026');
  });

  it('is nothing but the place of the cursor where nothing was written', () => {
    expect(aMirror({ rows: 50, columns: 200 }).snapshot().bytes.length).toBeLessThan(50);
  });

  it('keeps no more than the scrollback', () => {
    const mirror = aMirror({ rows: 5, columns: 20 }, 'line\r\n'.repeat(11_000));
    const screen = screenOf(mirror.snapshot());
    expect(screen.buffer.normal.length).toBe(10_005);
  });
});

describe('a mirror', () => {
  it('answers what a program asks its terminal, and nothing about the clipboard', () => {
    const answers: string[] = [];
    const mirror = new TerminalMirror(
      { rows: 6, columns: 20 },
      { onAnswer: (text) => answers.push(text), onTitle: () => undefined },
    );
    mirror.write(Buffer.from('ab\x1b[c\x1b[6n\x1b]11;?\x07\x1b]52;c;?\x07'));
    expect(answers).toEqual(['\x1b[?1;2c', '\x1b[1;3R', '\x1b]11;rgb:1111/1111/1111\x1b\\']);
  });

  it('says the title without what could drive a terminal, and not without end', () => {
    const titles: string[] = [];
    const mirror = new TerminalMirror(
      { rows: 6, columns: 20 },
      { onAnswer: () => undefined, onTitle: (title) => titles.push(title) },
    );
    mirror.write(Buffer.from(`\x1b]2;a\u009b31mb${'x'.repeat(1000)}\x07`));
    mirror.write(Buffer.from(`\x1b]0;${'y'.repeat(1000)}\x07`));
    expect(titles.at(-1)).toBe('y'.repeat(256));
    for (const title of titles) expect(title).not.toMatch(/\p{Cc}/u);
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(smallSize, fc.array(fc.uint8Array({ maxLength: 40 })), (size, pieces) => {
        const mirror = aMirror(size, ...pieces);
        const { bytes } = mirror.snapshot();
        expect(screenOf({ ...size, bytes }).rows).toBe(size.rows);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a hostile program', () => {
  const bigSize = { rows: 24, columns: 80 };

  it('puts no more marks on a character than text has', () => {
    const mirror = aMirror(bigSize, 'a', '\u0301'.repeat(200_000), 'b');
    expect(mirror.snapshot().bytes.length).toBeLessThan(1000);
    expect(screenOf(mirror.snapshot()).buffer.active.cursorX).toBe(2);
  });

  it('has links only as long as links are, and the latest of them', () => {
    const link = (address: string, text: string): string => `\x1b]8;;${address}\x1b\\${text}\r\n`;
    const many = Array.from({ length: 20_000 }, (_, at) => link(`https://a/${String(at)}`, 'x'));
    const mirror = aMirror(bigSize, ...many, link(`https://b/${'y'.repeat(3000)}`, 'z'));
    const text = Buffer.from(mirror.snapshot().bytes).toString();
    expect(text).toContain('https://a/19999\x1b');
    expect(text).toContain('https://a/10000\x1b');
    expect(text).not.toContain('https://a/9999\x1b');
    expect(text).not.toContain('https://b/');
    expect(text).toContain('z');
  });

  it('keeps one link of several pieces one link', () => {
    const piece = '\x1b]8;id=a;https://a/\x1b\\x\x1b]8;;\x1b\\y';
    const { _oscLinkService: links, _bufferService: service } = coreOf(
      aScreen(bigSize, Buffer.from(piece.repeat(2))),
    );
    const line = service.buffers.active.lines.get(0);
    const cell = aScreen(bigSize).buffer.active.getNullCell() as unknown as RawCell;
    const urlIds = [0, 2].map((column) => line?.loadCell(column, cell).extended.urlId ?? 0);
    expect(urlIds[0]).toBe(urlIds[1]);
    expect(links.getLinkData(urlIds[0] ?? 0)).toEqual({ id: 'a', uri: 'https://a/' });
  });

  it('makes no snapshot of links alone', () => {
    const address = (letter: string): string => `https://a/${letter.repeat(2000)}`;
    const links = `\x1b]8;;${address('a')}\x07a\x1b]8;;${address('b')}\x07b`.repeat(40);
    const mirror = aMirror(bigSize);
    for (let line = 0; line < 150; line += 1) mirror.write(Buffer.from(`${links}\r\n`));
    expect(mirror.snapshot().bytes.length).toBeLessThan(5 * 1024 * 1024);
  });

  it('makes no snapshot that is too long: the latest lines have room', () => {
    const lines = Array.from({ length: 1000 }, (_, at) => `line ${String(at)}`);
    const screen = aScreen(bigSize, Buffer.from(lines.join('\r\n')));
    const text = snapshotOf(screen, { marks: new Map(), settings: [] }, 5000);
    expect(text.length).toBeLessThan(5100);
    const { active } = aScreen(bigSize, Buffer.from(text)).buffer;
    const shown = Array.from({ length: active.length }, (_, row) =>
      active.getLine(row)?.translateToString(true),
    );
    expect(shown).toEqual(lines.slice(-active.length));
    expect(active.length).toBeGreaterThan(200);
    expect(active.cursorY).toBe(23);
  });
});
