/**
 * A session with a terminal: the host mirrors it from its first byte, as many clients as want it
 * show it, and it stays with its last screen when it has ended.
 */
import type { Session, SessionActivity } from '../../../contract/session.ts';
import { cutCharacters } from '../../../contract/whole-characters.ts';
import type { AgentSession, AgentTerminalSize } from '../../agent/agent.ts';
import { AppError, isAppError } from '../../base/app-error.ts';
import type { SessionAttachment, SessionSink } from '../../engine.ts';
import type { MirrorMaker } from '../../terminal/mirrors.ts';
import {
  describeSession,
  type HostedSession,
  type SessionEnd,
  type SessionIdentity,
} from './hosted-session.ts';
import { InputGate } from './input-gate.ts';
import { MirrorAnswers } from './mirror-answers.ts';
import { OutputAccount } from './output-account.ts';
import { SizeKeeper } from './size-keeper.ts';
import { isTerminalAnswer } from './terminal-answers.ts';
import { TerminalClient } from './terminal-client.ts';
import { TerminalClients } from './terminal-clients.ts';
import { TerminalFeed } from './terminal-feed.ts';
import { TerminalScreen } from './terminal-screen.ts';
import { isSameSize } from './terminal-sizing.ts';

/** One frame of the channel to a client, and one turn of the mirrors' thread. */
const pieceBytes = 32 * 1024;
const usualSize: AgentTerminalSize = { rows: 24, columns: 80 };

/** What a terminal is made with. */
export interface TerminalOptions {
  readonly identity: SessionIdentity;
  readonly session: AgentSession;
  /** Where it begins here; the agent says it of a terminal that there was before. */
  readonly size: AgentTerminalSize | undefined;
  /** Whether it was there before this host process: then the agent says again what it has of it. */
  readonly isFound: boolean;
  readonly mirrors: MirrorMaker;
  readonly onEnded: () => void;
}

/** See the head of this file. */
export class TerminalSession implements HostedSession {
  readonly identity: SessionIdentity;
  readonly #onEnded: () => void;
  readonly #clients = new TerminalClients();
  readonly #screen: TerminalScreen;
  readonly #account: OutputAccount;
  readonly #feed: TerminalFeed;
  readonly #answers = new MirrorAnswers();
  readonly #sizes: SizeKeeper;
  readonly #gate = new InputGate();
  #session: AgentSession;
  #title = '';
  #usedAtMs = Date.now();
  /** Whether all is here that is no news; clients wait for it. */
  #isReady: boolean;
  /** Why the guest ends what runs, once it does. */
  #expected: Error | undefined;
  #end: SessionEnd | undefined;

