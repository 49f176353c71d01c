import { describe, expect, it } from 'vitest';
import { Leases } from './leases.ts';

describe('Leases', () => {
  it('hold what was touched within them, through any calls, until they end', async () => {
    const leases = new Leases();
    const deep = async (): Promise<void> => {
      await Promise.resolve();
      await leases.touch('b', 'c');
    };
    await leases.during(async () => {
      await leases.touch('a');
      await deep();
      expect([...leases.held()]).toEqual(['a', 'b', 'c']);
    });
    expect(leases.held()).toEqual(new Set());
    await leases.touch('a');
    expect(leases.held()).toEqual(new Set());
  });

  it('join the one they are within, and end when that ends', async () => {
    const leases = new Leases();
    await leases.during(async () => {
      await leases.during(() => leases.touch('inner'));
      expect([...leases.held()]).toEqual(['inner']);
    });
    expect(leases.held()).toEqual(new Set());
  });

  it('are of their own for work that outlives who began it', async () => {
    const leases = new Leases();
    const outerEnds = Promise.withResolvers<undefined>();
    let inner: Promise<void> = Promise.resolve();
    const begin = async (): Promise<void> => {
      inner = leases.separately(async () => {
        await leases.touch('inner');
        await outerEnds.promise;
        await leases.touch('later');
        expect([...leases.held()]).toEqual(['inner', 'later']);
      });
      await leases.touch('outer');
    };
    await leases.during(begin);
    outerEnds.resolve(undefined);
    await inner;
    await leases.collect(begin);
    await inner;
    expect(leases.held()).toEqual(new Set());
  });

  it('hold nothing that is only looked at', async () => {
    const leases = new Leases();
    await leases.during(async () => {
      await leases.apart(() => leases.touch('seen'));
      await leases.touch('used');
      expect([...leases.held()]).toEqual(['used']);
    });
    // Within a collection it does not wait for its end.
    await leases.collect(() => leases.apart(() => leases.touch('seen')));
  });

  it('are told apart', async () => {
    const leases = new Leases();
    const first = Promise.withResolvers<undefined>();
    const held = leases.during(async () => {
      await leases.touch('first');
      await first.promise;
    });
    await leases.during(() => leases.touch('second'));
    expect([...leases.held()]).toEqual(['first']);
    first.resolve(undefined);
    await held;
  });

  it('tell what others hold, also to a collection that is begun within one', async () => {
    const leases = new Leases();
    const first = Promise.withResolvers<undefined>();
    const other = leases.during(async () => {
      await leases.touch('shared', 'other');
      await first.promise;
    });
    await leases.during(async () => {
      await leases.touch('shared', 'own');
      expect([...leases.heldByOthers()]).toEqual(['shared', 'other']);
      await leases.collect(() => {
        expect([...leases.heldByOthers()]).toEqual(['shared', 'other']);
        return Promise.resolve();
      });
    });
    first.resolve(undefined);
    await other;
  });

  it('end where the work fails', async () => {
    const leases = new Leases();
    const failing = leases.during(async () => {
      await leases.touch('a');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(leases.held()).toEqual(new Set());
  });

  it('of work that outlives its lease are new ones', async () => {
    const leases = new Leases();
    const go = Promise.withResolvers<undefined>();
    let later: Promise<void> = Promise.resolve();
    await leases.during(() => {
      later = go.promise.then(async () => {
        await leases.touch('late');
        expect(leases.held()).toEqual(new Set());
        await leases.during(async () => {
          await leases.touch('own');
          expect([...leases.held()]).toEqual(['own']);
        });
      });
      return Promise.resolve();
    });
    go.resolve(undefined);
    await later;
  });

  it('wait for a collection, which sees either the touch or nobody who looks', async () => {
    const leases = new Leases();
    const events: string[] = [];
    const go = Promise.withResolvers<undefined>();
    const collecting = leases.collect(async () => {
      events.push('collection begins');
      // It may look at parts itself.
      await leases.touch('own');
      await go.promise;
      expect(leases.held()).toEqual(new Set());
      events.push('collection ends');
    });
    const using = leases.during(async () => {
      await leases.touch('a');
      events.push('looked');
    });
    const next = leases.collect(() => {
      events.push('next collection');
      return Promise.resolve();
    });
    go.resolve(undefined);
    await Promise.all([collecting, using, next]);
    expect(events.slice(0, 2)).toEqual(['collection begins', 'collection ends']);
    expect(events.slice(2).sort()).toEqual(['looked', 'next collection']);
  });

  it('can be held again after a collection that failed', async () => {
    const leases = new Leases();
    await expect(leases.collect(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await leases.during(async () => {
      await leases.touch('a');
      expect([...leases.held()]).toEqual(['a']);
    });
  });
});
