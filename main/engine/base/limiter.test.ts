import { describe, expect, it } from 'vitest';
import { Limiter } from './limiter.ts';

describe('Limiter', () => {
  it('never runs more than so many at once, and runs all', async () => {
    const limiter = new Limiter(2);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      [0, 1, 2, 3, 4].map((number) =>
        limiter.run(async () => {
          most = Math.max(most, ++running);
          order.push(number);
          await Promise.resolve();
          running--;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps nobody who is cancelled waiting, and their turn goes to the next', async () => {
    const limiter = new Limiter(1);
    const end = Promise.withResolvers<undefined>();
    const first = limiter.run(() => end.promise);
    const abort = new AbortController();
    const ran: string[] = [];
    const cancelled = limiter.run(() => Promise.resolve(ran.push('cancelled')), abort.signal);
    const next = limiter.run(() => Promise.resolve(ran.push('next')), new AbortController().signal);
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
    await expect(
      limiter.run(() => Promise.resolve(ran.push('too late')), abort.signal),
    ).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(limiter.hasRoom).toBe(false);
    end.resolve(undefined);
    await Promise.all([first, next]);
    expect(ran).toEqual(['next']);
    expect(limiter.hasRoom).toBe(true);
  });

  it('goes on after a task has failed', async () => {
    const limiter = new Limiter(1);
    const failing = limiter.run(() => Promise.reject(new Error('no')));
    const next = limiter.run(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });
});
