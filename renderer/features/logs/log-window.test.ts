import { describe, expect, it } from 'vitest';
import { aLogLine } from '../../testing/live-builders.ts';
import {
  appendLines,
  clearLines,
  emptyWindow,
  joinLatest,
  prependPage,
  removeRunLines,
} from './log-window.ts';

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
  const latest = (sequences: number[], hasEarlier = true, oldestSequence = 1) => ({
    lines: lines(...sequences),
    hasEarlier,
    oldestSequence,
  });

  it('goes on where both have a line', () => {
    expect(numbers(joinLatest(window, latest([5, 6])))).toEqual([1, 2, 5, 6]);
  });

  it('begins anew where lines may be missing between, and where the host has no earlier ones', () => {
    for (const begun of [joinLatest(window, latest([9])), joinLatest(emptyWindow, latest([9]))])
      expect(begun).toEqual({ lines: lines(9), hasEarlier: true });
    expect(joinLatest(window, latest([5, 9], false))).toEqual({
      lines: lines(5, 9),
      hasEarlier: false,
    });
    expect(joinLatest(window, latest([], false, 6))).toEqual(emptyWindow);
  });

  it('has nothing that the host has no more', () => {
    expect(numbers(joinLatest(window, latest([4, 6], true, 2)))).toEqual([2, 4, 6]);
  });
});

describe('what goes', () => {
  it('is all before a line, or what one run said', () => {
    const window = {
      lines: [...lines(1, 2), aLogLine({ sequence: 3, commandId: 'x' })],
      hasEarlier: true,
    };
    expect(clearLines(window, 2)).toEqual({ lines: window.lines.slice(1), hasEarlier: false });
    expect(numbers(removeRunLines(window, 'x'))).toEqual([1, 2]);
    expect(removeRunLines(window, 'y')).toBe(window);
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
