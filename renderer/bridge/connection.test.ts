import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../main/contract/event.ts';
import { aSandbox } from '../testing/builders.ts';
import { BridgeError, toErrorData } from './bridge-error.ts';
import { connect, type Connection, type ConnectionState } from './connection.ts';
import { createFakeTransport } from './fake/fake-transport.ts';
import type { RpcConnection, Transport } from './transport.ts';

/** A transport over the in-memory host that can be cut, and refuse for a while. */
function setUp() {
  const fake = createFakeTransport({ sandboxes: [aSandbox()], stepMs: 0 });
  const events: EngineEvent['type'][] = [];
  const waits: number[] = [];
  const wakes: (() => void)[] = [];
  let opened: RpcConnection | undefined;
  let isAway = false;
  const transport: Transport = {
    ...fake,
    openRpc: async (signal) => {
      if (isAway) throw new BridgeError('host/unreachable', 'The host process does not answer.');
      opened = await fake.openRpc(signal);
      return opened;
    },
  };
  const connection = connect({
    transport,
    onEvent: ({ type }) => events.push(type),
    now: () => 1_000,
    wait: (milliseconds, signal) =>
      new Promise((resolve) => {
        waits.push(milliseconds);
        wakes.push(resolve);
        signal.addEventListener('abort', () => {
          resolve();
        });
      }),
  });
  return {
    connection,
    events,
    waits,
    wake: () => wakes.shift()?.(),
    cut: () => opened?.close(),
    setAway: (away: boolean) => {
      isAway = away;
    },
  };
}

function reached(
  connection: Connection,
  status: ConnectionState['status'],
): Promise<ConnectionState> {
  return new Promise((resolve) => {
    const look = (state: ConnectionState) => {
      if (state.status !== status) return;
      unsubscribe();
      resolve(state);
    };
    const unsubscribe = connection.state.subscribe(look);
    look(connection.state.getState());
  });
}

describe('connect', () => {
  it('is connected with the first snapshot', async () => {
    const { connection, events } = setUp();
    expect(connection.state.getState().status).toBe('connecting');
    await reached(connection, 'connected');
    expect(events).toEqual(['snapshot']);
    expect(await connection.client.sandboxes.list()).toHaveLength(1);
    connection.close();
  });

  it('comes back with another snapshot after the host process went away', async () => {
    const { connection, events, wake, cut } = setUp();
    await reached(connection, 'connected');
    cut();
    const waiting = await reached(connection, 'waiting');
    expect(waiting).toMatchObject({ wasConnected: true, error: { code: 'host/unreachable' } });
    wake();
    await reached(connection, 'connected');
    expect(events).toEqual(['snapshot', 'snapshot']);
    connection.close();
  });

  it('waits longer each time, and begins anew after a connection', async () => {
    const { connection, waits, wake, setAway, cut } = setUp();
    await reached(connection, 'connected');
    setAway(true);
    cut();
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await reached(connection, 'waiting');
      if (attempt === 7) setAway(false);
      wake();
      await reached(connection, 'connecting');
    }
    await reached(connection, 'connected');
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    cut();
    await reached(connection, 'waiting');
    expect(waits.at(-1)).toBe(250);
    connection.close();
  });

  it('tries at once when it is asked to', async () => {
    const { connection, cut } = setUp();
    await reached(connection, 'connected');
    cut();
    await reached(connection, 'waiting');
    connection.retryNow();
    await reached(connection, 'connected');
    connection.close();
  });

  it('fails calls while the host process is away, with the code for it', async () => {
    const { connection, cut } = setUp();
    await reached(connection, 'connected');
    cut();
    await reached(connection, 'waiting');
    const error: unknown = await connection.client.host.report().catch((thrown: unknown) => thrown);
    expect(toErrorData(error).code).toBe('host/unreachable');
    connection.close();
  });

  it('hands the engine errors on as they are', async () => {
    const { connection } = setUp();
    await reached(connection, 'connected');
    const error: unknown = await connection.client.sandboxes
      .inspect({ name: 'nobody' })
      .catch((thrown: unknown) => thrown);
    expect(toErrorData(error)).toMatchObject({
      code: 'sandbox/not-found',
      message: 'No sandbox has the name "nobody".',
    });
    connection.close();
  });
});
