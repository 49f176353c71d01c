/**
 * Writes messages to the guest's port and says when the port takes no more for now.
 */
import type { Duplex } from 'node:stream';
import { serializeFrame } from './frame-codec.ts';
import { hostFrames, type HostMessage } from './host-messages.ts';

/** See the file's header. What must not pile up waits while {@link PortWriter.isBlocked}. */
export class PortWriter {
  readonly #port: Duplex;
  #isBlocked = false;

  /** `onDrain` is called each time the port takes bytes again. */
  constructor(port: Duplex, onDrain: () => void) {
    this.#port = port;
    port.on('drain', () => {
      this.#isBlocked = false;
      onDrain();
    });
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  send(message: HostMessage): void {
    for (const frame of hostFrames(message)) this.sendBytes(serializeFrame(frame));
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.#port.destroyed || this.#port.writableEnded) return;
    if (!this.#port.write(bytes)) this.#isBlocked = true;
  }
}
