import type { ByteChannel } from '../../api/session-channel.ts';
import {
  maxSessionPayloadBytes,
  parseHostFrame,
  serializeClientFrame,
  sessionWindowBytes,
  type ClientFrame,
} from '../../contract/session-frames.ts';
import type { ExitStatus } from '../../contract/session.ts';
import { ClientError, clientError } from './client-error.ts';

/** Where output goes. What is returned says when the bytes were used, which lets more come. */
export interface SessionOutput {
  /** What follows draws a terminal from an empty screen on, at first and after falling far behind. */
  onScreen?(): void;
  onStdout(bytes: Uint8Array): Promise<void>;
  onStderr(bytes: Uint8Array): Promise<void>;
}

/** A client's end of one session, over any channel; see contract/session-frames.ts. */
export class SessionClient {
  /** Settles after the last output was used. Rejects with a {@link ClientError}. */
  readonly exit: Promise<ExitStatus>;
  readonly #channel: ByteChannel;
  readonly #exit = Promise.withResolvers<ExitStatus>();
  readonly #unused = new Set<Promise<void>>();
  #unacknowledged = 0;
  /** Whether the session goes on as far as is known. */
  #isOpen = true;
  #isClosed = false;
  #onRoom = (): void => undefined;

  constructor(channel: ByteChannel, output: SessionOutput) {
    this.#channel = channel;
    this.exit = this.#exit.promise;
    // Whoever writes sees the end too; an exit that nobody awaits must not end the program.
    this.exit.catch(() => undefined);
    channel.onMessage((bytes) => {
      this.#receive(bytes, output);
    });
    channel.onClose(() => {
      this.#isClosed = true;
      this.#end(() => {
        this.#exit.reject(clientError('host/unreachable', 'The host process closed the session.'));
      });
    });
  }

  /** Resolves when all bytes were sent, which waits for the command to read. False: it has ended. */
  async write(bytes: Uint8Array): Promise<boolean> {
    let offset = 0;
    while (offset < bytes.length) {
      const room = sessionWindowBytes - this.#unacknowledged;
      if (!this.#isOpen) return false;
      if (room <= 0) {
        await new Promise<void>((resolve) => {
          this.#onRoom = resolve;
        });
        continue;
      }
      const end = offset + Math.min(room, maxSessionPayloadBytes);
      const piece = bytes.subarray(offset, end);
      this.#unacknowledged += piece.length;
      this.#send({ type: 'input', bytes: piece });
      offset += piece.length;
    }
    return this.#isOpen;
  }

  endInput(): void {
    this.#send({ type: 'input-end' });
  }

  resize(rows: number, columns: number): void {
    this.#send({ type: 'resize', rows, columns });
  }

  /** A signal number of Linux. */
  signal(signal: number): void {
    this.#send({ type: 'signal', signal });
  }

  /** Leaves the session; the command goes on. */
  close(): void {
    this.#isClosed = true;
    this.#channel.close();
  }

  #send(frame: ClientFrame): void {
    if (!this.#isClosed) this.#channel.send(serializeClientFrame(frame));
  }

  #receive(bytes: Uint8Array, output: SessionOutput): void {
    const frame = parseHostFrame(bytes);
    switch (frame?.type) {
      case 'stdout':
        this.#use(output.onStdout(frame.bytes), frame.bytes.length);
        return;
      case 'stderr':
        this.#use(output.onStderr(frame.bytes), frame.bytes.length);
        return;
      case 'attached':
        output.onScreen?.();
        return;
      case 'size':
        // The terminal in front of a person has the size that it has.
        return;
      case 'ack':
        this.#unacknowledged -= frame.byteCount;
        this.#onRoom();
        return;
      case 'exit':
        this.#end(() => {
          this.#exit.resolve(frame.status);
        });
        return;
      case 'error':
        this.#end(() => {
          this.#exit.reject(new ClientError(frame.error));
        });
        return;
      case undefined:
        this.#end(() => {
          this.#exit.reject(clientError('session/protocol', 'The host process sent no frame.'));
        });
        this.#channel.close();
    }
  }

  #use(used: Promise<void>, byteCount: number): void {
    const done = used.then(
      () => {
        this.#unused.delete(done);
        this.#send({ type: 'ack', byteCount });
      },
      (error: unknown) => {
        this.#unused.delete(done);
        // The session goes on, so that whoever awaits its exit can still signal it.
        this.#exit.reject(error);
      },
    );
    this.#unused.add(done);
  }

  #end(settle: () => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onRoom();
    void Promise.all(this.#unused).then(settle);
  }
}
