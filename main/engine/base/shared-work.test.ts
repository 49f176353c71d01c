import { describe, expect, it } from 'vitest';
import { SharedWork, type Work } from './shared-work.ts';

/** Work that a test ends by hand. */
function manualWork(): {
  work: Work<number>;
  started: Promise<{ signal: AbortSignal; report: (progress: number) => void }>;
  end: PromiseWithResolvers<undefined>;
  starts: () => number;
} {
  const started = Promise.withResolvers<{
    signal: AbortSignal;
    report: (progress: number) => void;
  }>();
  const end = Promise.withResolvers<undefined>();
  let starts = 0;
  return {
    started: started.promise,
    end,
    starts: () => starts,
    work: async (signal, report) => {
      starts += 1;
      started.resolve({ signal, report });
      await end.promise;
    },
  };
}

describe('SharedWork', () => {
  it('runs once for all who ask at the same time', async () => {
    const shared = new SharedWork<number>();
    const { work, end, starts } = manualWork();
    const both = [1, 2].map(() => shared.run({ key: 'k', means: 'm', work }));
    end.resolve(undefined);
    await Promise.all(both);
    expect(starts()).toBe(1);
  });

  it('runs again for who asks afterwards', async () => {
    const shared = new SharedWork<number>();
    const { work, end, starts } = manualWork();
    end.resolve(undefined);
    await shared.run({ key: 'k', means: 'm', work });
    await shared.run({ key: 'k', means: 'm', work });
    expect(starts()).toBe(2);
  });

  it('tells a late caller how far the work is', async () => {
    const shared = new SharedWork<number>();
    const { work, started, end } = manualWork();
    const first: number[] = [];
    const second: number[] = [];
    const one = shared.run({ key: 'k', means: 'm', work, onProgress: (n) => first.push(n) });
    const { report } = await started;
    report(1);
    const two = shared.run({ key: 'k', means: 'm', work, onProgress: (n) => second.push(n) });
    report(2);
    end.resolve(undefined);
    await Promise.all([one, two]);
    expect([first, second]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('goes on for the others when one is cancelled', async () => {
    const shared = new SharedWork<number>();
    const { work, started, end } = manualWork();
    const abort = new AbortController();
    const cancelled = shared.run({ key: 'k', means: 'm', work, signal: abort.signal });
    const staying = shared.run({ key: 'k', means: 'm', work });
    const { signal } = await started;
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(signal.aborted).toBe(false);
    end.resolve(undefined);
    await staying;
  });

  it('ends with the last one, who waits until it has wound down', async () => {
    const shared = new SharedWork<number>();
    const { work, started, end } = manualWork();
    const abort = new AbortController();
    let settled = false;
    const cancelled = shared
      .run({ key: 'k', means: 'm', work, signal: abort.signal })
      .catch((error: unknown) => {
        settled = true;
        return error;
      });
    const { signal } = await started;
    abort.abort();
    await new Promise(setImmediate);
    expect([signal.aborted, settled]).toEqual([true, false]);
    end.reject(new Error('stopped'));
    expect(await cancelled).toMatchObject({ code: 'operation/cancelled' });
  });

  it('begins anew for who comes while an abandoned run winds down', async () => {
    const shared = new SharedWork<number>();
    const abandoned = manualWork();
    const abort = new AbortController();
    const first = shared.run({ key: 'k', means: 'm', work: abandoned.work, signal: abort.signal });
    const { signal } = await abandoned.started;
    abort.abort();
    await new Promise(setImmediate);
    expect(signal.aborted).toBe(true);
    const fresh = manualWork();
    const second = shared.run({ key: 'k', means: 'm', work: fresh.work });
    await new Promise(setImmediate);
    expect(fresh.starts()).toBe(0);
    abandoned.end.reject(new Error('stopped'));
    await expect(first).rejects.toMatchObject({ code: 'operation/cancelled' });
    fresh.end.resolve(undefined);
    await second;
    expect(fresh.starts()).toBe(1);
  });

  it('gives the failure to all who have the same means', async () => {
    const shared = new SharedWork<number>();
    const { work, end, starts } = manualWork();
    const both = [1, 2].map(() => shared.run({ key: 'k', means: 'm', work }));
    end.reject(new Error('no luck'));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(starts()).toBe(1);
  });

  it('lets a caller with other means try its own after a failure', async () => {
    const shared = new SharedWork<number>();
    const poor = manualWork();
    const good = manualWork();
    const first = shared.run({ key: 'k', means: 'poor', work: poor.work });
    const second = shared.run({ key: 'k', means: 'good', work: good.work });
    poor.end.reject(new Error('no luck'));
    good.end.resolve(undefined);
    await expect(first).rejects.toThrow('no luck');
    await second;
    expect(good.starts()).toBe(1);
  });

  it('does nothing for a caller that is cancelled already', async () => {
    const shared = new SharedWork<number>();
    const { work, starts } = manualWork();
    const run = shared.run({ key: 'k', means: 'm', work, signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(starts()).toBe(0);
  });
});
