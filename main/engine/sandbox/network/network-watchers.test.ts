import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NetworkEvent } from '../../../contract/network.ts';
import { NetworkWatchers } from './network-watchers.ts';

const event: NetworkEvent = { type: 'decisions', decisions: [] };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('those who watch a network', () => {
  it('are told as long as they want, each by itself', () => {
    const watchers = new NetworkWatchers(() => undefined);
    const heard: string[] = [];
    const stop = watchers.add(() => heard.push('first'));
    watchers.add(() => heard.push('second'));
    watchers.tell(event);
    stop();
    watchers.tell(event);
    expect(heard).toEqual(['first', 'second', 'second']);
    watchers.stop();
  });

  it('have counters asked for while there are any, also where one leaves twice', () => {
    const refresh = vi.fn();
    const watchers = new NetworkWatchers(refresh);
    const stopFirst = watchers.add(() => undefined);
    const stopSecond = watchers.add(() => undefined);
    expect(refresh).toHaveBeenCalledTimes(2);
    stopFirst();
    stopFirst();
    vi.advanceTimersByTime(10_000);
    expect(refresh).toHaveBeenCalledTimes(7);
    stopSecond();
    expect(vi.getTimerCount()).toBe(0);
    watchers.add(() => undefined);
    expect(vi.getTimerCount()).toBe(1);
    watchers.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
