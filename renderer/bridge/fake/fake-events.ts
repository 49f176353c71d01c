/**
 * Events as they come, those that are there first, until the signal aborts.
 * @param subscribe called once, with what takes an event; what it returns ends it
 */
export async function* fakeEvents<T>(
  first: readonly T[],
  subscribe: (push: (event: T) => void) => () => void,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  const queue = [...first];
  let wake: () => void = () => undefined;
  const unsubscribe = subscribe((event) => {
    queue.push(event);
    wake();
  });
  signal?.addEventListener('abort', () => {
    wake();
  });
  try {
    while (signal?.aborted !== true) {
      const event = queue.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    unsubscribe();
  }
}
