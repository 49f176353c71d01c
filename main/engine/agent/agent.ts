/**
 * What the engine asks of a guest agent, whatever carries the bytes. `agent-client.ts` implements
 * it over the frames of native-helpers/guest-agent/PROTOCOL.md.
 */
import type { ExitStatus } from '../../contract/session.ts';

/** How the agent is to assemble the guest's root; sent once after each boot. */
export interface GuestSetup {
  readonly hostname: string;
  readonly root: {
    /** Serial of the read-only EROFS disk below. */
    readonly lowerSerial: string;
    /** Serial of the writable ext4 disk above; grown to the size of its disk if it is smaller. */
    readonly upperSerial: string;
  };
  /** Wall clock, milliseconds since the epoch. */
  readonly nowMs: number;
  /** Bytes from the host for the guest's random pool; at least 32. */
  readonly entropy: Uint8Array;
}

/** A command for the agent; every default has been filled in by the caller. */
export interface AgentExec {
  readonly command: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  /** Name or number of the guest, with `:group` if wanted; root when unset. */
  readonly user?: string;
  readonly tty?: { readonly rows: number; readonly columns: number };
}

/** Where a session's output goes while someone is attached to it. */
export interface AgentSessionListener {
  onStdout(bytes: Uint8Array): void;
  onStderr(bytes: Uint8Array): void;
  /** After the last output. */
  onExit(status: ExitStatus): void;
  /** The connection to the guest is gone; nothing follows. */
  onDisconnect(error: Error): void;
}

/** A command that the agent runs. The agent owns it; it goes on when nobody listens. */
export interface AgentSession {
  readonly id: number;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly startedAtMs: number;
  readonly exit: ExitStatus | undefined;
  /**
   * Takes the output from now on, with what the agent kept of it before; one listener at a time,
   * a new one takes over. Output flows only as it is acknowledged with {@link acknowledge}.
   */
  attach(listener: AgentSessionListener): () => void;
  /** Says that this many bytes of output (stdout and stderr together) were used. */
  acknowledge(byteCount: number): void;
  /** Resolves when the guest has taken the bytes, in order; rejects when it has gone. */
  write(bytes: Uint8Array): Promise<void>;
  endInput(): void;
  resize(rows: number, columns: number): void;
  /** Signal number of Linux, to the session's process group. */
  signal(signal: number): void;
}

/** A connected agent. */
export interface Agent {
  /** Whether this boot's root was assembled already (the host process came back). */
  readonly isSetUp: boolean;
  /** Milliseconds the guest took from its first instruction to the agent, where it knows. */
  readonly guestBootMs: number | undefined;
  /** Settles when the connection has ended. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  /** @throws AppError `agent/setup-failed` with the step and the guest's errno in words */
  setUp(setup: GuestSetup, signal?: AbortSignal): Promise<void>;
  /** @throws AppError `exec/…` where the command cannot be started */
  exec(request: AgentExec, signal?: AbortSignal): Promise<AgentSession>;
  /** Sessions that the agent has, those of an earlier host process included. */
  sessions(): readonly AgentSession[];
  /** Ends every process, writes everything to the disk and powers the guest off. */
  shutdown(): Promise<void>;
  /** Lets go of the connection; sessions go on. */
  close(): void;
}
