import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxLogLineLength } from '../../../contract/logs.ts';
import { cleanLine, LineSplitter, type SplitLine } from './line-splitter.ts';

function split(...pieces: (string | Uint8Array)[]): SplitLine[] {
  const splitter = new LineSplitter();
  const lines = pieces.flatMap((piece) =>
    splitter.push(typeof piece === 'string' ? Buffer.from(piece) : piece),
  );
  return [...lines, ...splitter.end()];
}

const texts = (lines: readonly SplitLine[]): string[] => lines.map(({ text }) => text);

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are cut', () => {
    const words = fc.constantFrom('a', 'ü', '😀', '\n', '\r\n', '\u001b[31m', '\u001b]0;t\u0007');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), fc.infiniteStream(fc.nat(7)), (all, cuts) => {
        const bytes = Buffer.from(all.join(''));
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < bytes.length;) {
          const end = at + 1 + (cuts.next().value as number);
          pieces.push(bytes.subarray(at, end));
          at = end;
        }
        expect(split(...pieces)).toEqual(split(bytes));
      }),
    );
  });

  it('says that a line has no end where the output has ended within it', () => {
    expect(split('one\ntwo')).toEqual([
      { text: 'one', isOpen: false },
      { text: 'two', isOpen: true },
    ]);
    expect(split('one\n')).toEqual([{ text: 'one', isOpen: false }]);
    expect(split('\n\n')).toHaveLength(2);
    expect(split()).toEqual([]);
  });

  it('replaces what is no UTF-8, and goes on behind it', () => {
    expect(texts(split(Uint8Array.of(0xff, 0x61, 0x0a, 0xc3), 'b\n'))).toEqual([
      '\ufffda',
      '\ufffdb',
    ]);
    expect(texts(split(Uint8Array.of(0xe2, 0x82)))).toEqual(['\ufffd']);
  });

  it('shows what a carriage return leaves, as a screen does', () => {
    expect(texts(split('10 %\r50 %\r100 %\r\nnext\r\r\n'))).toEqual(['100 %', 'next']);
  });

  it('cuts what is too long, never within a character', () => {
    const lines = split(`${'x'.repeat(maxLogLineLength - 1)}😀${'y'.repeat(10)}\n`);
    expect(lines).toEqual([
      { text: 'x'.repeat(maxLogLineLength - 1), isOpen: true },
      { text: `😀${'y'.repeat(10)}`, isOpen: false },
    ]);
  });

  it('keeps no more than a bounded beginning of a line that never ends', () => {
    const splitter = new LineSplitter();
    let kept = 0;
    for (let count = 0; count < 100; count++) {
      for (const { text } of splitter.push(Buffer.alloc(65_536, 'z'))) kept += text.length;
    }
    expect(100 * 65_536 - kept).toBeLessThanOrEqual(4 * maxLogLineLength);
  });

  it('lets no guest move a cursor, set a title or turn a text, whatever it sends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const { text } of split(bytes)) {
          // eslint-disable-next-line no-control-regex -- colours
          const rest = text.replace(/\u001b\[[0-9;:]*m/g, '');
          // eslint-disable-next-line no-control-regex -- what must not be there
          expect(rest).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e]/);
          expect(text.length).toBeLessThanOrEqual(maxLogLineLength);
        }
      }),
    );
  });
});

describe('cleanLine', () => {
  it.each([
    ['\u001b[1;31mred\u001b[0m', '\u001b[1;31mred\u001b[0m'],
    ['\u001b[2Jclear\u001b[H', 'clear'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://a\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001bPdcs\u001b\\x', 'x'],
    ['\u001b(Bplain\u001b=', 'plain'],
    ['a\tb\u0000c\u009b2Jd', 'a\tbc2Jd'],
    ['\u202eevil', 'evil'],
    ['\u001b', ''],
  ])('makes of %j what a log can show', (raw, clean) => {
    expect(cleanLine(raw)).toBe(clean);
  });
});
