/**
 * Joins a page's MessagePort to a WebSocket of another host process. Both carry the same messages,
 * strings and bytes, for procedures (oRPC's adapters encode alike) and for sessions.
 */
import type { MessagePortMain } from 'electron';
import type { RawData, WebSocket } from 'ws';

/** What the pipe uses of a WebSocket. */
export type PipedSocket = Pick<
  WebSocket,
  'on' | 'send' | 'close' | 'terminate' | 'readyState' | 'bufferedAmount' | 'OPEN' | 'CONNECTING'
>;

/** Bytes that may wait for the socket before the pipe is broken off. */
export const maxWaitingBytes = 16 * 1024 * 1024;

/** Pipes until either end closes, then closes the other. Starts the port. */
export function pipePortToSocket(port: MessagePortMain, socket: PipedSocket): void {
  const waiting: (string | Uint8Array)[] = [];
  let waitingBytes = 0;

  port.on('message', ({ data }) => {
    const message = toSocketMessage(data);
    if (message === undefined) {
      socket.terminate();
    } else if (socket.readyState === socket.OPEN) {
      socket.send(message);
      if (socket.bufferedAmount > maxWaitingBytes) socket.terminate();
    } else if (socket.readyState === socket.CONNECTING) {
      waiting.push(message);
      waitingBytes += message.length;
      if (waitingBytes > maxWaitingBytes) socket.terminate();
    }
  });
  port.on('close', () => {
    socket.close();
  });

  socket.on('open', () => {
    for (const message of waiting.splice(0)) socket.send(message);
  });
  socket.on('message', (data: RawData, isBinary: boolean) => {
    port.postMessage(isBinary ? toArrayBuffer(data) : toBuffer(data).toString('utf8'));
  });
  socket.on('close', () => {
    port.close();
  });
  // A failed connection closes the socket next, which closes the port.
  socket.on('error', () => undefined);
  port.start();
}

function toSocketMessage(data: unknown): string | Uint8Array | undefined {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return data instanceof Uint8Array ? data : undefined;
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** A copy of its own: a Buffer is often a view of a larger pool. */
function toArrayBuffer(data: RawData): ArrayBuffer {
  return new Uint8Array(toBuffer(data)).buffer;
}
