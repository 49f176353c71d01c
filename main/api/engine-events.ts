import type { EngineEvent } from '../contract/event.ts';
import type { Engine } from '../engine/index.ts';
import { Inbox } from './inbox.ts';

/** Events that may wait for one client before it is sent a new snapshot instead. */
const defaultLimit = 1024;

/**
 * The engine's events for one client, from a snapshot on, until the signal is aborted.
 * A client that reads slowly misses in-between states, never the last one: what waits is kept once
 * per sandbox and operation. Past `limit` of those everything is dropped for a new snapshot.
 */
export async function* engineEvents(
  engine: Pick<Engine, 'subscribe'>,
  signal: AbortSignal | undefined,
  limit = defaultLimit,
): AsyncGenerator<EngineEvent, void, void> {
  const inbox = new Inbox(signal);
  const pending = new Map<string, EngineEvent>();
  let unsubscribe: (() => void) | undefined;
  const release = (): void => {
    unsubscribe?.();
    unsubscribe = undefined;
  };
  const onEvent = (event: EngineEvent): void => {
    if (event.type === 'snapshot') pending.clear();
    // An entry that is there already keeps its place, so that a busy one cannot overtake itself.
    pending.set(keyOf(event), event);
    if (pending.size > limit) {
      pending.clear();
      release();
    }
    inbox.notify();
  };
  try {
    yield* inbox.drain(() => {
      unsubscribe ??= engine.subscribe(onEvent);
      const [next] = pending;
      if (next === undefined) return undefined;
      pending.delete(next[0]);
      return next[1];
    });
  } finally {
    release();
  }
}

function keyOf(event: EngineEvent): string {
  switch (event.type) {
    case 'snapshot':
    case 'images':
    case 'snapshots':
      return event.type;
    case 'sandbox':
      return `sandbox:${event.sandbox.id}`;
    case 'sandbox-removed':
      return `sandbox:${event.id}`;
    case 'operation':
      return `operation:${event.operation.id}`;
  }
}
