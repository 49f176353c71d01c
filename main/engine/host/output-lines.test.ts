import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputLines, plainText } from './output-lines.ts';

function lines(...pieces: (string | Uint8Array)[]): string[] {
  const given: string[] = [];
  const output = new OutputLines((text) => given.push(text));
  for (const piece of pieces) output.push(Buffer.from(piece));
  output.end();
  return given;
}

describe('plainText', () => {
  it.each([
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001bPq\u001b\\x', 'x'],
    ['\u001bc\u001b(Bx', 'x'],
    ['\u001b]0;never ends', ''],
    ['a\u009b2Jb\u0007\u0000', 'a2Jb'],
    ['10%\r20%\r\n', '10%\n20%\n'],
    ['10%\r\r\r\n\r20%', '10%\n\n20%'],
    ['tab\tnaïve ☕\n', 'tab\tnaïve ☕\n'],
    ['turned \u202earound', 'turned around'],
  ])('%j is %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('is done with any number of carriage returns', () => {
    // Where each were looked for from each, that would take hours.
    expect(plainText('\r'.repeat(4_000_000) + 'x')).toBe('\nx');
  });

  it('leaves nothing that steers a terminal', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u001b[', '\u001b]', '\r'),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        // eslint-disable-next-line no-control-regex -- they are what must not be left
        expect(plainText(parts.join(''))).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('OutputLines', () => {
  it('gives whole lines as they come, and what is left as a line', () => {
    expect(lines('one\ntw', 'o\nthree')).toEqual(['one\n', 'two\n', 'three\n']);
    expect(lines('10%\r', '20%\r', '\n')).toEqual(['10%\n', '20%\n']);
    expect(lines('\r', '\n')).toEqual(['\n']);
    expect(lines()).toEqual([]);
  });

  it('puts characters together that come in pieces', () => {
    const bytes = Buffer.from('☕\n');
    expect(lines(bytes.subarray(0, 1), bytes.subarray(1))).toEqual(['☕\n']);
  });

  it('does not wait for the end of an endless line', () => {
    const given: string[] = [];
    const output = new OutputLines((text) => given.push(text));
    for (let count = 0; count < 100; count++) output.push(Buffer.alloc(1024, 'x'));
    expect(given.join('').length).toBeGreaterThan(80 * 1024);
  });
});
