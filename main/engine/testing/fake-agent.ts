import type { ExitStatus } from '../../contract/session.ts';
import type {
  Agent,
  AgentExec,
  AgentSession,
  AgentSessionListener,
  ChangesOptions,
  FilesRequest,
  FilesWork,
  GuestListener,
  GuestProcess,
  GuestStats,
  KernelLogLine,
} from '../agent/agent.ts';

/** An agent without a guest: it remembers what it was asked, and its sessions do as the test says. */
export class FakeAgent implements Agent {
  isSetUp = false;
  readonly guestBootMs = undefined;
  readonly closed: Promise<Error | undefined>;
  readonly executed: AgentExec[] = [];
  /** What `exec` fails with, if it does. */
  execFailure: Error | undefined;
  /** Times that it was told. */
  readonly clocks: number[] = [];
  /** How often its processes were held. */
  holds = 0;
  /** What `hold` does. */
  onHold: () => Promise<void> = () => Promise.resolve();
  /** What `listeners` says. */
  listening: readonly GuestListener[] = [];
  /** What `stats` says. */
  onStats: () => Promise<GuestStats> = () => Promise.resolve({});
  /** What `processes` says. */
  running: readonly GuestProcess[] = [];
  /** What the kernel has logged and nobody has read. */
  kernelLines: KernelLogLine[] = [];
  /** Called by `shutdown`; a test lets the machine end here, or not. */
  onShutdown: () => void = () => undefined;
  /** What `setUp` does before it succeeds. */
  onSetUp: () => Promise<void> = () => Promise.resolve();
  /** What `changes` gives. */
  onChanges: (options?: ChangesOptions) => Iterable<Uint8Array> | AsyncIterable<Uint8Array> =
    () => [];
  /** What `files` does. */
  onFiles: (request: FilesRequest) => FilesWork = () => {
    throw new Error('This guest has no files.');
  };
  readonly #close: (error: Error | undefined) => void;
  readonly #sessions: FakeAgentSession[] = [];

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#close = resolve;
  }

  async setUp(): Promise<void> {
    await this.onSetUp();
    this.isSetUp = true;
  }

  exec(request: AgentExec): Promise<AgentSession> {
    this.executed.push(request);
    if (this.execFailure !== undefined) return Promise.reject(this.execFailure);
    const session = new FakeAgentSession(this.#sessions.length + 1, request);
    this.#sessions.push(session);
    return Promise.resolve(session);
  }

  /** It is the same guest as before: its sessions go on, each for this connection. */
  goOnWith(earlier: FakeAgent): void {
    this.isSetUp = true;
    for (const { id, command, tty, exit } of earlier.sessions()) {
      const request = {
        command,
        env: {},
        workdir: '/',
        ...(tty && { tty: { rows: 24, columns: 80 } }),
      };
      const session = new FakeAgentSession(id, request);
      session.exit = exit;
      this.#sessions.push(session);
    }
  }

  sessions(): readonly FakeAgentSession[] {
    return this.#sessions;
  }

  listeners(): Promise<readonly GuestListener[]> {
    return Promise.resolve(this.listening);
  }

  stats(): Promise<GuestStats> {
    return this.onStats();
  }

  processes(): Promise<readonly GuestProcess[]> {
    return Promise.resolve(this.running);
  }

  kernelLog(): Promise<readonly KernelLogLine[]> {
    return Promise.resolve(this.kernelLines.splice(0));
  }

  async *changes(options?: ChangesOptions): AsyncIterable<Uint8Array> {
    yield* this.onChanges(options);
  }

  files(request: FilesRequest): Promise<FilesWork> {
    return Promise.resolve(this.onFiles(request));
  }

  setClock(nowMs: number): Promise<void> {
    this.clocks.push(nowMs);
    return Promise.resolve();
  }

  takeIdentity(): Promise<void> {
    return Promise.resolve();
  }

  freeze(): Promise<void> {
    return Promise.resolve();
  }

  thaw(): Promise<void> {
    return Promise.resolve();
  }

  beginRehearsal(): Promise<void> {
    return Promise.resolve();
  }

  endRehearsal(): Promise<void> {
    return Promise.resolve();
  }

  hold(): Promise<void> {
    this.holds += 1;
    return this.onHold();
  }

  shutdown(): Promise<void> {
    this.onShutdown();
    return Promise.resolve();
  }

  close(): void {
    this.#close(undefined);
  }

  /** The connection breaks. */
  break(error: Error): void {
    this.#close(error);
  }
}

/** A session of a {@link FakeAgent}. */
export class FakeAgentSession implements AgentSession {
  readonly id: number;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly startedAtMs = 0;
  exit: ExitStatus | undefined;
  readonly written: Uint8Array[] = [];
  /** Signals that it was sent. */
  readonly signals: number[] = [];
  /** Sizes that were asked for; an agent of today says `onSize` when it has them. */
  readonly resized: (readonly [number, number])[] = [];
  tellsSizes = false;
  /** What `foreground` says; what it throws, where it is an error. */
  inForeground: string | Error | undefined;
  isClosed = false;
  acknowledged = 0;
  listener: AgentSessionListener | undefined;
  /** What a signal does. */
  onSignal: (signal: number) => void = () => undefined;

  constructor(id: number, request: AgentExec) {
    this.id = id;
    this.command = request.command;
    this.tty = request.tty !== undefined;
  }

  attach(listener: AgentSessionListener): () => void {
    this.listener = listener;
    return () => {
      if (this.listener === listener) this.listener = undefined;
    };
  }

  acknowledge(byteCount: number): void {
    this.acknowledged += byteCount;
  }

  write(bytes: Uint8Array): Promise<void> {
    this.written.push(bytes);
    return Promise.resolve();
  }

  endInput(): void {}

  resize(rows: number, columns: number): void {
    this.resized.push([rows, columns]);
  }

  signal(signal: number): void {
    this.signals.push(signal);
    this.onSignal(signal);
  }

  /** Says something to whoever listens. */
  say(stream: 'stdout' | 'stderr', text: string): void {
    if (stream === 'stdout') this.listener?.onStdout(Buffer.from(text));
    else this.listener?.onStderr(Buffer.from(text));
  }

  /** Ends, and tells whoever listens. */
  end(exit: ExitStatus): void {
    this.exit = exit;
    this.listener?.onExit(exit);
  }

  foreground(): Promise<string | undefined> {
    const said = this.inForeground;
    return said instanceof Error ? Promise.reject(said) : Promise.resolve(said);
  }

  close(): void {
    this.isClosed = true;
    this.listener = undefined;
  }
}
