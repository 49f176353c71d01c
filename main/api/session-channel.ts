import {
  maxSessionPayloadBytes,
  parseClientFrame,
  serializeHostFrame,
  sessionWindowBytes,
  type ClientFrame,
  type HostFrame,
} from '../contract/session-frames.ts';
import { AppError, type Engine, type Logger, type SessionAttachment } from '../engine/index.ts';
import { describeError } from './errors.ts';

/** One ordered, message-keeping connection to a client: a WebSocket or a MessagePort. */
export interface ByteChannel {
  send(bytes: Uint8Array): void;
  onMessage(listener: (bytes: Uint8Array) => void): void;
  onClose(listener: () => void): void;
  /** Ends the channel after what was sent. */
  close(): void;
}

const maxRowsOrColumns = 1000;
const maxSignal = 64;

/**
 * Serves one session to one client until the session ends, the client goes (the command goes on)
 * or the client breaks the rules of session-frames.ts, which ends the channel with an error frame.
 */
export function serveSession(
  engine: Pick<Engine, 'sessions'>,
  sessionId: string,
  channel: ByteChannel,
  logger: Logger,
): void {
  let ended = false as boolean;
  let attachment: SessionAttachment | undefined;
  let unacknowledgedInput = 0;
  let unacknowledgedOutput = 0;
  let inputEnded = false;

  const send = (frame: HostFrame): void => {
    if (!ended) channel.send(serializeHostFrame(frame));
  };
  const end = (last: HostFrame): void => {
    if (ended) return;
    send(last);
    ended = true;
    attachment?.detach();
    channel.close();
  };
  const fail = (error: unknown): void => {
    end({ type: 'error', error: describeError(error, `Session ${sessionId}`, logger) });
  };

  const output = (type: 'stdout' | 'stderr', bytes: Uint8Array): void => {
    unacknowledgedOutput += bytes.length;
    if (unacknowledgedOutput > sessionWindowBytes) {
      fail(new Error(`The engine sent ${String(unacknowledgedOutput)} bytes into one window.`));
      return;
    }
    for (let offset = 0; offset < bytes.length; offset += maxSessionPayloadBytes) {
      send({ type, bytes: bytes.subarray(offset, offset + maxSessionPayloadBytes) });
    }
  };

  const input = (session: SessionAttachment, bytes: Uint8Array): void => {
    if (inputEnded) throw violation('sent input after its end');
    if (bytes.length === 0) return;
    unacknowledgedInput += bytes.length;
    if (unacknowledgedInput > sessionWindowBytes) {
      throw violation(
        `sent ${String(unacknowledgedInput)} bytes into a window of ${String(sessionWindowBytes)}`,
      );
    }
    session.write(bytes).then(() => {
      unacknowledgedInput -= bytes.length;
      send({ type: 'ack', byteCount: bytes.length });
    }, fail);
  };

  const handle = (session: SessionAttachment, frame: ClientFrame): void => {
    switch (frame.type) {
      case 'input':
        input(session, frame.bytes);
        return;
      case 'input-end':
        if (!inputEnded) session.endInput();
        inputEnded = true;
        return;
      case 'resize':
        if (!isSize(frame.rows) || !isSize(frame.columns)) {
          throw violation(
            `asked for ${String(frame.rows)} rows and ${String(frame.columns)} columns`,
          );
        }
        session.resize(frame.rows, frame.columns);
        return;
      case 'signal':
        if (frame.signal < 1 || frame.signal > maxSignal) {
          throw violation(`sent signal ${String(frame.signal)}`);
        }
        session.signal(frame.signal);
        return;
      case 'ack':
        if (frame.byteCount > unacknowledgedOutput) {
          throw violation(
            `acknowledged ${String(frame.byteCount)} bytes of ${String(unacknowledgedOutput)}`,
          );
        }
        unacknowledgedOutput -= frame.byteCount;
        if (frame.byteCount > 0) session.acknowledge(frame.byteCount);
    }
  };

  channel.onClose(() => {
    if (ended) return;
    ended = true;
    attachment?.detach();
  });
  channel.onMessage((bytes) => {
    if (ended || attachment === undefined) return;
    try {
      const frame = parseClientFrame(bytes);
      if (frame === undefined) throw violation('sent a message that is not a frame');
      handle(attachment, frame);
    } catch (error) {
      fail(error);
    }
  });
  try {
    const attached = engine.sessions.attach(sessionId, {
      onStdout: (bytes) => {
        output('stdout', bytes);
      },
      onStderr: (bytes) => {
        output('stderr', bytes);
      },
      onExit: (status) => {
        end({ type: 'exit', status });
      },
      onError: fail,
    });
    // A session that has ended already says so before attach returns.
    if (ended) attached.detach();
    else attachment = attached;
  } catch (error) {
    fail(error);
  }
}

function isSize(value: number): boolean {
  return value >= 1 && value <= maxRowsOrColumns;
}

function violation(what: string): AppError {
  return new AppError('session/protocol', `The client of the session ${what}.`);
}
