import { describe, expect, it } from 'vitest';
import { DetachKeys } from './detach-keys.ts';

function typed(...pieces: number[][]): { sent: number[]; isDetaching: boolean } {
  const keys = new DetachKeys();
  const sent: number[] = [];
  for (const piece of pieces) {
    const { bytes, isDetaching } = keys.push(Uint8Array.from(piece));
    sent.push(...bytes);
    if (isDetaching) return { sent, isDetaching };
  }
  return { sent, isDetaching: false };
}

describe('DetachKeys', () => {
  it.each([
    [[[97, 98]], [97, 98], false],
    [[[97, 16, 17, 98]], [97], true],
    [[[16], [17]], [], true],
    [[[16], [98]], [16, 98], false],
    [[[16, 16, 17]], [16], true],
    [[[17, 16]], [17], false],
  ])('of %j sends %j and detaches: %j', (pieces, sent, isDetaching) => {
    expect(typed(...pieces)).toEqual({ sent, isDetaching });
  });
});
