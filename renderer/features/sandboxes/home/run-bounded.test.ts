import { describe, expect, it } from 'vitest';
import { runBounded, type Settled } from './run-bounded.ts';

function aTrial(limit: number, items: readonly string[]) {
  const settled: Settled<string>[] = [];
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const cancelling = new AbortController();
  const finished = runBounded(
    items,
    limit,
    (item) => {
      begun.push(item);
      return new Promise<void>((resolve, reject) => {
        ends.set(item, (error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
      });
    },
    (one) => settled.push(one),
    cancelling.signal,
  );
  const end = async (item: string, error?: Error) => {
    ends.get(item)?.(error);
    await new Promise(setImmediate);
  };
  return { settled, begun, finished, end, cancelling };
}

describe('runBounded', () => {
  it('does no more at once than it may, and each once', async () => {
    const { begun, end, finished, settled } = aTrial(2, ['a', 'b', 'c', 'd']);
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('a');
    await end('c');
    await end('d');
    await finished;
    expect(settled.map(({ item }) => item)).toEqual(['b', 'a', 'c', 'd']);
  });

  it('goes on after one that fails', async () => {
    const { end, finished, settled } = aTrial(1, ['a', 'b']);
    const error = new Error('no');
    await end('a', error);
    await end('b');
    await finished;
    expect(settled).toEqual([
      { item: 'a', isDone: false, error },
      { item: 'b', isDone: true },
    ]);
  });

  it('begins nothing more once it is cancelled', async () => {
    const { begun, end, finished, cancelling } = aTrial(1, ['a', 'b']);
    cancelling.abort();
    await end('a');
    await finished;
    expect(begun).toEqual(['a']);
  });
});