  constructor({ identity, session, size, isFound, mirrors, onEnded }: TerminalOptions) {
    this.#isReady = !isFound;
    this.identity = identity;
    this.#onEnded = onEnded;
    this.#session = session;
    this.#sizes = new SizeKeeper(size, (held) => {
      this.#setSize(held);
    });
    this.#account = new OutputAccount((byteCount) => {
      this.#session.acknowledge(byteCount);
    });
    this.#feed = new TerminalFeed({
      onBytes: (bytes, isAnswered) => {
        this.#handOn(bytes, isAnswered);
      },
      onGap: (byteCount) => {
        this.#screen.lose(byteCount);
        for (const client of this.#clients.all) client.restart();
      },
    });
    this.#screen = this.#openScreen(mirrors, size ?? usualSize);
    this.#attach();
  }

  get end(): SessionEnd | undefined {
    return this.#end;
  }

  get usedAtMs(): number {
    return this.#usedAtMs;
  }

  describe(): Session {
    const { exit, atMs } = this.#end ?? {};
    return {
      ...describeSession(this.identity, this.#session),
      ...(exit === undefined ? {} : { exit }),
      ...(atMs === undefined ? {} : { endedAtMs: atMs }),
      ...(this.#title === '' ? {} : { title: this.#title }),
      clients: this.#clients.count,
    };
  }

  async activity(): Promise<SessionActivity> {
    if (this.#end !== undefined) return {};
    try {
      const foreground = await this.#session.foreground();
      return foreground === undefined ? {} : { foreground };
    } catch (error) {
      // An agent that cannot tell, or one that is gone: nothing is known to run.
      if (isAppError(error)) return {};
      throw error;
    }
  }

  attach(sink: SessionSink): SessionAttachment {
    const client = new TerminalClient(sink, {
      askScreen: (asking) => {
        this.#askScreen(asking);
      },
      onProgress: (of) => {
        if (of.isOver) this.#forget(of);
        else this.#settle();
      },
    });
    this.#clients.add(client);
    if (this.#end !== undefined) client.finish(this.#end);
    // Whoever attaches hears nothing before it has what it attached with.
    queueMicrotask(() => {
      if (client.isWaiting && !client.isAsking) this.#askScreen(client);
    });
    return {
      write: (bytes) => this.#write(client, bytes),
      endInput: () => {
        this.#session.endInput();
      },
      resize: (rows, columns) => {
        client.said = { rows, columns };
        this.#fit();
      },
      setSizing: (sizing) => {
        this.#clients.setSizing(client, sizing);
        this.#fit();
      },
      signal: (signal) => {
        this.#session.signal(signal);
      },
      acknowledge: (byteCount) => {
        client.acknowledge(byteCount);
      },
      detach: () => {
        client.leave();
        this.#forget(client);
      },
    };
  }

  adopt(session: AgentSession): void {
    this.#session = session;
    if (this.#end !== undefined) return;
    this.#sizes.forgetAsked();
    this.#attach();
    this.#fit();
    this.#gate.open();
  }

  rest(): void {
    if (this.#end === undefined) this.#gate.close();
  }

  wake(): void {
    this.#gate.open();
  }

  expectEnd(reason: Error): void {
    this.#expected = reason;
  }

  fail(reason: Error): void {
    this.#finish({ reason, atMs: Date.now() });
  }

  close(): void {
    this.#session.close();
    this.#gate.open();
    this.#screen.close();
    const reason = new AppError('session/not-found', 'The session was closed.');
    for (const client of this.#clients.all) {
      client.fail(reason);
      this.#clients.remove(client);
    }
  }

  #attach(): void {
    this.#session.attach({
      onAttached: (start) => {
        this.#account.restart();
        this.#feed.restart(start);
        if (start.size !== undefined) this.#sizes.take(start.size, this.#feed.isNewsAfter(0));
        if (this.#feed.isCaughtUp) this.#beReady();
      },
      onSize: (size) => {
        this.#sizes.take(size, this.#feed.isNewsAfter(0));
      },
      onStdout: (bytes) => {
        this.#usedAtMs = Date.now();
        if (this.#feed.isNewsAfter(bytes.length)) this.#sizes.beginNews();
        this.#feed.push(bytes);
        this.#account.received(bytes.length);
        if (this.#feed.isCaughtUp) this.#beReady();
        this.#settle();
      },
      onStderr: () => undefined,
      onExit: (exit) => {
        const reason = exit.kind === 'signalled' ? this.#expected : undefined;
        this.#finish({ ...(reason === undefined ? { exit } : { reason }), atMs: Date.now() });
      },
      onDisconnect: (error) => {
        // The connection may come back, and the sandbox will say; a session that the guest has
        // forgotten does not.
        if (isAppError(error, 'session/not-found')) this.fail(error);
      },
    });
  }

  #handOn(bytes: Uint8Array, isAnswered: boolean): void {
    for (const piece of cutCharacters(bytes, pieceBytes)) {
      this.#account.handed += piece.length;
      if (isAnswered) this.#answers.skipTo(this.#account.handed);
      this.#screen.write(piece);
      for (const client of this.#clients.all) client.push(piece);
    }
  }

  /** The guest goes on at the pace of the fastest client, and never faster than the mirror. */
  #settle(): void {
    this.#account.settle(Math.min(this.#account.parsed, this.#clients.used));
  }

  #forget(client: TerminalClient): void {
    this.#clients.remove(client);
    this.#fit();
    this.#settle();
  }

  #fit(): void {
    if (this.#end === undefined) this.#sizes.want(this.#clients.wantedSize, this.#session);
  }

  #setSize(size: AgentTerminalSize): void {
    if (isSameSize(size, this.#screen.size)) return;
    this.#screen.resize(size);
    for (const client of this.#clients.all) client.pushSize(size);
  }

  /** Every screen answers what it is asked, and one answer is enough. */
  async #write(client: TerminalClient, bytes: Uint8Array): Promise<void> {
    if (!this.#clients.isAnswering(client) && isTerminalAnswer(bytes)) return;
    this.#usedAtMs = Date.now();
    await this.#gate.passed();
    await this.#session.write(bytes);
  }

  /** Nobody is there to answer what a program asks its terminal. */
  #answer(text: string): void {
    const { parsed } = this.#account;
    if (this.#answers.wasAnswered(parsed) || this.#clients.isHeard(parsed)) return;
    this.#answers.give(text, this.#session);
  }

  #beReady(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#askForAll();
  }

  #askForAll(): void {
    for (const client of this.#clients.all) if (client.isWaiting) this.#askScreen(client);
  }

  #askScreen(client: TerminalClient): void {
    if (!this.#isReady) return;
    client.ask();
    const position = this.#account.handed;
    this.#screen.take((snapshot, gapBytes) => {
      client.show(snapshot, position, gapBytes);
      this.#settle();
    });
  }

  #openScreen(mirrors: MirrorMaker, size: AgentTerminalSize): TerminalScreen {
    return new TerminalScreen(mirrors, size, {
      onParsed: (byteCount) => {
        this.#account.parsed += byteCount;
        this.#settle();
      },
      onAnswer: (text) => {
        this.#answer(text);
      },
      onTitle: (title) => {
        this.#title = title;
      },
      onLost: () => {
        this.#account.parsed = this.#account.handed;
        this.#askForAll();
        this.#settle();
      },
    });
  }

  #finish(end: SessionEnd): void {
    if (this.#end !== undefined) return;
    this.#feed.flush();
    this.#end = end;
    this.#beReady();
    this.#screen.end();
    // What waits goes to a session that has ended, and is told so.
    this.#gate.open();
    for (const client of this.#clients.all) client.finish(end);
    this.#onEnded();
  }
}
