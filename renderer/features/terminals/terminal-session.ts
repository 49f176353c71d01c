/** One shell or attachment of a terminal tab, between the host process and the screen. */
import type { ErrorData } from '../../../main/contract/error.ts';
import type { ExitStatus } from '../../../main/contract/session.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import {
  maxQueuedInputBytes,
  openSessionChannel,
  type SessionChannel,
} from '../../bridge/session-channel.ts';
import { isTerminalReport } from './terminal-report.ts';
import type { FrameChannel, FrameHandlers } from '../../bridge/transport.ts';

/** Rows and columns. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** What a terminal session needs of the window around it. */
export interface TerminalSessionOptions {
  readonly client: Pick<SkerryClient, 'sandboxes'>;
  readonly openSession: (sessionId: string, handlers: FrameHandlers) => FrameChannel;
  readonly sandbox: string;
  /** Attaches to this session instead of starting a shell. */
  readonly sessionId: string | undefined;
  /** `onUsed` is called once the bytes are on the screen; they are acknowledged then. */
  readonly write: (bytes: Uint8Array, onUsed: () => void) => void;
  readonly onOpen: (sessionId: string) => void;
  readonly onExit: (status: ExitStatus) => void;
  readonly onError: (error: ErrorData) => void;
  readonly onLost: () => void;
}

/** A shell that was asked for. */
export interface TerminalSession {
  /** False where the sandbox does not take so much. */
  input(bytes: Uint8Array): boolean;
  resize(size: TerminalSize): void;
  /** Ends the shell as the closing of a terminal window does, also if it is still to come. */
  hangUp(): void;
  /** Lets go; the shell goes on. */
  detach(): void;
}

/** SIGHUP of Linux: the guest's numbers count, whatever the host is. */
const hangUpSignal = 1;

/** Starts a shell, or attaches to one, with a terminal of `size`. */
export function startTerminalSession(
  options: TerminalSessionOptions,
  size: TerminalSize,
): TerminalSession {
  let channel: SessionChannel | undefined;
  let present = size;
  let state: 'live' | 'detached' | 'hung-up' = 'live';
  // An attachment begins with the output of before. The questions in it were answered then.
  let isReplay = options.sessionId !== undefined;
  // What is typed while the shell is still to come; it goes to it first of all.
  const early: Uint8Array[] = [];
  let earlyBytes = 0;

  const attach = (sessionId: string): SessionChannel => {
    const opened = openSessionChannel((handlers) => options.openSession(sessionId, handlers), {
      onOutput: (bytes) => {
        options.write(bytes, () => {
          opened.acknowledge(bytes.length);
        });
      },
      onExit: options.onExit,
      onError: options.onError,
      onLost: options.onLost,
    });
    return opened;
  };

  const startShell = async (): Promise<void> => {
    const { client, sandbox } = options;
    try {
      const session = await client.sandboxes.shell({ name: sandbox, tty: { ...size } });
      if (state === 'detached') return;
      channel = attach(session.id);
      if (state === 'hung-up') {
        endShell(channel);
        return;
      }
      if (present !== size) channel.resize(present.rows, present.columns);
      for (const bytes of early) channel.write(bytes);
      options.onOpen(session.id);
    } catch (error) {
      if (state === 'live') options.onError(toErrorData(error));
    }
  };

  if (options.sessionId === undefined) {
    void startShell();
  } else {
    channel = attach(options.sessionId);
    channel.resize(size.rows, size.columns);
    options.onOpen(options.sessionId);
  }

  return {
    input: (bytes) => {
      if (isReplay && isTerminalReport(bytes)) return true;
      isReplay = false;
      if (channel !== undefined) return channel.write(bytes);
      if (earlyBytes + bytes.length > maxQueuedInputBytes) return false;
      early.push(bytes);
      earlyBytes += bytes.length;
      return true;
    },
    resize: (next) => {
      present = next;
      channel?.resize(next.rows, next.columns);
    },
    hangUp: () => {
      state = 'hung-up';
      if (channel !== undefined) endShell(channel);
    },
    detach: () => {
      if (state === 'live') state = 'detached';
      channel?.close();
    },
  };
}

function endShell(channel: SessionChannel): void {
  channel.signal(hangUpSignal);
  channel.close();
}
