/** The WebSockets of a host process, the same on every listener. Who may ask is decided before. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Context } from '@orpc/server';
import { RPCHandler } from '@orpc/server/websocket';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Router } from '../api/router.ts';
import { serveSession, type ByteChannel } from '../api/session-channel.ts';
import { maxSessionPayloadBytes } from '../contract/session-frames.ts';
import type { Engine, Logger } from '../engine/index.ts';
import type { SocketEndpoint } from './endpoints.ts';

/** A request carries at most a command with its arguments and environment. */
const maxRpcMessageBytes = 4 * 1024 * 1024;
/** Calls of one client that have not been answered; subscriptions count. */
const maxCallsInFlight = 256;
const maxSockets = 256;
/** A peer that has not answered for this long is gone; an idle tunnel needs traffic besides. */
const heartbeatMs = 30_000;

/** Codes of RFC 6455 section 7.4.1. */
const closeCode = { goingAway: 1001, protocolError: 1002, unacceptable: 1003, tryLater: 1013 };

/** Serves the WebSockets of one engine until it is closed. */
export class WebSockets {
  readonly #engine: Engine;
  readonly #logger: Logger;
  readonly #rpc: RPCHandler<Context>;
  readonly #rpcServer = makeServer(maxRpcMessageBytes);
  readonly #sessionServer = makeServer(1 + maxSessionPayloadBytes);
  readonly #answered = new Map<WebSocket, boolean>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(engine: Engine, router: Router, logger: Logger) {
    this.#engine = engine;
    this.#logger = logger;
    this.#rpc = new RPCHandler(router);
    this.#heartbeat = setInterval(() => {
      this.#beat();
    }, heartbeatMs).unref();
  }

  /** Finishes the handshake of an allowed upgrade and serves the socket. */
  upgrade(endpoint: SocketEndpoint, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#answered.size >= maxSockets) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    const server = endpoint.kind === 'rpc' ? this.#rpcServer : this.#sessionServer;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#answered.set(webSocket, true);
      webSocket.on('pong', () => this.#answered.set(webSocket, true));
      webSocket.on('close', () => this.#answered.delete(webSocket));
      webSocket.on('error', (error) => {
        this.#logger.debug('A WebSocket failed', { error: error.message });
      });
      if (endpoint.kind === 'rpc') this.#serveRpc(webSocket);
      else serveSession(this.#engine, endpoint.id, byteChannel(webSocket), this.#logger);
    });
  }

  /** Tells every client that the host process goes; resolves when their sockets are closed. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    await Promise.all(
      [...this.#answered.keys()].map(async (webSocket) => {
        const closed = new Promise((resolve) => webSocket.once('close', resolve));
        webSocket.close(closeCode.goingAway, 'The host process ends.');
        const late = setTimeout(() => {
          webSocket.terminate();
        }, 1000);
        await closed;
        clearTimeout(late);
      }),
    );
    this.#rpcServer.close();
    this.#sessionServer.close();
  }

  #serveRpc(webSocket: WebSocket): void {
    let inFlight = 0;
    // The promise makes an event wait until the one before it is on its way.
    const peer = {
      addEventListener: () => undefined,
      send: (message: string) =>
        new Promise<void>((resolve, reject) => {
          webSocket.send(message, (error) => {
            if (error) reject(error);
            else resolve();
          });
        }),
    };
    webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) {
        webSocket.close(closeCode.unacceptable);
        return;
      }
      if (inFlight >= maxCallsInFlight) {
        webSocket.close(closeCode.tryLater, 'Too many calls at once.');
        return;
      }
      inFlight += 1;
      this.#rpc
        .message(peer as unknown as WebSocketPeer, data.toString('utf8'))
        .catch((error: unknown) => {
          this.#logger.debug('A call could not be answered', { error: String(error) });
          webSocket.close(closeCode.protocolError);
        })
        .finally(() => {
          inFlight -= 1;
        });
    });
    webSocket.on('close', () => {
      this.#rpc.close(peer);
    });
  }

  #beat(): void {
    for (const [webSocket, hasAnswered] of this.#answered) {
      if (!hasAnswered) {
        webSocket.terminate();
        continue;
      }
      this.#answered.set(webSocket, false);
      webSocket.ping();
    }
  }
}

type WebSocketPeer = Parameters<RPCHandler<Context>['message']>[0];

function makeServer(maxPayload: number): WebSocketServer {
  return new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
}

function byteChannel(webSocket: WebSocket): ByteChannel {
  return {
    send: (bytes) => {
      webSocket.send(bytes);
    },
    onMessage: (listener) => {
      webSocket.on('message', (data: RawData, isBinary) => {
        // Text is never a frame; an empty message is refused in the frames' own words.
        listener(isBinary ? asBytes(data) : new Uint8Array());
      });
    },
    onClose: (listener) => {
      webSocket.on('close', listener);
    },
    close: () => {
      webSocket.close();
    },
  };
}

function asBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
