/** The engine in this process, served to windows over MessagePorts. */
import { RPCHandler } from '@orpc/server/message-port';
import type { MessagePortMain } from 'electron';
import { serveSession, type ByteChannel } from '../api/session-channel.ts';
import type { Logger } from '../engine/index.ts';
import type { HostProcess } from '../server/host-process.ts';
import type { DesktopHost } from './desktop-host.ts';
import { listSandboxes } from './sandbox-list.ts';

/** What is used of a host process, which serves the CLI's unix socket by itself. */
export type ServedProcess = Pick<HostProcess, 'engine' | 'router' | 'close'>;

/** Serves the windows of this process. */
export function createEngineHost(served: ServedProcess, logger: Logger): DesktopHost {
  const { engine, router } = served;
  const handler = new RPCHandler(router);
  return {
    serveRpc: (port) => {
      handler.upgrade(messagesOf(port));
      port.start();
    },
    serveSession: (port, sessionId) => {
      serveSession(engine, sessionId, byteChannelOf(port), logger);
      port.start();
    },
    runningCount: () => engine.sandboxes.list().filter(({ state }) => state === 'running').length,
    watchSandboxes: (listener) => engine.subscribe(listSandboxes(listener)),
    stopSandbox: async (name) => {
      await engine.sandboxes.stop(name);
    },
    ended: false,
    close: () => served.close(),
  };
}

/** The port as oRPC uses it. A page sends text or bytes; anything else never reaches the handler. */
function messagesOf(port: MessagePortMain) {
  return {
    on: (event: string, callback: (event?: { data: unknown }) => void) => {
      if (event === 'close') port.on('close', callback);
      if (event !== 'message') return;
      port.on('message', ({ data }) => {
        if (typeof data === 'string' || data instanceof ArrayBuffer || data instanceof Uint8Array) {
          callback({ data });
        }
      });
    },
    postMessage: (data: unknown) => {
      port.postMessage(data);
    },
  };
}

function byteChannelOf(port: MessagePortMain): ByteChannel {
  return {
    send: (bytes) => {
      // A view would carry the whole buffer beneath it to the page.
      port.postMessage(bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice());
    },
    onMessage: (listener) => {
      port.on('message', ({ data }) => {
        listener(toBytes(data));
      });
    },
    onClose: (listener) => {
      port.on('close', listener);
    },
    close: () => {
      port.close();
    },
  };
}

/** What is not bytes becomes an empty message, which is no frame and ends the channel. */
function toBytes(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array();
}
