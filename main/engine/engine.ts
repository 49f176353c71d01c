/** The engine as its hosts see it. `open-engine.ts` makes one; `index.ts` is the door. */
import type { BootTimeline } from '../contract/boot-timeline.ts';
import type { Diagnostics } from '../contract/diagnostics.ts';
import type { EngineEvent } from '../contract/event.ts';
import type { HostReport } from '../contract/host.ts';
import type { Operation } from '../contract/operation.ts';
import type { ConfigChange } from '../contract/config/config-changes.ts';
import type { ConfigReport } from '../contract/config/config-report.ts';
import type { PathEntry } from '../contract/path-entry.ts';
import type { Preset } from '../contract/preset.ts';
import type { CreateRequest, SandboxConfigInput } from '../contract/sandbox-config.ts';
import type { Sandbox } from '../contract/sandbox.ts';
import type {
  ExecRequest,
  ExitStatus,
  Session,
  SessionActivity,
  SessionSizing,
  ShellRequest,
} from '../contract/session.ts';
import type { NetworkConfig } from '../contract/config/network.ts';
import type {
  Decision,
  GuestPort,
  NetworkAnswer,
  NetworkEvent,
  NetworkQuestion,
  NetworkStatus,
  PublishedPort,
} from '../contract/network.ts';
import type { OpenedTerminal } from '../contract/system-terminal.ts';
import type { NamedVolume } from '../contract/volume.ts';
import type { ImageCalls, RegistryCalls } from './image-calls.ts';
import type { CommandCalls, FileCalls, LogCalls, StatsCalls } from './live-calls.ts';
import type { SnapshotCalls, TemplateCalls } from './snapshot-calls.ts';

/** Where a session's output goes. Calls come in order; after `onExit` or `onError` none follow. */
export interface SessionSink {
  /**
   * Of a terminal, before its output and whenever it begins from an empty screen again: see
   * `attached` of session-frames.ts. The bytes of the replay follow by `onStdout`.
   */
  onAttached(screen: {
    readonly rows: number;
    readonly columns: number;
    readonly replayBytes: number;
    readonly gapBytes: number;
  }): void;
  /** The terminal has another size from here on. */
  onSize(rows: number, columns: number): void;
  onStdout(bytes: Uint8Array): void;
  onStderr(bytes: Uint8Array): void;
  onExit(status: ExitStatus): void;
  /** The guest is gone, or another client took the session over. An AppError. */
  onError(error: Error): void;
}

/** A client's end of a session. Detaching leaves the command running. */
export interface SessionAttachment {
  /** Resolves when the guest has taken the bytes, which is when they may be acknowledged. */
  write(bytes: Uint8Array): Promise<void>;
  endInput(): void;
  /** What this client has room for. */
  resize(rows: number, columns: number): void;
  setSizing(sizing: SessionSizing): void;
  signal(signal: number): void;
  /** Output flows as it is acknowledged; stdout and stderr count together. */
  acknowledge(byteCount: number): void;
  detach(): void;
}

/** Every call that fails throws an AppError. */
export interface Engine {
  readonly stateDir: string;

  /** The first event is a `snapshot`, at once; then every change until the function is called. */
  subscribe(listener: (event: EngineEvent) => void): () => void;

  readonly host: {
    report(): Promise<HostReport>;
    /** What begins with this path; empty where it is none. */
    completePath(prefix: string): Promise<PathEntry[]>;
    diagnostics(): Promise<Diagnostics>;
    /** Opens the desktop's own terminal in a running sandbox; an empty emulator: finds one. */
    openTerminal(name: string, emulator: string): Promise<OpenedTerminal>;
  };

  readonly config: {
    /** Looks at a configuration; boots, pulls and makes nothing. Never throws for what it finds. */
    build(input: unknown): Promise<ConfigReport>;
  };

  readonly templates: TemplateCalls;
  readonly snapshots: SnapshotCalls;
  readonly images: ImageCalls;
  readonly registries: RegistryCalls;

