import type { Decision, NetworkEvent, NetworkStatus } from '../contract/network.ts';
import { isAppError, type Engine } from '../engine/index.ts';
import { Inbox } from './inbox.ts';

/** Decisions that may wait for one client, beyond those it began with, before it begins anew. */
const defaultLimit = 1024;

/**
 * The network of one sandbox for one client, from its status and log on, until the signal is
 * aborted. Of what waits for a client that reads slowly the latest status is kept, and each decision
 * once, with its latest count. Past `limit` of those everything is dropped and the client is sent
 * status and log again; if the sandbox is no more by then, the events end.
 * @throws AppError `sandbox/not-found`
 */
export async function* networkEvents(
  engine: Pick<Engine, 'network'>,
  name: string,
  signal: AbortSignal | undefined,
  limit = defaultLimit,
): AsyncGenerator<NetworkEvent, void, void> {
  const inbox = new Inbox(signal);
  let status: NetworkStatus | undefined;
  let decisions = new Map<number, Decision>();
  /** Of decisions; the log that a subscription begins with is as long as the engine keeps it. */
  let room = Infinity;
  let unsubscribe: (() => void) | undefined;
  const progress = { hasBegun: false };
  const release = (): void => {
    unsubscribe?.();
    unsubscribe = undefined;
  };
  const onEvent = (event: NetworkEvent): void => {
    if (event.type === 'status') status = event.status;
    // An entry that is there already keeps its place.
    else for (const decision of event.decisions) decisions.set(decision.id, decision);
    if (decisions.size > room) {
      status = undefined;
      decisions = new Map();
      release();
    }
    inbox.notify();
  };
  const subscribe = (): void => {
    room = Infinity;
    unsubscribe = engine.network.subscribe(name, onEvent);
    room = decisions.size + limit;
    progress.hasBegun = true;
  };
  const take = (): NetworkEvent | undefined => {
    if (unsubscribe === undefined) subscribe();
    if (status !== undefined) {
      const event: NetworkEvent = { type: 'status', status };
      status = undefined;
      return event;
    }
    if (decisions.size === 0) return undefined;
    const event: NetworkEvent = { type: 'decisions', decisions: [...decisions.values()] };
    decisions = new Map();
    room = limit;
    return event;
  };
  try {
    yield* inbox.drain(take);
  } catch (error) {
    if (!progress.hasBegun || !isAppError(error, 'sandbox/not-found')) throw error;
  } finally {
    release();
  }
}
