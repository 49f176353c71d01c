import { setTimeout as delay } from 'node:timers/promises';
import { cancelledError } from '../../base/app-error.ts';
import { TransientError } from './network-error.ts';

/** Waits before the second try, the third, …; one more try than there are waits. */
export type Backoff = readonly number[];

/** See {@link Backoff}; milliseconds. */
export const defaultBackoffMs: Backoff = [500, 2000];

/** A registry that asks for more is not waited for; the user is told instead. */
const maxRetryAfterMs = 15_000;

/** Runs `attempt` until it succeeds, fails for good, or the tries are used up. */
export async function withRetries<Value>(
  attempt: () => Promise<Value>,
  options: {
    readonly backoffMs: Backoff;
    readonly signal?: AbortSignal | undefined;
    /** Whether the failed attempt came further than any before; then the count begins anew. */
    readonly madeProgress?: () => boolean;
  },
): Promise<Value> {
  let failures = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      failures = options.madeProgress?.() === true ? 0 : failures;
      const waitMs = options.backoffMs[failures];
      const { retryAfterMs = 0 } = error;
      if (waitMs === undefined || retryAfterMs > maxRetryAfterMs) throw error.error;
      failures += 1;
      await delay(Math.max(waitMs, retryAfterMs), undefined, { signal: options.signal }).catch(
        () => {
          throw cancelledError('The wait before the next try');
        },
      );
    }
  }
}
