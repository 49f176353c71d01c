import { describe, expect, it } from 'vitest';
import { aLogLine } from '../../testing/live-builders.ts';
import { appendLines, emptyWindow, joinLatest, prependPage } from './log-window.ts';

const lines = (...sequences: number[]) => sequences.map((sequence) => aLogLine({ sequence }));
const numbers = (window: { readonly lines: readonly { readonly sequence: number }[] }) =>
  window.lines.map(({ sequence }) => sequence);

describe('appendLines', () => {
  it('leaves out what is there', () => {
    const window = appendLines({ lines: lines(1, 2), hasEarlier: false }, lines(2, 3));
    expect(numbers(window)).toEqual([1, 2, 3]);
    expect(appendLines(window, lines(1, 3))).toBe(window);
  });

  it('drops the earliest beyond its bound, and says that there are some', () => {
    const window = appendLines({ lines: lines(1, 2), hasEarlier: false }, lines(3, 4), 3);
    expect(numbers(window)).toEqual([2, 3, 4]);
    expect(window.hasEarlier).toBe(true);
  });
});

describe('joinLatest', () => {
  const window = { lines: lines(1, 2, 5), hasEarlier: false };

  it('goes on where both have a line, or where the host has nothing earlier', () => {
    expect(numbers(joinLatest(window, { lines: lines(5, 6), hasEarlier: true }))).toEqual([
      1, 2, 5, 6,
    ]);
    expect(numbers(joinLatest(window, { lines: lines(9), hasEarlier: false }))).toEqual([
      1, 2, 5, 9,
    ]);
  });

  it('begins anew where lines may be missing between', () => {
    expect(joinLatest(window, { lines: lines(9), hasEarlier: true })).toEqual({
      lines: lines(9),
      hasEarlier: true,
    });
  });

  it('begins with the first that there are', () => {
    const latest = { lines: lines(4), hasEarlier: true };
    expect(joinLatest(emptyWindow, latest)).toBe(latest);
    expect(joinLatest(window, emptyWindow)).toBe(window);
  });
});

describe('prependPage', () => {
  it('puts earlier lines before the first', () => {
    const window = prependPage(
      { lines: lines(5, 6), hasEarlier: true },
      { lines: lines(3, 4, 5), hasEarlier: false },
    );
    expect(numbers(window)).toEqual([3, 4, 5, 6]);
    expect(window.hasEarlier).toBe(false);
  });
});
