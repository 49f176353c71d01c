/** The page's end of one session: flow control over the frames of main/contract/session-frames.ts. */
import type { ErrorData } from '../../main/contract/error.ts';
import {
  maxSessionPayloadBytes,
  parseHostFrame,
  serializeClientFrame,
  sessionWindowBytes,
  type ClientFrame,
  type HostFrame,
} from '../../main/contract/session-frames.ts';
import type { ExitStatus, SessionSizing } from '../../main/contract/session.ts';
import { BridgeError } from './bridge-error.ts';
import type { FrameChannel, FrameHandlers } from './transport.ts';

/** Most input that waits for the guest to take it; what is beyond is refused. */
export const maxQueuedInputBytes = 4 * 1024 * 1024;
/** Acknowledgements smaller than this wait for more, as long as output is still being drawn. */
const acknowledgeAtBytes = 16 * 1024;

/** How a terminal begins; see `session-frames.ts`. */
export type AttachedFrame = Extract<HostFrame, { readonly type: 'attached' }>;

/** Where a session's output goes. After `onExit`, `onError` or `onLost` nothing follows. */
export interface SessionListener {
  /** From an empty terminal of this size, the next `replayBytes` of output restore the screen. */
  onAttached(frame: AttachedFrame): void;
  /** What comes from now on is for a terminal of this size. */
  onSize(rows: number, columns: number): void;
  onOutput(bytes: Uint8Array): void;
  onExit(status: ExitStatus): void;
  onError(error: ErrorData): void;
  /** The connection ended; the session may go on in the sandbox. */
  onLost(): void;
}

/** What a terminal may do with a session that it has opened. */
export interface SessionChannel {
  /** Queues input. False where the queue is full: then nothing of `bytes` was taken. */
  write(bytes: Uint8Array): boolean;
  /** Says that this many bytes of output were used. */
  acknowledge(byteCount: number): void;
  /** The size that this client would like. */
  resize(rows: number, columns: number): void;
  /** Whose size counts where several clients show the terminal. */
  setSizing(sizing: SessionSizing): void;
  /** Signal number of Linux, to the session's process group. */
  signal(signal: number): void;
  close(): void;
}

/** Opens the channel of a session over whatever transport `open` stands for. */
export function openSessionChannel(
  open: (handlers: FrameHandlers) => FrameChannel,
  listener: SessionListener,
): SessionChannel {
  const queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let bytesInFlight = 0;
  let bytesReceived = 0;
  let bytesUsed = 0;
  let bytesAcknowledged = 0;
  let ended = false;

  const channel = open({
    onFrame: (bytes) => {
      if (ended) return;
      const frame = parseHostFrame(bytes);
      if (frame === undefined) fail('The host process sent a frame that makes no sense.');
      else receive(frame);
    },
    onClose: () => {
      if (ended) return;
      end();
      listener.onLost();
    },
  });

  const send = (frame: ClientFrame) => {
    if (!ended) channel.send(serializeClientFrame(frame));
  };

  function end(): void {
    ended = true;
    queue.length = 0;
    queuedBytes = 0;
  }

  function fail(message: string): void {
    end();
    channel.close();
    listener.onError(new BridgeError('internal/unexpected', message).data);
  }

  function receive(frame: HostFrame): void {
    switch (frame.type) {
      case 'attached':
        listener.onAttached(frame);
        return;
      case 'size':
        listener.onSize(frame.rows, frame.columns);
        return;
      case 'stdout':
      case 'stderr':
        bytesReceived += frame.bytes.length;
        listener.onOutput(frame.bytes);
        return;
      case 'ack':
        bytesInFlight = Math.max(0, bytesInFlight - frame.byteCount);
        pump();
        return;
      case 'exit':
        end();
        channel.close();
        listener.onExit(frame.status);
        return;
      case 'error':
        end();
        channel.close();
        listener.onError(frame.error);
        return;
    }
  }

  function pump(): void {
    while (bytesInFlight < sessionWindowBytes) {
      const head = queue[0];
      if (head === undefined) return;
      const room = Math.min(maxSessionPayloadBytes, sessionWindowBytes - bytesInFlight);
      const bytes = head.subarray(0, room);
      if (bytes.length === head.length) queue.shift();
      else queue[0] = head.subarray(room);
      queuedBytes -= bytes.length;
      bytesInFlight += bytes.length;
      send({ type: 'input', bytes });
    }
  }

  return {
    write: (bytes) => {
      if (ended || queuedBytes + bytes.length > maxQueuedInputBytes) return false;
      if (bytes.length === 0) return true;
      queue.push(bytes);
      queuedBytes += bytes.length;
      pump();
      return true;
    },
    acknowledge: (byteCount) => {
      bytesUsed += byteCount;
      const owed = bytesUsed - bytesAcknowledged;
      if (owed === 0 || (bytesUsed < bytesReceived && owed < acknowledgeAtBytes)) return;
      bytesAcknowledged = bytesUsed;
      send({ type: 'ack', byteCount: owed });
    },
    resize: (rows, columns) => {
      send({ type: 'resize', rows, columns });
    },
    setSizing: (sizing) => {
      send({ type: 'sizing', sizing });
    },
    signal: (signal) => {
      send({ type: 'signal', signal });
    },
    close: () => {
      if (ended) return;
      end();
      channel.close();
    },
  };
}
