import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendOutput, maxOutputLines, noOutput, textOfOutput } from './output-lines.ts';

const linesOf = (...chunks: string[]) =>
  textOfOutput(chunks.reduce(appendOutput, noOutput)).split('\n');

describe('appendOutput', () => {
  it('shows the same wherever chunks begin and end', () => {
    const text = 'one\n\u001b[1mtwo\u001b[0m\n10 %\r100 %\nfour';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
        const ends = [...cuts, text.length].toSorted((one, other) => one - other);
        const chunks = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
        expect(linesOf(...chunks)).toEqual(['one', 'two', '100 %', 'four']);
      }),
    );
  });

  it('leaves out colours, titles and other control characters', () => {
    const line = '\u001b[1;31mred\u001b[0m \u001b]0;title\u0007and\u0008 \u202eplain\tend\u001b[K';
    expect(linesOf(line)).toEqual(['red and plain\tend']);
  });

  it('shows what a carriage return left', () => {
    expect(linesOf('10 %\r50 %\r100 %\n', 'done\r\n')).toEqual(['100 %', 'done']);
  });

  it('keeps the last lines, and cuts one that has no end', () => {
    const many = Array.from({ length: maxOutputLines + 3 }, (_, index) => `${String(index)}\n`);
    const { lines } = appendOutput(noOutput, many.join(''));
    expect(lines).toHaveLength(maxOutputLines);
    expect(lines[0]).toBe('3');
    expect(appendOutput(noOutput, `${'x'.repeat(10_000)}\n`).lines[0]).toHaveLength(4_001);
    expect(appendOutput(noOutput, 'x'.repeat(100_000)).unfinished).toHaveLength(8_000);
  });
});
