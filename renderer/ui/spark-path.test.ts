import { describe, expect, it } from 'vitest';
import { sparkPath } from './spark-path.ts';

const frame = { length: 5, top: 100, width: 100, height: 22 };

describe('sparkPath', () => {
  it('ends at the right, and goes from the bottom to the top', () => {
    expect(sparkPath([0, 100], frame).line).toBe('M75,21L100,1');
    expect(sparkPath([0, 100], frame).area).toBe('M75,22L75,21L100,1L100,22Z');
  });

  it('is interrupted by a gap', () => {
    expect(sparkPath([0, 0, undefined, 0, 0], frame).line).toBe('M0,21L25,21M75,21L100,21');
    expect(sparkPath([undefined], frame)).toEqual({ line: '', area: '' });
  });

  it('makes room for a value above its top, and shows the latest only', () => {
    expect(sparkPath([9, 200, 0, 0, 0, 0], frame).line).toBe('M0,1L25,21L50,21L75,21L100,21');
  });
});
