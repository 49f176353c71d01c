/**
 * The socket of QEMU's `stream` network backend: frames, each behind its length (32 bits,
 * big-endian). QEMU listens, so that another host process can take the link up.
 */
import { connect, type Socket } from 'node:net';
import { read32 } from '../wire/bytes.ts';
import { lengthBytes } from '../stack/frame-writer.ts';

/** QEMU's NET_BUFSIZE, net/net.h: it sends no larger frame. */
const maxFrameBytes = 4096 + 65_536;
/** What is read goes into slabs of this size, and frames are views of them. */
export const slabBytes = 256 * 1024;
/** Waiting to be written: past this the guest is slower than what is sent to it. */
const busyBytes = 1024 * 1024;

/** What is told of a link. */
export interface LinkEvents {
  /** A view; the memory is not written again, but a view of it keeps a slab alive. */
  onFrame(frame: Uint8Array): void;
  /** All frames that were there are told. */
  onBatch(): void;
  /** More can be sent again. */
  onDrain(): void;
  onClosed(): void;
}

/** See the head of this file. */
export class QemuLink {
  readonly #socket: Socket;
  readonly #events: LinkEvents;
  // No Buffer: a slice of one is a view, and what is taken of a frame has to be a copy.
  #slab = new Uint8Array(slabBytes);
  #start = 0;
  #end = 0;
  #isCorked = false;

  private constructor(path: string, events: LinkEvents) {
    this.#events = events;
    this.#socket = connect({
      path,
      onread: {
        buffer: () => this.#nextBuffer(),
        callback: (byteCount) => {
          this.#read(byteCount);
          return true;
        },
      },
    });
    this.#socket.on('drain', () => {
      events.onDrain();
    });
    // A close follows.
    this.#socket.on('error', () => undefined);
  }

  /** Connects; rejects where nobody listens. */
  static async open(path: string, events: LinkEvents): Promise<QemuLink> {
    const link = new QemuLink(path, events);
    const socket = link.#socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.once('close', () => {
      events.onClosed();
    });
    return link;
  }

  get isBusy(): boolean {
    return this.#socket.writableLength > busyBytes;
  }

  /** Takes a frame with its length in front; it goes out with {@link flush}. */
  send(head: Uint8Array, payload: readonly Uint8Array[]): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
    }
    this.#socket.write(head);
    for (const piece of payload) this.#socket.write(piece);
  }

  flush(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#socket.uncork();
  }

  /** Stops reading: QEMU then holds back what its guest sends. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  /** The rest of the slab, or a new one that begins with the part of a frame that is here. */
  #nextBuffer(): Uint8Array {
    if (slabBytes - this.#end < maxFrameBytes) {
      const slab = new Uint8Array(slabBytes);
      slab.set(this.#slab.subarray(this.#start, this.#end));
      this.#slab = slab;
      this.#end -= this.#start;
      this.#start = 0;
    }
    return this.#slab.subarray(this.#end);
  }

  #read(byteCount: number): void {
    this.#end += byteCount;
    for (;;) {
      const held = this.#end - this.#start;
      if (held < lengthBytes) break;
      const length = read32(this.#slab, this.#start);
      if (length > maxFrameBytes) {
        // Not QEMU's doing: nothing that follows can be read.
        this.#socket.destroy();
        return;
      }
      if (held < lengthBytes + length) break;
      const begin = this.#start + lengthBytes;
      this.#start = begin + length;
      this.#events.onFrame(this.#slab.subarray(begin, begin + length));
    }
    this.#events.onBatch();
  }
}
