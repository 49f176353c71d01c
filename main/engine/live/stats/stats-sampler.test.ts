import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StatsEvent, StatsOverview } from '../../../contract/stats.ts';
import type { GuestStats } from '../../agent/agent.ts';
import { StatsSampler, type SampledSandbox } from './stats-sampler.ts';

class AMachine implements SampledSandbox {
  readonly id: string;
  readonly name: string;
  readonly pid: number;
  cpuMs = 0;
  bytes = 0;
  asked = { guest: 0, traffic: 0 };
  answer: () => Promise<GuestStats> = () => Promise.resolve({ processes: 5 });

  constructor(id: string, pid: number) {
    this.id = id;
    this.name = `box-${id}`;
    this.pid = pid;
  }

  traffic() {
    this.asked.traffic += 1;
    return Promise.resolve({ sentBytes: this.bytes, receivedBytes: 2 * this.bytes });
  }

  guest() {
    this.asked.guest += 1;
    return this.answer();
  }
}

describe('StatsSampler', () => {
  let machines: AMachine[];
  let sampler: StatsSampler;
  let reads: number;

  beforeEach(() => {
    vi.useFakeTimers();
    machines = [];
    reads = 0;
    sampler = new StatsSampler({
      now: Date.now,
      readUsage: (pid) => {
        reads += 1;
        const machine = machines.find((each) => each.pid === pid);
        if (machine === undefined) return undefined;
        const { cpuMs, bytes } = machine;
        return { cpuMs, memoryBytes: 4096, diskReadBytes: 0, diskWriteBytes: bytes };
      },
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function run(id: string): AMachine {
    const machine = new AMachine(id, machines.length + 1);
    machines.push(machine);
    sampler.began(machine);
    return machine;
  }
  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

  it('has no timer while nothing runs', async () => {
    sampler.watch('a', () => undefined);
    expect(vi.getTimerCount()).toBe(0);
    run('a');
    run('b');
    expect(vi.getTimerCount()).toBe(1);
    sampler.ended('a');
    sampler.ended('b');
    expect(vi.getTimerCount()).toBe(0);
    const before = reads;
    await seconds(10);
    expect(reads).toBe(before);
  });

  it('samples each second, watched or not, and gives the history to who comes', async () => {
    const machine = run('a');
    machine.cpuMs += 500;
    machine.bytes += 3000;
    await seconds(1);
    machine.cpuMs += 2000;
    await seconds(1);
    const events: StatsEvent[] = [];
    const off = sampler.watch('a', (event) => events.push(event));
    expect(events).toMatchObject([
      {
        type: 'history',
        samples: [
          // The guest has not been asked yet: it has its first shell to start.
          { cpuPercent: 50, hostMemoryBytes: 4096, diskWriteBytesPerSecond: 3000 },
          { cpuPercent: 200, diskWriteBytesPerSecond: 0, processes: 5 },
        ],
      },
    ]);
    await seconds(1);
    expect(events[1]).toMatchObject({ type: 'sample', sample: { cpuPercent: 0 } });
    off();
    off();
    await seconds(1);
    expect(events).toHaveLength(2);
  });

  it('asks a guest each second while it is watched, and seldom while it is not', async () => {
    const machine = run('a');
    await seconds(60);
    expect(machine.asked.guest).toBeLessThanOrEqual(8);
    expect(machine.asked.traffic).toBeLessThanOrEqual(8);
    machine.asked = { guest: 0, traffic: 0 };
    const off = sampler.watch('a', () => undefined);
    await seconds(10);
    expect(machine.asked).toEqual({ guest: 10, traffic: 10 });
    off();
    machine.asked = { guest: 0, traffic: 0 };
    const overviews: StatsOverview[] = [];
    sampler.watchAll((overview) => overviews.push(overview));
    await seconds(10);
    expect(machine.asked).toEqual({ guest: 1, traffic: 10 });
    expect(overviews).toHaveLength(11);
    expect(overviews.at(-1)).toMatchObject({ 'box-a': { processes: 5 } });
  });

  it('says how fast the network is, from the side of the guest', async () => {
    const machine = run('a');
    const events: StatsEvent[] = [];
    sampler.watch('a', (event) => events.push(event));
    await seconds(1);
    machine.bytes += 700;
    await seconds(2);
    expect(events.at(-1)).toMatchObject({
      sample: { networkSentBytesPerSecond: 700, networkReceivedBytesPerSecond: 1400 },
    });
  });

  it('goes without a guest that does not answer, and asks it seldom', async () => {
    const silent = run('a');
    const other = run('b');
    silent.answer = () => new Promise(() => undefined);
    const events: StatsEvent[] = [];
    sampler.watch('a', (event) => events.push(event));
    sampler.watch('b', () => undefined);
    await seconds(30);
    expect(events).toHaveLength(31);
    expect(events.at(-1)).not.toHaveProperty('sample.processes');
    expect(other.asked.guest).toBeGreaterThan(29);
    expect(silent.asked.guest).toBe(1);

    const old = run('c');
    old.answer = () => Promise.reject(new Error('It cannot tell.'));
    sampler.watch('c', () => undefined);
    await seconds(120);
    expect(old.asked.guest).toBeLessThanOrEqual(4);
  });

  it('keeps the history over a stop, and ends nothing for those who watch', async () => {
    run('a');
    const events: StatsEvent[] = [];
    sampler.watch('a', (event) => events.push(event));
    await seconds(2);
    sampler.ended('a');
    await seconds(5);
    expect(events).toHaveLength(3);
    run('a');
    await seconds(1);
    expect(events).toHaveLength(4);
    sampler.watch('a', (event) => events.push(event));
    expect(events.at(-1)).toMatchObject({ samples: { length: 3 } });
    sampler.forget('a');
    sampler.watch('a', (event) => events.push(event));
    expect(events.at(-1)).toMatchObject({ samples: [] });
  });

  it('tells that nothing runs any more', () => {
    run('a');
    const overviews: StatsOverview[] = [];
    sampler.watchAll((overview) => overviews.push(overview));
    sampler.ended('a');
    expect(overviews.at(-1)).toEqual({});
  });
});
