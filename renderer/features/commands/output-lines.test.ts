import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandOutput } from '../../../main/contract/commands.ts';
import {
  appendOutput,
  maxOutputLines,
  noOutput,
  shownLines,
  textOfOutput,
} from './output-lines.ts';

const out = (text: string): CommandOutput => ({ stream: 'stdout', text });
const err = (text: string): CommandOutput => ({ stream: 'stderr', text });
const shown = (...pieces: CommandOutput[]) =>
  shownLines(appendOutput(noOutput, pieces)).map(({ stream, text }) => `${stream}: ${text}`);

describe('appendOutput', () => {
  it('shows the same wherever pieces begin and end', () => {
    const text = 'one\n\u001b[1mtwo\u001b[0m\n10 %\r100 %\nfour';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
        const ends = [...cuts, text.length].toSorted((one, other) => one - other);
        const pieces = ends.map((end, index) => out(text.slice(ends[index - 1] ?? 0, end)));
        const output = pieces.reduce((so, piece) => appendOutput(so, [piece]), noOutput);
        expect(textOfOutput(output)).toBe('one\ntwo\n100 %\nfour\n');
      }),
    );
  });

  it('tells the streams apart, also where a line of one is within that of the other', () => {
    expect(shown(out('a'), err('oops\n'), out('b\n'), err('end'))).toEqual([
      'stderr: oops',
      'stdout: ab',
      'stderr: end',
    ]);
  });

  it('gives each line a key of its own, which stays', () => {
    const first = appendOutput(noOutput, [out('a\nb')]);
    const second = appendOutput(first, [out('c\n'), err('x')]);
    expect(shownLines(first).map(({ key }) => key)).toEqual([1, 2]);
    expect(shownLines(second).map(({ key }) => key)).toEqual([1, 2, 3]);
  });

  it('keeps the last lines, says so, and ends a line that has no end', () => {
    const output = appendOutput(noOutput, [out('x\n'.repeat(maxOutputLines + 5))]);
    expect(output.lines).toHaveLength(maxOutputLines);
    expect(output.isCut).toBe(true);
    const long = appendOutput(noOutput, [out('y'.repeat(10_000))]);
    expect(long.open).toEqual({});
    expect(long.lines).toHaveLength(1);
  });
});
