/** An in-memory host behind the same bridge: for work on the window without machines. */
import { createRouterClient } from '@orpc/server';
import type { ClientContext, ClientLink } from '@orpc/client';
import { serializeHostFrame } from '../../../main/contract/session-frames.ts';
import { BridgeError } from '../bridge-error.ts';
import type { FrameChannel, FrameHandlers, Transport } from '../transport.ts';
import { FakeHost, type FakeHostOptions } from './fake-host.ts';
import { createFakeRouter } from './fake-router.ts';
import { sceneOf } from './fake-scenes.ts';

/** Begins as the page's `?fake=` says; see `fake-scenes.ts`. */
export function createFakeTransport(
  options: FakeHostOptions = sceneOf(globalThis.location.search),
): Transport & { readonly host: FakeHost } {
  const host = new FakeHost(options);
  const client: unknown = createRouterClient(createFakeRouter(host));
  const link: ClientLink<ClientContext> = {
    call: (path, input, callOptions) => {
      let procedure: unknown = client;
      for (const step of path) procedure = (procedure as Record<string, unknown>)[step];
      return (procedure as (...all: unknown[]) => Promise<unknown>)(input, callOptions);
    },
  };
  return {
    kind: 'fake',
    host,
    openRpc: () => {
      let close: () => void = () => undefined;
      const closed = new Promise<void>((resolve) => (close = resolve));
      return Promise.resolve({ link, closed, close });
    },
    openSession: (sessionId, handlers) =>
      host.transfers.get(sessionId)?.(handlers) ??
      host.sessions.get(sessionId)?.attach(handlers) ??
      refuse(sessionId, handlers),
  };
}

function refuse(sessionId: string, handlers: FrameHandlers): FrameChannel {
  const { data: error } = new BridgeError('session/not-found', `No session is "${sessionId}".`);
  queueMicrotask(() => {
    handlers.onFrame(serializeHostFrame({ type: 'error', error }));
  });
  return { send: () => undefined, close: () => undefined };
}
