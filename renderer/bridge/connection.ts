import type { ClientContext, ClientLink } from '@orpc/client';
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { contract } from '../../main/contract/contract.ts';
import type { ErrorData } from '../../main/contract/error.ts';
import type { EngineEvent } from '../../main/contract/event.ts';
import { translate } from '../words/language.ts';
import { BridgeError, toErrorData } from './bridge-error.ts';
import type { RpcConnection, Transport } from './transport.ts';
import { waitForTimer } from './wait-for-timer.ts';

/** Every procedure of the contract, typed. */
export type SkerryClient = ContractRouterClient<typeof contract>;

/** Whether the host process can be reached. `waiting` knows when the next attempt is. */
export type ConnectionState =
  | { readonly status: 'connecting'; readonly wasConnected: boolean }
  | { readonly status: 'connected' }
  | {
      readonly status: 'waiting';
      readonly wasConnected: boolean;
      readonly error: ErrorData;
      /** Milliseconds since the epoch. */
      readonly retryAtMs: number;
    };

/** Waits, or less when the signal aborts. Never rejects. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** What {@link connect} needs. */
export interface ConnectOptions {
  readonly transport: Transport;
  /** Hears every event; the first after each connection is a snapshot. */
  readonly onEvent: (event: EngineEvent) => void;
  readonly wait?: Wait;
  readonly now?: () => number;
}

/** A connection that comes back by itself for as long as the page lives. */
export interface Connection {
  readonly state: StoreApi<ConnectionState>;
  /** Stable over reconnections; a call while the host process is away fails at once. */
  readonly client: SkerryClient;
  /** Ends the present wait before the next attempt. */
  retryNow(): void;
  close(): void;
}

const firstDelayMs = 250;
const longestDelayMs = 8_000;

/** Connects, hears the events, and connects again whenever the host process went away. */
export function connect(options: ConnectOptions): Connection {
  const { transport, onEvent, wait = waitForTimer, now = Date.now } = options;
  const state = createStore<ConnectionState>(() => ({ status: 'connecting', wasConnected: false }));
  const closing = new AbortController();
  let current: RpcConnection | undefined;
  let waiting = new AbortController();

  const link: ClientLink<ClientContext> = {
    call: async (path, input, callOptions) => {
      if (current === undefined) throw unreachable();
      const used = current;
      const ended = used.closed.then(() => {
        throw unreachable();
      });
      // A call in flight when the host process goes away fails as that, whatever the library says.
      return Promise.race([used.link.call(path, input, callOptions), ended]);
    },
  };
  const client: SkerryClient = createORPCClient(link);

  const listen = async (): Promise<void> => {
    current = await transport.openRpc(closing.signal);
    const opened = current;
    const ended = opened.closed.then(() => ({ done: true, value: undefined }) as const);
    const events = (await client.events(undefined, { signal: closing.signal }))[
      Symbol.asyncIterator
    ]();
    for (;;) {
      const next = await Promise.race([events.next(), ended]);
      if (next.done === true) return;
      if (next.value.type === 'snapshot') state.setState({ status: 'connected' }, true);
      onEvent(next.value);
    }
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    let wasConnected = false;
    while (!closing.signal.aborted) {
      let error: ErrorData = unreachable().data;
      try {
        await listen();
      } catch (thrown) {
        error = toErrorData(thrown);
      }
      if (state.getState().status === 'connected') {
        failures = 0;
        wasConnected = true;
      }
      current?.close();
      current = undefined;
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
      failures += 1;
      state.setState({ status: 'waiting', wasConnected, error, retryAtMs: now() + delayMs }, true);
      waiting = new AbortController();
      await wait(delayMs, AbortSignal.any([waiting.signal, closing.signal]));
      state.setState({ status: 'connecting', wasConnected }, true);
    }
  };
  void run();

  return {
    state,
    client,
    retryNow: () => {
      waiting.abort();
    },
    close: () => {
      closing.abort();
      current?.close();
    },
  };
}

function unreachable(): BridgeError {
  return new BridgeError('host/unreachable', translate('errors:bridge.noAnswer'));
}
