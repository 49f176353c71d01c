/** How it went with one of several. */
export type Settled<Item> =
  | { readonly item: Item; readonly isDone: true }
  | { readonly item: Item; readonly isDone: false; readonly error: unknown };

/**
 * Does the work for each, in order, a few at a time. One that fails does not keep back the others.
 * Once the signal aborts no other one is begun. Never rejects.
 */
export async function runBounded<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<unknown>,
  onSettled: (settled: Settled<Item>) => void,
  signal: AbortSignal,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (signal.aborted) return;
      try {
        await work(item);
        onSettled({ item, isDone: true });
      } catch (error) {
        onSettled({ item, isDone: false, error });
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
