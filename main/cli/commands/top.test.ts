import { describe, expect, it } from 'vitest';
import type { Process } from '../../contract/stats.ts';
import { busyPercents } from './top.ts';

function aProcess(pid: number, cpuMs: number): Process {
  return { pid, cpuMs, parentPid: 0, userId: 0, state: 'R', residentBytes: 0, command: 'x' };
}

describe('busyPercents', () => {
  it('is of the time between two listings, for those that are in both', () => {
    const before = { atMs: 1000, processes: [aProcess(1, 100), aProcess(2, 500)] };
    const now = { atMs: 3000, processes: [aProcess(1, 2100), aProcess(2, 0), aProcess(3, 9)] };
    expect([...busyPercents(now, before)]).toEqual([
      [1, 100],
      [2, 0],
    ]);
    expect(busyPercents(now, undefined).size).toBe(0);
  });
});
