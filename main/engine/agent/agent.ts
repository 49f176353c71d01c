/**
 * What the engine asks of a guest agent, whatever carries the bytes. `agent-client.ts` implements
 * it over the frames of native-helpers/guest-agent/PROTOCOL.md.
 */
import type { ExitStatus } from '../../contract/session.ts';

/** Where the guest's root comes from. Serials are those of disks of the machine. */
export type GuestRoot =
  | {
      readonly kind: 'image';
      /** The read-only EROFS disk below. */
      readonly lowerSerial: string;
      /** The writable ext4 disk above; grown to the size of its disk if it is smaller. */
      readonly upperSerial: string;
    }
  | {
      readonly kind: 'directory';
      /** Name of the shared directory that is the root, or the lower part of it. */
      readonly share: string;
      /** As above; without it the directory itself is written. */
      readonly upperSerial?: string;
    }
  | {
      readonly kind: 'disk';
      readonly serial: string;
      /** From 1; without it the guest finds the partition, or takes a disk without partitions. */
      readonly partition?: number;
    };

/** A directory or file that is mounted in the guest; parents come before what is below them. */
export type GuestVolume =
  | {
      readonly kind: 'share';
      readonly target: string;
      /** Name of the shared directory or file. */
      readonly share: string;
      readonly isFile: boolean;
      readonly readOnly: boolean;
    }
  | { readonly kind: 'tmpfs'; readonly target: string; readonly sizeMiB: number };

/** A change to the root, made before anything of the guest runs; see PROTOCOL.md, "Patches". */
export interface GuestPatch {
  readonly kind: 'file' | 'dir' | 'append' | 'symlink' | 'mkdir' | 'remove';
  readonly path: string;
  /** Of file, dir and append: what to copy, as a path on the seed disk without a slash in front. */
  readonly source?: string;
  /** Of symlink. */
  readonly target?: string;
  /** Permission bits. Without them: the source's, or 0755 for a directory that is made. */
  readonly mode?: number;
  /** `USER` or `USER:GROUP` of the guest; root where something is made and none is named. */
  readonly owner?: string;
  readonly replace?: boolean;
}

/** An address of the guest's interface, in network order, and the way out of its network. */
export interface GuestAddress {
  readonly address: Uint8Array;
  /** Bits of the address that name the network. */
  readonly prefix: number;
  readonly gateway: Uint8Array;
}

/** The guest's network interface, which is the one with this address. */
export interface GuestNetwork {
  /** 6 bytes. */
  readonly mac: Uint8Array;
  /** Addresses of 4 bytes. */
  readonly ipv4: GuestAddress;
  /** Addresses of 16 bytes. A guest whose kernel has no IPv6 goes without. */
  readonly ipv6: GuestAddress;
  /** At most 3 addresses as texts; without any the guest keeps its own. */
  readonly nameServers: readonly string[];
}

/** A port of the guest that a process there listens on. */
export interface GuestListener {
  readonly protocol: 'tcp' | 'udp';
  /** 4 or 16 bytes in network order; all of them 0 for every address of the guest. */
  readonly address: Uint8Array;
  readonly port: number;
  /** Name of the process, at most 64 characters, where the guest found it. */
  readonly command?: string;
}

/** What the guest uses, as far as it says; no part is larger than its whole. */
export interface GuestStats {
  readonly memoryTotalBytes?: number;
  /** Without what its kernel would give back. */
  readonly memoryUsedBytes?: number;
  /** Of the root's filesystem. */
  readonly diskTotalBytes?: number;
  readonly diskUsedBytes?: number;
  /** Without the threads of its kernel. */
  readonly processes?: number;
}

/** A process of the guest. */
export interface GuestProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly userId: number;
  /** One letter, as the kernel has it: `R`, `S`, `D`, … */
  readonly state: string;
  readonly residentBytes: number;
  /** On processors, since it began. */
  readonly cpuMs: number;
  /** Its name, at most 64 characters. */
  readonly command: string;
}

/** A line of the guest kernel's log. */
export interface KernelLogLine {
  readonly sinceBootUs: number;
  readonly text: string;
}

