import { describe, expect, it } from 'vitest';
import { Remembered } from './remembered.ts';

describe('Remembered', () => {
  /** Counts the questions; the answer is their number. */
  function counted() {
    let count = 0;
    return () => Promise.resolve((count += 1));
  }

  it('asks once for a moment, and again later', async () => {
    let nowMs = 0;
    const remembered = new Remembered<number>(() => nowMs);
    const find = counted();
    expect(await remembered.get('a', find, {})).toBe(1);
    nowMs = 9_999;
    expect(await remembered.get('a', find, {})).toBe(1);
    nowMs = 10_000;
    expect(await remembered.get('a', find, {})).toBe(2);
    expect(await remembered.get('b', find, {})).toBe(3);
  });

  it('remembers that there is nothing, and forgets where it is told to', async () => {
    const remembered = new Remembered<undefined>(() => 0);
    let count = 0;
    const find = () => {
      count += 1;
      return Promise.resolve(undefined);
    };
    await remembered.get('a', find, {});
    await remembered.get('a', find, {});
    expect(count).toBe(1);
    await remembered.get('a', find, { isAgain: true });
    expect(count).toBe(2);
    remembered.clear();
    await remembered.get('a', find, {});
    expect(count).toBe(3);
  });

  it('remembers no failure', async () => {
    const remembered = new Remembered<number>();
    const fail = () => Promise.reject(new Error('broken'));
    await expect(remembered.get('a', fail, {})).rejects.toThrow('broken');
    expect(await remembered.get('a', counted(), {})).toBe(1);
  });

  it('answers who is still there where another one leaves', async () => {
    const remembered = new Remembered<number>();
    const answer = Promise.withResolvers<number>();
    const leave = new AbortController();
    const first = remembered.get('a', () => answer.promise, { signal: leave.signal });
    const second = remembered.get('a', counted(), {});
    leave.abort();
    await expect(first).rejects.toMatchObject({ code: 'operation/cancelled' });
    answer.resolve(7);
    expect(await second).toBe(7);
  });
});
