/**
 * A session whose bytes are streams: for transfers of files, which are no terminals. Flow control
 * over the frames of main/contract/session-frames.ts; a slow reader slows the sandbox, and a slow
 * sandbox the writer.
 */
import {
  maxSessionPayloadBytes,
  parseHostFrame,
  serializeClientFrame,
  sessionWindowBytes,
  type ClientFrame,
  type HostFrame,
} from '../../main/contract/session-frames.ts';
import type { ExitStatus } from '../../main/contract/session.ts';
import { BridgeError } from './bridge-error.ts';
import type { FrameChannel, FrameHandlers } from './transport.ts';

/** Of stderr, the end that is kept, in bytes. */
const keptStderrBytes = 16 * 1024;
/** Acknowledgements smaller than this wait for more, as long as output waits to be read. */
const acknowledgeAtBytes = 16 * 1024;

/** How it ended, and the end of what it said on stderr. */
export interface ByteSessionEnd {
  readonly status: ExitStatus;
  readonly stderr: string;
}

/** See the head of this file. */
export interface ByteSession {
  /** Acknowledged as it is read. Ends with the session, and fails where that one is lost. */
  readonly stdout: ReadableStream<Uint8Array>;
  /** To close it ends the input; to abort it lets go of the session. */
  readonly stdin: WritableStream<Uint8Array>;
  /** Rejects with a {@link BridgeError}: the session failed, the connection was lost, or it was closed here. */
  readonly ended: Promise<ByteSessionEnd>;
  /** Lets go of the session at once. */
  close(): void;
}

/** The window let go of the session: by `close`, or by giving up one of its streams. */
export class SessionClosedError extends BridgeError {
  constructor() {
    super('internal/unexpected', 'The transfer was ended by the window.');
  }
}

/** Opens the streams of a session over whatever transport `open` stands for. */
export function openByteSession(open: (handlers: FrameHandlers) => FrameChannel): ByteSession {
  const output: Uint8Array[] = [];
  let stderr: Uint8Array = new Uint8Array();
  let bytesInFlight = 0;
  let bytesWaiting = 0;
  let bytesOwed = 0;
  let isOver = false;
  let failure: BridgeError | undefined;
  /** Called when the reader may go on, and when the writer may. */
  let wakeReader: (() => void) | undefined;
  let wakeWriter: (() => void) | undefined;
  const { promise: ended, resolve, reject } = Promise.withResolvers<ByteSessionEnd>();
  // Who reads one of the streams learns of it there.
  ended.catch(() => undefined);

  const channel = open({
    onFrame: (bytes) => {
      if (isOver) return;
      const frame = parseHostFrame(bytes);
      if (frame === undefined) fail(nonsense());
      else receive(frame);
    },
    onClose: () => {
      fail(new BridgeError('host/unreachable', 'The connection was lost while files crossed it.'));
    },
  });

  function send(frame: ClientFrame): void {
    if (!isOver) channel.send(serializeClientFrame(frame));
  }

  function wake(): void {
    wakeReader?.();
    wakeWriter?.();
  }

  function fail(error: BridgeError): void {
    if (isOver) return;
    isOver = true;
    failure = error;
    output.length = 0;
    channel.close();
    reject(error);
    wake();
  }

  function acknowledge(byteCount: number): void {
    bytesOwed += byteCount;
    if (bytesOwed === 0 || (output.length > 0 && bytesOwed < acknowledgeAtBytes)) return;
    send({ type: 'ack', byteCount: bytesOwed });
    bytesOwed = 0;
  }

  function receive(frame: HostFrame): void {
    switch (frame.type) {
      case 'attached':
      case 'size':
        return;
      case 'stdout':
        bytesWaiting += frame.bytes.length;
        if (bytesWaiting > sessionWindowBytes) {
          fail(nonsense());
          return;
        }
        output.push(frame.bytes);
        wakeReader?.();
        return;
      case 'stderr': {
        const both = new Uint8Array(stderr.length + frame.bytes.length);
        both.set(stderr);
        both.set(frame.bytes, stderr.length);
        stderr = both.slice(-keptStderrBytes);
        acknowledge(frame.bytes.length);
        return;
      }
      case 'ack':
        bytesInFlight = Math.max(0, bytesInFlight - frame.byteCount);
        wakeWriter?.();
        return;
      case 'exit':
        isOver = true;
        channel.close();
        resolve({ status: frame.status, stderr: new TextDecoder().decode(stderr) });
        wake();
        return;
      case 'error':
        fail(new BridgeError(frame.error.code, frame.error.message, frame.error.hint));
    }
  }

  const stdout = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        while (output.length === 0 && !isOver) {
          await new Promise<void>((done) => (wakeReader = done));
        }
        wakeReader = undefined;
        const bytes = output.shift();
        if (bytes !== undefined) {
          bytesWaiting -= bytes.length;
          controller.enqueue(bytes);
          acknowledge(bytes.length);
        } else if (failure !== undefined) {
          controller.error(failure);
        } else {
          controller.close();
        }
      },
      cancel: () => {
        fail(new SessionClosedError());
      },
    },
    // Nothing is taken, and so acknowledged, before somebody reads.
    { highWaterMark: 0 },
  );

  const stdin = new WritableStream<Uint8Array>({
    start: (controller) => {
      // `abort` of a sink waits for the write that is under way, which waits for the sandbox.
      controller.signal.addEventListener('abort', () => {
        fail(new SessionClosedError());
      });
    },
    write: async (chunk) => {
      for (let rest = chunk; rest.length > 0;) {
        while (bytesInFlight >= sessionWindowBytes && !isOver) {
          await new Promise<void>((done) => (wakeWriter = done));
        }
        wakeWriter = undefined;
        if (isOver) throw failure ?? new BridgeError('file/failed', 'The sandbox took no more.');
        const room = Math.min(maxSessionPayloadBytes, sessionWindowBytes - bytesInFlight);
        const bytes = rest.subarray(0, room);
        rest = rest.subarray(room);
        bytesInFlight += bytes.length;
        send({ type: 'input', bytes });
      }
    },
    close: () => {
      send({ type: 'input-end' });
    },
  });

  return {
    stdout,
    stdin,
    ended,
    close: () => {
      fail(new SessionClosedError());
    },
  };
}

function nonsense(): BridgeError {
  return new BridgeError(
    'internal/unexpected',
    'The host process sent a frame that makes no sense.',
  );
}
