import { describe, expect, it } from 'vitest';
import { LineGate } from './line-gate.ts';

/** How many of as many lines of 100 bytes as wanted pass at one time. */
function pass(gate: LineGate, nowMs: number, wanted: number): number {
  let passed = 0;
  for (let count = 0; count < wanted; count++) {
    if (gate.isShut(nowMs)) gate.leaveOut(1);
    else {
      gate.pass(0);
      passed += 1;
    }
  }
  return passed;
}

describe('LineGate', () => {
  const limits = { burstBytes: 100_000, bytesPerSecond: 10_000 };

  it('lets a burst pass, then so much each second, and counts the rest', () => {
    const gate = new LineGate(limits);
    expect(pass(gate, 0, 5000)).toBe(1000);
    expect(gate.takeLeftOut()).toBe(4000);
    expect(gate.takeLeftOut()).toBe(0);
    expect(pass(gate, 100, 5000)).toBe(0);
    expect(pass(gate, 1000, 5000)).toBe(100);
  });

  it('is as wide as before after a rest, whatever the clock does', () => {
    const gate = new LineGate(limits);
    pass(gate, 5000, 5000);
    expect(pass(gate, 0, 10)).toBe(0);
    expect(pass(gate, 60_000, 5000)).toBe(1000);
  });
});