  readonly sandboxes: {
    list(): Sandbox[];
    inspect(name: string): Sandbox;
    /** A free name, and the image to begin with. */
    suggest(): Promise<{ name: string; image: string }>;
    /** Pulls if needed, makes the sandbox and boots it. What fails or is cancelled leaves nothing. */
    create(request: CreateRequest): Promise<Operation>;
    /** Changes the configuration; all of it or nothing. */
    configure(
      name: string,
      config: SandboxConfigInput,
    ): Promise<{ sandbox: Sandbox; changes: ConfigChange[] }>;
    duplicate(
      name: string,
      as: string,
      options: { readonly withDisk: boolean },
    ): Promise<Operation>;
    /**
     * Of a running sandbox: an operation that has succeeded already. A suspended one goes on where
     * it was, or gives its memory up and boots from its disk.
     */
    start(name: string, options?: { readonly fromDisk?: boolean }): Promise<Operation>;
    /** Of one that is paused: nothing. */
    pause(name: string): Promise<Sandbox>;
    /** Of one that runs: nothing. */
    resume(name: string): Promise<Sandbox>;
    suspend(name: string): Promise<Operation>;
    /** Asks the guest, then QEMU, then ends the process. Of a stopped sandbox: nothing. */
    stop(name: string, options?: { readonly graceMs?: number }): Promise<Sandbox>;
    restart(name: string): Promise<Operation>;
    remove(name: string, options?: { readonly force?: boolean }): Promise<void>;
    exec(request: ExecRequest): Promise<Session>;
    shell(request: ShellRequest): Promise<Session>;
    sessions(name: string): Session[];
    /** The last one first. */
    boots(name: string): Promise<BootTimeline[]>;
  };

  readonly sessions: {
    inspect(sessionId: string): Session;
    activity(sessionId: string): Promise<SessionActivity>;
    close(sessionId: string): Promise<void>;
    /**
     * A terminal has as many clients as want it. A session of pipes has one: a new one takes over
     * and the earlier one hears `onError`.
     */
    attach(sessionId: string, sink: SessionSink): SessionAttachment;
  };

  readonly files: FileCalls;
  readonly logs: LogCalls;
  readonly stats: StatsCalls;
  readonly commands: CommandCalls;

  readonly network: {
    /** With the traffic as it is now. */
    inspect(name: string): Promise<NetworkStatus>;
    /**
     * The first event is the status, the second the whole log, both at once; then every change
     * until the function is called. A sandbox that stops has a status of its own; one that is
     * removed ends nothing.
     */
    subscribe(name: string, listener: (event: NetworkEvent) => void): () => void;
    log(name: string): Decision[];
    /** Fields that are left out stay. */
    set(name: string, changes: Partial<NetworkConfig>): Promise<NetworkStatus>;
    /** For good, or until the sandbox stops. */
    decide(
      name: string,
      decision: {
        readonly action: 'allow' | 'deny';
        readonly destination: string;
        readonly isTemporary: boolean;
      },
    ): Promise<NetworkStatus>;
    forget(name: string, destination: string): Promise<NetworkStatus>;
    addPort(name: string, port: string): Promise<PublishedPort>;
    removePort(name: string, port: string): Promise<void>;
    listeners(name: string): Promise<GuestPort[]>;
    test(name: string, question: NetworkQuestion): Promise<NetworkAnswer>;
    testConfig(network: NetworkConfig, question: NetworkQuestion): Promise<NetworkAnswer>;
  };

  readonly volumes: {
    list(): Promise<NamedVolume[]>;
    inspect(name: string): Promise<NamedVolume>;
    create(name: string): Promise<NamedVolume>;
    remove(name: string, options?: { readonly force?: boolean }): Promise<void>;
  };

  readonly presets: {
    list(): Promise<Preset[]>;
    save(preset: {
      readonly name: string;
      readonly description: string;
      readonly config: SandboxConfigInput;
    }): Promise<Preset>;
    remove(name: string): Promise<void>;
  };

  readonly operations: {
    get(id: string): Operation;
    /** Resolves when the work has stopped and what it made is gone. */
    cancel(id: string): Promise<void>;
    /** Calls back with the last lines of the output at once, then with each more, until called. */
    onOutput(id: string, listener: (text: string) => void): () => void;
    /** Resolves when the operation has ended, whichever way. */
    wait(id: string): Promise<Operation>;
  };

  /** Ends operations, lets go of the running machines (they go on) and of the state directory. */
  close(): Promise<void>;
}
