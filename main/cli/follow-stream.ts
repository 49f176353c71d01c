import { Interrupts } from './interrupts.ts';

/** Takes what comes until it ends, or until Ctrl+C, which is how such a command is meant to end. */
export async function followStream<T>(
  open: (options: { readonly signal: AbortSignal }) => Promise<AsyncIterable<T>>,
  take: (value: T) => Promise<'go on' | 'stop'>,
): Promise<void> {
  using interrupts = new Interrupts();
  const stop = new AbortController();
  interrupts.handle(() => {
    stop.abort();
  });
  try {
    for await (const value of await open({ signal: stop.signal })) {
      if ((await take(value)) === 'stop') break;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    stop.abort();
  }
}
