/** Another host process that owns the state directory, reached over its unix socket. */
import { WebSocket } from 'ws';
import { connectHost } from '../server/client/host-client.ts';
import type { Sandbox } from '../contract/sandbox.ts';
import { rpcPath, sessionPath } from '../server/endpoints.ts';
import type { DesktopHost } from './desktop-host.ts';
import { listSandboxes } from './sandbox-list.ts';
import { maxWaitingBytes, pipePortToSocket } from './port-socket-pipe.ts';

const handshakeTimeoutMs = 5_000;

/** Passes windows' ports on to the process that listens on `socketPath`. */
export function createAttachedHost(socketPath: string): DesktopHost {
  let ended = false;
  const connect = (path: string): WebSocket =>
    new WebSocket(`ws+unix:${socketPath}:${path}`, {
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: maxWaitingBytes,
      perMessageDeflate: false,
    });
  return {
    serveRpc: (port) => {
      const socket = connect(rpcPath);
      // The window asks again when its port closes; by then the owner may be another.
      socket.on('close', () => {
        ended = true;
      });
      pipePortToSocket(port, socket);
    },
    serveSession: (port, sessionId) => {
      pipePortToSocket(port, connect(sessionPath(sessionId)));
    },
    runningCount: () => 0,
    watchSandboxes: (listener) => {
      const watching = new AbortController();
      void watchOver(socketPath, listener, watching.signal);
      return () => {
        watching.abort();
      };
    },
    stopSandbox: async (name) => {
      const client = await connectHost(socketPath);
      try {
        await client.procedures.sandboxes.stop({ name });
      } finally {
        client.close();
      }
    },
    get ended() {
      return ended;
    },
    close: () => Promise.resolve(),
  };
}

/** Hears of the other process's sandboxes until it ends or nobody listens; then there are none. */
async function watchOver(
  socketPath: string,
  listener: (sandboxes: readonly Sandbox[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const hear = listSandboxes(listener);
  try {
    const client = await connectHost(socketPath);
    const close = (): void => {
      client.close();
    };
    // Closed and not aborted: a client that aborts has something to send to who may be gone.
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
    for await (const event of await client.procedures.events()) hear(event);
  } catch {
    // The window says what is the matter with the other process.
  }
  if (!signal.aborted) listener([]);
}
