/**
 * The host's side of a connected agent (PROTOCOL.md, "Connection").
 */
import type { Duplex } from 'node:stream';
import { AppError, cancelledError, isAppError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type {
  Agent,
  AgentExec,
  AgentSession,
  ChangesOptions,
  FilesRequest,
  FilesWork,
  GuestListener,
  GuestProcess,
  GuestSetup,
  GuestStats,
  KernelLogLine,
} from './agent.ts';
import { GuestSession, type SessionConnection } from './agent-session.ts';
import { cannotBegin } from './agent-work.ts';
import { readChanges } from './root-changes.ts';
import { protocolError, type FrameParser } from './frame-codec.ts';
import { parseGuestFrame, type GuestMessage, type RequestType } from './guest-messages.ts';
import { greet, type Greeting } from './greeting.ts';
import { disconnected } from './disconnected.ts';
import { ForegroundQuestions } from './foreground-questions.ts';
import { GuestQuestions } from './guest-questions.ts';
import type { HostMessage } from './host-messages.ts';
import { PendingAnswers, type WaitOptions } from './pending-answers.ts';
import { PortWriter } from './port-writer.ts';
import { checkExec, startError } from './exec-errors.ts';
import { windowBytes } from './session-output.ts';
import { setupError } from './setup-error.ts';

/** What the guest allows, and what a table of its sessions may hold here. */
const maxSessions = 1024;

/** How a connection is made. */
export interface ConnectAgentOptions {
  readonly logger: Logger;
  /** How long the guest may take for each answer, its boot included for the first. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** An agent over a port. */
export type ConnectedAgent = Agent;

const defaultTimeoutMs = 60_000;
/** An agent of an earlier version never begins it, and nobody should wait long to learn it. */
const workTimeoutMs = 30_000;
/** The guest gives up after a second of its own time; one of an earlier version never answers. */
const holdTimeoutMs = 5_000;

/**
 * Greets the agent behind a port and learns what it has. The port belongs to the agent from then
 * on, and is destroyed where this fails.
 * @throws AppError `agent/timeout`, `agent/protocol`, `agent/disconnected`, `operation/cancelled`
 */
export async function connectAgent(
  port: Duplex,
  options: ConnectAgentOptions,
): Promise<ConnectedAgent> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  // Whoever listens at the moment hears of an error; nobody listening must not end the process.
  port.on('error', () => undefined);
  try {
    const greeting = await greet(port, { timeoutMs, signal: options.signal });
    return new AgentClient(port, greeting, timeoutMs, options.logger);
  } catch (error) {
    port.destroy();
    throw error;
  }
}

class AgentClient implements ConnectedAgent, SessionConnection {
  readonly isSetUp: boolean;
  readonly guestBootMs: number;
  readonly closed: Promise<Error | undefined>;
  readonly logger: Logger;
  readonly #port: Duplex;
  readonly #writer: PortWriter;
  readonly #parser: FrameParser;
  readonly #timeoutMs: number;
  readonly #sessions = new Map<number, GuestSession>();
  /** Those among the sessions that are no command. */
  readonly #works = new Set<number>();
  /** Streams whose command has not said that it runs. */
  readonly #starts = new PendingAnswers<number, undefined>();
  readonly #requests = new PendingAnswers<RequestType, undefined>();
  readonly #questions: GuestQuestions;
  readonly #foregrounds: ForegroundQuestions;
  #resolveClosed: (error: Error | undefined) => void = () => undefined;
  #end: Error | undefined;
  #lastStream = 0;

  constructor(port: Duplex, greeting: Greeting, timeoutMs: number, logger: Logger) {
    this.#port = port;
    this.#parser = greeting.parser;
    this.#timeoutMs = timeoutMs;
    this.logger = logger;
    this.isSetUp = greeting.isSetUp;
    this.guestBootMs = greeting.bootMs;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    const ask = (message: HostMessage): void => {
      this.#assertOpen();
      this.send(message);
    };
    this.#questions = new GuestQuestions(timeoutMs, ask);
    this.#foregrounds = new ForegroundQuestions(timeoutMs, ask);
    this.#writer = new PortWriter(port, () => {
      this.#onDrain();
    });
    for (const { stream, session } of greeting.sessions) {
      this.#sessions.set(stream, new GuestSession(this, { ...session, stream, isNew: false }));
      this.#lastStream = Math.max(this.#lastStream, stream);
    }
    port.on('data', (chunk: Uint8Array) => {
      this.#onData(chunk);
    });
    const gone = (error?: unknown): void => {
      this.#finish(disconnected(error instanceof Error ? error : undefined));
    };
    for (const event of ['error', 'end', 'close']) port.on(event, gone);
    for (const message of greeting.rest) this.#receive(message);
    if (port.destroyed || port.readableEnded) this.#finish(disconnected());
    port.resume();
  }

  get isBlocked(): boolean {
    return this.#writer.isBlocked;
  }

  send(message: HostMessage): void {
    this.#writer.send(message);
  }

  forget(stream: number): void {
    this.#sessions.delete(stream);
    this.#works.delete(stream);
  }

  async setUp(setup: GuestSetup, signal?: AbortSignal): Promise<void> {
    await this.#request({ type: 'setup', setup }, 'assemble its root', signal);
  }

  async setClock(nowMs: number, entropy: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#request({ type: 'clock', nowMs, entropy }, 'set its clock', signal);
  }

  async takeIdentity(hostname: string, signal?: AbortSignal): Promise<void> {
    await this.#request({ type: 'identity', hostname }, 'take another name', signal);
  }

  async freeze(signal?: AbortSignal): Promise<void> {
    await this.#request({ type: 'freeze' }, 'freeze its disk', signal);
  }

  async thaw(): Promise<void> {
    await this.#request({ type: 'thaw' }, 'thaw its disk');
  }

  async beginRehearsal(signal?: AbortSignal): Promise<void> {
    await this.#request({ type: 'rehearse' }, 'begin to rehearse', signal);
  }

  async endRehearsal(signal?: AbortSignal): Promise<void> {
    await this.#request({ type: 'rehearsed' }, 'end its rehearsal', signal);
  }

  async hold(signal?: AbortSignal): Promise<void> {
    const timeoutMs = Math.min(holdTimeoutMs, this.#timeoutMs);
    await this.#request({ type: 'hold' }, 'hold every process', signal, timeoutMs);
  }

  async listeners(signal?: AbortSignal): Promise<readonly GuestListener[]> {
    return this.#questions.listeners.ask(signal);
  }

  async stats(signal?: AbortSignal): Promise<GuestStats> {
    return this.#questions.stats.ask(signal);
  }

  async processes(signal?: AbortSignal): Promise<readonly GuestProcess[]> {
    return this.#questions.allProcesses(signal);
  }

  async kernelLog(): Promise<readonly KernelLogLine[]> {
    return this.#questions.allKernelLines();
  }

  askForeground(stream: number): Promise<string | undefined> {
    return this.#foregrounds.ask(stream);
  }

  async shutdown(): Promise<void> {
    try {
      await this.#request({ type: 'shutdown' }, 'shut down');
    } catch (error) {
      // A machine that is off cannot answer.
      if (!isAppError(error, 'agent/disconnected')) throw error;
    }
  }

  async #request(
    message: Extract<HostMessage, { readonly type: RequestType }>,
    what: string,
    signal?: AbortSignal,
    timeoutMs = this.#timeoutMs,
  ): Promise<void> {
    this.#assertOpen();
    if (signal?.aborted === true) throw cancelledError(`The request to ${what}`);
    const { type } = message;
    // First: a message that is too long is never sent, and nobody waits for its answer.
    this.send(message);
    await this.#requests.wait(type, { what, timeoutMs, signal });
  }

  async exec(request: AgentExec, signal?: AbortSignal): Promise<AgentSession> {
    this.#assertOpen();
    if (signal?.aborted === true) throw cancelledError('Starting the command');
    checkExec(request);
    const { command, workdir, user, tty } = request;
    const variables = Object.entries(request.env).map(([name, value]) => `${name}=${value}`);
    try {
      return await this.#startSession(
        { type: 'exec', stream: this.#nextStream(), command, variables, workdir, user, tty },
        { what: `start ${JSON.stringify(command[0])}`, timeoutMs: this.#timeoutMs, signal },
      );
    } catch (error) {
      throw isAppError(error) && error.code.startsWith('exec/')
        ? startError(error, request)
        : error;
    }
  }

  async *changes(options: ChangesOptions = {}): AsyncIterable<Uint8Array> {
    const stream = this.#nextStream();
    const what = 'begin to read its changes';
    const work = await this.#beginWork({ type: 'changes', stream }, what, options.signal);
    try {
      yield* readChanges(work.session, { ...options, idleTimeoutMs: this.#timeoutMs });
    } finally {
      work.close();
    }
  }

  files(request: FilesRequest, signal?: AbortSignal): Promise<FilesWork> {
    const stream = this.#nextStream();
    const what = `begin to ${request.action.replace('-', ' ')} files`;
    return this.#beginWork({ type: 'files', stream, request }, what, signal);
  }

  /** Begins a session that is no command. */
  async #beginWork(
    message: Extract<HostMessage, { readonly type: 'changes' | 'files' }>,
    what: string,
    signal: AbortSignal | undefined,
  ): Promise<FilesWork> {
    this.#assertOpen();
    if (signal?.aborted === true) throw cancelledError(`The request to ${what}`);
    const { type, stream } = message;
    const timeoutMs = Math.min(workTimeoutMs, this.#timeoutMs);
    this.#works.add(stream);
    try {
      const session = await this.#startSession(message, { what, timeoutMs, signal });
      return {
        session,
        close: () => {
          // What was read to its end is closed.
          if (!this.#sessions.has(stream)) return;
          this.forget(stream);
          this.send({ type: 'close', stream });
          session.end(cancelledError('The work in the guest'));
        },
      };
    } catch (error) {
      this.#works.delete(stream);
      throw cannotBegin(error, type === 'changes' ? 'image/commit-failed' : 'file/failed');
    }
  }

  async #startSession(
    message: Extract<HostMessage, { readonly type: 'exec' | 'changes' | 'files' }>,
    wait: WaitOptions,
  ): Promise<GuestSession> {
    if (this.#sessions.size >= maxSessions) {
      throw new AppError('exec/failed', `${String(maxSessions)} commands run in the sandbox.`, {
        hint: 'Wait until some of them have ended.',
      });
    }
    const { stream } = message;
    const session = new GuestSession(this, {
      stream,
      command: message.type === 'exec' ? message.command : [],
      tty: message.type === 'exec' && message.tty !== undefined,
      startedAtMs: 0,
      exit: undefined,
      stdinBytes: windowBytes,
      isNew: true,
    });
    this.send(message);
    this.#sessions.set(stream, session);
    try {
      await this.#starts.wait(stream, wait);
      return session;
    } catch (error) {
      // Whatever has become of it, nobody will read it.
      this.#sessions.delete(stream);
      this.send({ type: 'close', stream });
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#end !== undefined) throw this.#end;
  }

  sessions(): readonly AgentSession[] {
    return [...this.#sessions.values()].filter(
      ({ id }) => !this.#starts.has(id) && !this.#works.has(id),
    );
  }

  close(): void {
    this.#finish(undefined);
  }

  /** Each session sends a piece in its turn, for as long as the port takes them. */
  pumpInput(): void {
    let waiting = [...this.#sessions.values()];
    while (waiting.length > 0 && !this.isBlocked) {
      waiting = waiting.filter((session) => !this.isBlocked && session.input.pump());
    }
  }

  #onDrain(): void {
    for (const session of this.#sessions.values()) session.settle();
    this.pumpInput();
  }

  /** Ids count up and begin again; those in use are passed over. */
  #nextStream(): number {
    do {
      this.#lastStream = this.#lastStream >= 0xffff_ffff ? 1 : this.#lastStream + 1;
    } while (this.#sessions.has(this.#lastStream));
    return this.#lastStream;
  }

  #onData(chunk: Uint8Array): void {
    if (this.#end !== undefined) return;
    try {
      for (const frame of this.#parser.push(chunk)) {
        const message = parseGuestFrame(frame);
        if (message !== undefined) this.#receive(message);
      }
    } catch (error) {
      this.#finish(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Streams that nobody knows here are of sessions that were closed meanwhile. */
  #receive(message: GuestMessage): void {
    switch (message.type) {
      case 'done':
        this.#requests.resolve(message.request, undefined);
        return;
      case 'failed':
        this.#requests.reject(message.request, setupError(message));
        return;
      case 'listeners-reply':
        this.#questions.listeners.answer(message.listeners);
        return;
      case 'stats-reply':
        this.#questions.stats.answer(message.stats);
        return;
      case 'processes-reply':
        this.#questions.processes.answer(message.page);
        return;
      case 'kernel-log-reply':
        this.#questions.kernelLog.answer(message.page);
        return;
      case 'foreground-reply':
        this.#foregrounds.answer(message.stream, message.command);
        return;
      case 'started':
        this.#sessions.get(message.stream)?.receive(message);
        this.#starts.resolve(message.stream, undefined);
        return;
      case 'start-failed':
        if (this.#starts.has(message.stream)) {
          const { stream, kind, message: text } = message;
          this.#starts.reject(stream, new AppError(`exec/${kind}`, text));
          return;
        }
        this.#sessions.get(message.stream)?.receive(message);
        return;
      case 'hello-reply':
      case 'session':
      case 'sessions-end':
        throw protocolError('greeted twice');
      default:
        this.#sessions.get(message.stream)?.receive(message);
    }
  }

  /** Ends the connection once; without an error it was this side that wanted it. */
  #finish(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = error ?? new AppError('agent/disconnected', 'The connection was closed.');
    if (isAppError(error, 'agent/protocol')) {
      this.logger.warn('the guest broke the agent protocol', { error: error.message });
    }
    this.#port.destroy();
    this.#starts.rejectAll(this.#end);
    this.#requests.rejectAll(this.#end);
    this.#questions.fail(this.#end);
    this.#foregrounds.fail(this.#end);
    for (const session of this.#sessions.values()) session.end(this.#end);
    this.#sessions.clear();
    this.#resolveClosed(error);
  }
}