/** How the agent is to assemble the guest's root; sent once after each boot. */
export interface GuestSetup {
  readonly hostname: string;
  readonly root: GuestRoot;
  /** How shares come in: one virtiofs that has each as an entry, or one 9p for each. */
  readonly shareTransport?: 'virtiofs' | '9p';
  readonly volumes: readonly GuestVolume[];
  /** Serial of a read-only EROFS disk with `scripts/NAME` and the sources of patches. */
  readonly seedSerial?: string;
  /** Whether `scripts` of the seed disk is to be mounted at /.msb/scripts. */
  readonly hasScripts: boolean;
  readonly patches: readonly GuestPatch[];
  /** Without it the guest has no interface but its loopback. */
  readonly network?: GuestNetwork;
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

/** Rows and columns of a terminal. */
export interface AgentTerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** Where the output begins that follows an attachment. */
export interface AgentSessionStart {
  /** What came before it and is lost; of pipes, what was used. */
  readonly skippedBytes: number;
  /** Of what follows, what an earlier host has used. */
  readonly knownBytes: number;
  /** Of a terminal, at its first byte; absent where the agent does not tell. */
  readonly size?: AgentTerminalSize;
}

/** Where a session's output goes while someone is attached to it. */
export interface AgentSessionListener {
  /** Before what the agent kept. Not called for a session that begins with this listener. */
  onAttached?(start: AgentSessionStart): void;
  /** The terminal has another size from here on. Not called by an agent that does not tell. */
  onSize?(size: AgentTerminalSize): void;
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
  /** Whether it carries files, and is no command of anyone. */
  readonly isTransfer?: boolean;
  /**
   * Takes the output from now on, with what the agent kept of it before; one listener at a time,
   * a new one takes over. Output flows only as it is acknowledged with {@link acknowledge}.
   */
  attach(listener: AgentSessionListener): () => void;
  /**
   * Says that this many bytes of output (stdout and stderr together) were used. A session of pipes
   * that has ended and was used to its end is closed.
   */
  acknowledge(byteCount: number): void;
  /** Resolves when the guest has taken the bytes, in order; rejects when it has gone. */
  write(bytes: Uint8Array): Promise<void>;
  endInput(): void;
  /** Whether `onSize` says where a new size holds. */
  readonly tellsSizes: boolean;
  resize(rows: number, columns: number): void;
  /** Signal number of Linux, to the session's process group. */
  signal(signal: number): void;
  /**
   * Name of the program in the foreground of the terminal, if it is not the command itself; at most
   * 64 characters without control characters.
   * @throws AppError `agent/timeout` where the agent is of a version that cannot tell
   */
  foreground(): Promise<string | undefined>;
  /** Forgets the session; what still runs of it is killed. */
  close(): void;
}

/** How {@link Agent.changes} is read. */
export interface ChangesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears what was left out, in lines for people, when all else was read. */
  readonly onLeftOut?: ((text: string) => void) | undefined;
}

/** What is to be done with files of the guest; see PROTOCOL.md, "FILES". */
export interface FilesRequest {
  readonly action:
    | ('list' | 'stat' | 'read' | 'write' | 'rename' | 'remove')
    | ('make-directory' | 'set-mode' | 'set-owner' | 'changes' | 'tar' | 'untar' | 'measure');
  /** Absolute; one, but for `tar` and `measure`, which says how large that tar would be. */
  readonly paths: readonly string[];
  /** Of `rename`. */
  readonly target?: string;
  /** Of `set-owner`: `USER`, `USER:GROUP` or `:GROUP`. */
  readonly owner?: string;
  /** Who owns what is made; root without it. */
  readonly user?: string | undefined;
  /** Of `write`: what is replaced. */
  readonly version?: string | undefined;
  /** Of `write`: what will come. Of `read`: the most that is wanted. */
  readonly sizeBytes?: number;
  readonly mode?: number;
  /** Of `make-directory`: with those above it. */
  readonly recursive?: boolean;
  readonly replace?: boolean;
  readonly keepOwners?: boolean;
  readonly contents?: boolean;
  readonly follow?: boolean;
}

/** Work on files that is under way in the guest: a session that is in no list. */
export interface FilesWork {
  /** Its exit code is 0, the errno of what failed, or one of PROTOCOL.md's own. */
  readonly session: AgentSession;
  /** Forgets it; what still runs of it is killed. */
  readonly close: () => void;
}

