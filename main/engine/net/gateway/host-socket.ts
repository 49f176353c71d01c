/** A TCP socket of the host whose other end is a connection of the guest: bytes both ways, held back both ways. */
import type { Socket } from 'node:net';
import type { TcpFlow } from '../stack/tcp-flows.ts';
import { slabBytes } from './qemu-link.ts';

/** What one read gives at most: it fits one segment, for IPv4 and IPv6. */
const readBytes = 65_280;
/** A smaller read is copied, and its buffer used again. */
const copyBelowBytes = 16 * 1024;
/** The kernel asks a silent peer whether it is there. */
export const keepAliveMs = 60_000;
const lingerMs = 60_000;

/** Options for `net.connect` by which reads come as {@link Pump} wants them. */
export function readInto(onRead: (bytes: Uint8Array) => boolean): {
  buffer: () => Uint8Array;
  callback: (byteCount: number, buffer: Uint8Array) => boolean;
} {
  // No Buffer: a slice of one is a view, and a small read has to be a copy.
  let buffer: Uint8Array | undefined;
  return {
    buffer: () => (buffer ??= new Uint8Array(readBytes)),
    callback: (byteCount, from) => {
      if (byteCount < copyBelowBytes) return onRead(from.slice(0, byteCount));
      buffer = undefined;
      return onRead(from.subarray(0, byteCount));
    },
  };
}

/** Moves bytes between a socket and a flow. */
export class Pump {
  readonly #flow: TcpFlow;
  readonly #socket: Socket;
  #isPaused = false;

  constructor(flow: TcpFlow, socket: Socket) {
    this.#flow = flow;
    this.#socket = socket;
  }

  /** To the guest; false where nothing more is to be read for now. */
  toGuest(bytes: Uint8Array): boolean {
    this.#flow.write(bytes);
    if (this.#flow.sendRoom > 0) return true;
    this.#isPaused = true;
    return false;
  }

  /** The guest has taken something. */
  onTaken(): void {
    // Half of it at most, or a flow that may queue less than one read would never be read on for.
    const wanted = Math.min(readBytes, this.#flow.sendLimit / 2);
    if (!this.#isPaused || this.#flow.sendRoom < wanted) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  /** To the host. `bytes` may be a view of something large, which must not be held for long. */
  toHost(bytes: Uint8Array): void {
    // Where there are many flows, each of them could keep a slab alive.
    const isHeld = this.#socket.writableLength > 0 || this.#flow.sendLimit < slabBytes;
    const piece = isHeld ? Uint8Array.from(bytes) : bytes;
    this.#socket.write(piece, (error) => {
      if (error === undefined || error === null) this.#flow.use(piece.length);
    });
  }
}

/**
 * Lets a socket go whose flow is over. What the guest said before it ended still goes out, for as
 * long as the other side takes it.
 */
export function closeSocket(socket: Socket, isFinished: boolean): void {
  if (!isFinished || socket.writableLength === 0 || socket.destroyed) {
    socket.destroy();
    return;
  }
  socket.setTimeout(lingerMs, () => {
    socket.destroy();
  });
  socket.once('finish', () => {
    socket.destroy();
  });
  socket.end();
}
