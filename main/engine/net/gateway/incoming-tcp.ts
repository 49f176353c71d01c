/** A connection from the host to a published port, carried to the guest. */
import type { Socket } from 'node:net';
import type { TcpFlow, TcpHandler } from '../stack/tcp-flows.ts';
import { closeSocket, keepAliveMs, Pump } from './host-socket.ts';

/** See the head of this file. The flow is opened with it as its handler. */
export class IncomingTcp implements TcpHandler {
  readonly #socket: Socket;
  readonly #onGone: (connection: IncomingTcp) => void;
  #flow: TcpFlow | undefined;
  #pump: Pump | undefined;

  /** Who connected, as the socket says it. */
  readonly remote: string;
  /** Port of the guest that it leads to. */
  readonly guestPort: number;

  /** @param socket paused, with `allowHalfOpen` */
  constructor(socket: Socket, guestPort: number, onGone: (connection: IncomingTcp) => void) {
    this.#socket = socket;
    this.remote = socket.remoteAddress ?? '';
    this.guestPort = guestPort;
    this.#onGone = onGone;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('error', () => {
      this.#flow?.abort();
    });
  }

  /** The way to the guest is being made. */
  start(flow: TcpFlow): void {
    this.#flow = flow;
  }

  abort(): void {
    if (this.#flow === undefined) this.#onGone(this);
    else this.#flow.abort();
    this.#socket.resetAndDestroy();
  }

  onEstablished(): void {
    const flow = this.#flow;
    if (flow === undefined) return;
    const pump = new Pump(flow, this.#socket);
    this.#pump = pump;
    this.#socket.on('data', (bytes: Buffer) => {
      if (!pump.toGuest(bytes)) this.#socket.pause();
    });
    this.#socket.on('end', () => {
      flow.end();
    });
    this.#socket.resume();
  }

  onData(bytes: Uint8Array): void {
    this.#pump?.toHost(bytes);
  }

  onEnd(): void {
    this.#socket.end();
  }

  onTaken(): void {
    this.#pump?.onTaken();
  }

  onClosed(reason: Parameters<TcpHandler['onClosed']>[0]): void {
    // Nobody listens in the guest, or it ended hard: the host's side hears just that.
    if (reason === 'finished') closeSocket(this.#socket, true);
    else this.#socket.resetAndDestroy();
    this.#onGone(this);
  }
}