/** A connected agent. */
export interface Agent {
  /** Whether this boot's root was assembled already (the host process came back). */
  readonly isSetUp: boolean;
  /** Milliseconds the guest took from its first instruction to the agent, where it knows. */
  readonly guestBootMs: number | undefined;
  /** Settles when the connection has ended. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  /**
   * @throws AppError `agent/setup-failed` with the step and the guest's errno in words;
   *   `patch/failed` with `index` (from 0) of the patch in the details
   */
  setUp(setup: GuestSetup, signal?: AbortSignal): Promise<void>;
  /** @throws AppError `exec/…` where the command cannot be started */
  exec(request: AgentExec, signal?: AbortSignal): Promise<AgentSession>;
  /** Sessions that the agent has, those of an earlier host process included. */
  sessions(): readonly AgentSession[];
  /**
   * What listens in the guest now; at most 128, each address and port once.
   * @throws AppError `agent/timeout` where the agent is of a version that cannot tell
   */
  listeners(signal?: AbortSignal): Promise<readonly GuestListener[]>;
  /** @throws AppError `agent/timeout` where the agent is of a version that cannot tell */
  stats(signal?: AbortSignal): Promise<GuestStats>;
  /**
   * In the order of their pids, at most 4096, without the threads of the kernel.
   * @throws AppError as {@link stats}
   */
  processes(signal?: AbortSignal): Promise<readonly GuestProcess[]>;
  /**
   * What the kernel has logged since it was asked last, by whichever host, and its console did not
   * show; at most some thousand lines.
   * @throws AppError as {@link stats}
   */
  kernelLog(): Promise<readonly KernelLogLine[]>;
  /**
   * What the writable disk has above the image, as the tar of a layer (OCI image specification,
   * layer.md); see PROTOCOL.md, "CHANGES". Bytes come as they are taken. Whoever stops taking them
   * ends it in the guest. Nothing of them can be trusted before the end, nor after it.
   * @throws AppError `image/commit-failed` where the guest cannot read it all, `agent/…`,
   *   `operation/cancelled`
   */
  changes(options?: ChangesOptions): AsyncIterable<Uint8Array>;
  /** @throws AppError `file/failed` where it cannot begin, `agent/…`, `operation/cancelled` */
  files(request: FilesRequest, signal?: AbortSignal): Promise<FilesWork>;
  /**
   * For a guest that was restored: sets its clock and reseeds its random pool, before anything else.
   * What was held goes on.
   * @throws AppError `agent/setup-failed`
   */
  setClock(nowMs: number, entropy: Uint8Array, signal?: AbortSignal): Promise<void>;
  /**
   * For a guest that goes on as another sandbox: its host name, and a machine id of its own where
   * its root has one; see PROTOCOL.md, "IDENTITY".
   * @throws AppError `agent/setup-failed`, `agent/timeout` by an agent of an earlier version
   */
  takeIdentity(hostname: string, signal?: AbortSignal): Promise<void>;
  /**
   * Writes everything to the writable disk and lets nothing more be written, until {@link thaw} or
   * for ten seconds, so that the disk can be copied as it is.
   * @throws AppError `agent/setup-failed`, `agent/timeout` by an agent of an earlier version
   */
  freeze(signal?: AbortSignal): Promise<void>;
  /** Lets it be written again. Fails where the ten seconds were over. @throws as {@link freeze} */
  thaw(): Promise<void>;
  /**
   * Until {@link endRehearsal}, what is asked is done by a fork of the agent, in namespaces of its
   * own: it is set up and runs commands as if it were the guest. Before {@link setUp} alone.
   * @throws AppError `agent/…`
   */
  beginRehearsal(signal?: AbortSignal): Promise<void>;
  /**
   * Ends the fork, and all that it has started: its sessions have ended before. The guest is as
   * before, its disks without a driver.
   * @throws AppError `agent/…`
   */
  endRehearsal(signal?: AbortSignal): Promise<void>;
  /**
   * Every process of the guest stands still, but its agent, until {@link setClock} or for twenty
   * seconds: none of them runs with the time and the random numbers of before.
   * @throws AppError `agent/setup-failed` where one of them does not, and then all go on;
   *   `agent/timeout` by an agent of an earlier version
   */
  hold(signal?: AbortSignal): Promise<void>;
  /** Ends every process, writes everything to the disk and powers the guest off. */
  shutdown(): Promise<void>;
  /** Lets go of the connection; sessions go on. */
  close(): void;
}
