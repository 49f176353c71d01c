/** Another host process that owns the state directory, reached over its unix socket. */
import { WebSocket } from 'ws';
import { rpcPath, sessionPath } from '../server/endpoints.ts';
import type { DesktopHost } from './desktop-host.ts';
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
    get ended() {
      return ended;
    },
    close: () => Promise.resolve(),
  };
}
