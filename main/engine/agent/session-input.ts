/**
 * The input of one session on its way to the guest: it waits for credit and for the port, in order.
 */
import { AppError } from '../base/app-error.ts';
import { protocolError } from './frame-codec.ts';
import type { HostMessage } from './host-messages.ts';
import { windowBytes } from './session-output.ts';

/** Small enough that other sessions get their turn on the port. */
const maxPieceBytes = 32 * 1024;

interface Write {
  readonly bytes: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Queue of writes. It holds the callers' own buffers: who writes on without waiting pays for it. */
export class SessionInput {
  readonly #stream: number;
  readonly #send: (message: HostMessage) => void;
  readonly #writes: Write[] = [];
  #offset = 0;
  #credit: number;
  #end: 'open' | 'asked' | 'sent' = 'open';
  #failure: Error | undefined;

  constructor(stream: number, credit: number, send: (message: HostMessage) => void) {
    this.#stream = stream;
    this.#credit = credit;
    this.#send = send;
  }

  /** Adds bytes; {@link pump} sends them. */
  write(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#end !== 'open') {
      return Promise.reject(new AppError('session/not-found', 'The input has been ended.'));
    }
    return new Promise((resolve, reject) => {
      this.#writes.push({ bytes, resolve, reject });
    });
  }

  end(): void {
    if (this.#end === 'open') this.#end = 'asked';
  }

  /** @throws AppError `agent/protocol` where the guest grants more than it was sent */
  granted(byteCount: number): void {
    this.#credit += byteCount;
    if (this.#credit > windowBytes) throw protocolError('granted more input than it was sent');
  }

  /** Sends one piece, if there is one and credit for it; whether it did. */
  pump(): boolean {
    const write = this.#writes[0];
    if (write === undefined) return this.#pumpEnd();
    const byteCount = Math.min(write.bytes.length - this.#offset, this.#credit, maxPieceBytes);
    if (byteCount === 0 && write.bytes.length > 0) return false;
    const bytes = write.bytes.subarray(this.#offset, this.#offset + byteCount);
    this.#credit -= byteCount;
    this.#offset += byteCount;
    if (byteCount > 0) this.#send({ type: 'stdin', stream: this.#stream, bytes });
    if (this.#offset === write.bytes.length) {
      this.#writes.shift();
      this.#offset = 0;
      write.resolve();
    }
    return true;
  }

  #pumpEnd(): boolean {
    if (this.#end !== 'asked') return false;
    this.#end = 'sent';
    this.#send({ type: 'stdin-end', stream: this.#stream });
    return true;
  }

  /** Nothing is sent any more; every write that waits is told why. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#writes.splice(0)) reject(this.#failure);
  }
}
