import { describe, expect, it } from 'vitest';
import { maxSpans, parseSgr, stripSgr } from './sgr.ts';

const esc = '\u001b';

describe('parseSgr', () => {
  it('leaves plain text as one span', () => {
    expect(parseSgr('plain')).toEqual([{ text: 'plain' }]);
    expect(parseSgr('')).toEqual([]);
  });

  it('reads colours, their ends and what is between', () => {
    expect(parseSgr(`a${esc}[31mred${esc}[0mb`)).toEqual([
      { text: 'a' },
      { text: 'red', colour: 'red' },
      { text: 'b' },
    ]);
    expect(parseSgr(`${esc}[1;4;32;41mx${esc}[22;24;39;49my`)).toEqual([
      { text: 'x', isBold: true, isUnderlined: true, colour: 'green', background: 'red' },
      { text: 'y' },
    ]);
  });

  it('takes bright colours for their plain ones, and an empty parameter for a reset', () => {
    expect(parseSgr(`${esc}[96mx${esc}[my`)).toEqual([
      { text: 'x', colour: 'cyan' },
      { text: 'y' },
    ]);
  });

  it.each([
    ['38;5;9', 'red'],
    ['38;5;46', 'green'],
    ['38;5;255', 'white'],
    ['38;5;232', 'black'],
    ['38;2;255;170;0', 'yellow'],
    ['38:2::30:30:250', 'blue'],
    ['38:2:250:30:250', 'magenta'],
    ['38;5;51;1', 'cyan'],
  ])('reads %s as %s', (code, colour) => {
    expect(parseSgr(`${esc}[${code}mx`)[0]).toMatchObject({ text: 'x', colour });
  });

  it('turns foreground and background around', () => {
    expect(parseSgr(`${esc}[7mx${esc}[31;42my${esc}[27mz`)).toEqual([
      { text: 'x', background: 'white' },
      { text: 'y', colour: 'green', background: 'red' },
      { text: 'z', colour: 'red', background: 'green' },
    ]);
  });

  it('keeps what does not fit its table as plain text', () => {
    const line = `${esc}[31ma${esc}[32mb`.repeat(maxSpans);
    const spans = parseSgr(line);
    expect(spans).toHaveLength(maxSpans);
    expect(spans.map(({ text }) => text).join('')).toBe(stripSgr(line));
    expect(spans.at(-1)).toEqual({ text: 'ab'.repeat(maxSpans).slice(maxSpans - 1) });
  });
});

describe('stripSgr', () => {
  it('leaves the text alone', () => {
    expect(stripSgr(`a${esc}[31mred${esc}[0mb`)).toBe('aredb');
  });
});
