/**
 * One client of a terminal: what is on its way to it, and how far behind it is. It gets the screen
 * first and then what changes; a client that falls too far behind gets the screen again instead.
 */
import { sessionWindowBytes } from '../../../contract/session-frames.ts';
import { cutCharacters } from '../../../contract/whole-characters.ts';
import type { SessionSink } from '../../engine.ts';
import type { AgentTerminalSize } from '../../agent/agent.ts';
import type { TerminalSnapshot } from '../../terminal/terminal-mirror.ts';
import type { SessionEnd } from './hosted-session.ts';

/** Small enough to be one frame. */
const pieceBytes = 32 * 1024;
/** Sizes that wait for a client; more of them are a client that has fallen behind. */
const maxWaitingSizes = 256;

type Item =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'size'; readonly size: AgentTerminalSize };

/** What a client asks of its terminal. */
export interface ClientHost {
  /** Wants the screen as it is when the call comes, by {@link TerminalClient.show}. */
  askScreen(client: TerminalClient): void;
  /** The client has used more, or was told the end. */
  onProgress(client: TerminalClient): void;
}

/** See the head of this file. */
export class TerminalClient {
  /** What it has room for, once it has said so. */
  said: AgentTerminalSize | undefined;
  readonly #sink: SessionSink;
  readonly #host: ClientHost;
  /** The rest of the screen that it is being given, before everything else. */
  #replay: Uint8Array[] = [];
  /** Bytes of screens that it has been given and not used. */
  #replayInFlight = 0;
  #liveInFlight = 0;
  readonly #waiting: Item[] = [];
  #waitingBytes = 0;
  #waitingSizes = 0;
  /** Whether the screen that was asked for will be old when it comes. */
  #hasLost = false;
  #state: 'waiting' | 'asking' | 'live' | 'behind' | 'over' = 'waiting';
  #isPumping = false;
  /** From where on it is given what was handed on as it came. */
  #from = 0;
  /** Up to where it has used what was handed on. */
  #used = 0;
  #end: SessionEnd | undefined;

  constructor(sink: SessionSink, host: ClientHost) {
    this.#sink = sink;
    this.#host = host;
  }

  /** Whether what comes is passed on to it as it comes. */
  get isLive(): boolean {
    return this.#state === 'live';
  }

  /** Whether it hears, as news, what was handed on from this byte on. */
  hears(position: number): boolean {
    return this.#state === 'live' && this.#from <= position;
  }

  /** Whether it draws what is no news: what that asks was answered. */
  get isReplaying(): boolean {
    return this.#replay.length > 0 || this.#replayInFlight > 0;
  }

  /** Whether it has no screen yet. */
  get isWaiting(): boolean {
    return this.#state === 'waiting' || this.#state === 'asking';
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  get used(): number {
    return this.#used;
  }

  /** Whether a screen was asked for that has not come. */
  get isAsking(): boolean {
    return this.#state === 'asking';
  }

  /** A screen is asked for: what is pushed from now on comes behind it. */
  ask(): void {
    this.#dropWaiting();
    this.#hasLost = false;
    this.#state = 'asking';
  }

  /** Begins with the screen at this byte of what was handed on; what was pushed since then follows. */
  show(snapshot: TerminalSnapshot, position: number, gapBytes: number): void {
    if (this.#state !== 'asking') return;
    const { rows, columns, bytes } = snapshot;
    this.#from = this.#used = position;
    this.#replay = [...cutCharacters(bytes, pieceBytes)];
    this.#state = this.#hasLost ? 'behind' : 'live';
    this.#hasLost = false;
    this.#sink.onAttached({ rows, columns, replayBytes: bytes.length, gapBytes });
    this.#pump();
  }

  /** The screen is drawn anew, with what comes from now on behind it. */
  restart(): void {
    this.#fallBehind();
    this.#pump();
  }

  push(bytes: Uint8Array): void {
    if (!this.#takes) return;
    this.#waiting.push({ kind: 'bytes', bytes });
    this.#waitingBytes += bytes.length;
    this.#afterPush();
  }

  pushSize(size: AgentTerminalSize): void {
    if (!this.#takes) return;
    this.#waiting.push({ kind: 'size', size });
    this.#waitingSizes += 1;
    this.#afterPush();
  }

  /** Nothing follows what was pushed. */
  finish(end: SessionEnd): void {
    this.#end = end;
    this.#pump();
  }

  acknowledge(byteCount: number): void {
    const replay = Math.min(byteCount, this.#replayInFlight);
    const live = Math.min(byteCount - replay, this.#liveInFlight);
    this.#replayInFlight -= replay;
    this.#liveInFlight -= live;
    this.#used += live;
    this.#pump();
    this.#host.onProgress(this);
  }

  /** It is told why, and nothing more. */
  fail(reason: Error): void {
    if (this.#state === 'over') return;
    this.leave();
    this.#sink.onError(reason);
  }

  /** It goes. */
  leave(): void {
    this.#state = 'over';
    this.#replay = [];
    this.#dropWaiting();
  }

  get #takes(): boolean {
    return this.#state === 'live' || (this.#state === 'asking' && !this.#hasLost);
  }

  #afterPush(): void {
    this.#pump();
    if (this.#waitingBytes > sessionWindowBytes || this.#waitingSizes > maxWaitingSizes) {
      this.#fallBehind();
    }
  }

  #fallBehind(): void {
    if (this.#state === 'live') this.#state = 'behind';
    else if (this.#state === 'asking') this.#hasLost = true;
    this.#dropWaiting();
  }

  #dropWaiting(): void {
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#waitingSizes = 0;
  }

  /** Gives it what its window has room for. */
  #pump(): void {
    if (this.#isPumping || this.isWaiting || this.#state === 'over') return;
    this.#isPumping = true;
    try {
      while (this.#giveOne()) continue;
    } finally {
      this.#isPumping = false;
    }
    this.#afterPump();
  }

  #afterPump(): void {
    if (this.#replay.length > 0 || this.#waiting.length > 0) return;
    if (this.#state === 'behind' && this.#replayInFlight + this.#liveInFlight === 0) {
      this.#state = 'waiting';
      this.#host.askScreen(this);
    } else if (this.#state === 'live' && this.#end !== undefined) {
      const { exit, reason } = this.#end;
      this.#state = 'over';
      if (exit !== undefined) this.#sink.onExit(exit);
      else this.#sink.onError(reason ?? new Error('The session has ended.'));
      this.#host.onProgress(this);
    }
  }

  #giveOne(): boolean {
    const room = sessionWindowBytes - this.#replayInFlight - this.#liveInFlight;
    const [drawn] = this.#replay;
    if (drawn !== undefined) return this.#giveReplay(drawn, room);
    const [item] = this.#waiting;
    if (item === undefined || (item.kind === 'bytes' && item.bytes.length > room)) return false;
    this.#waiting.shift();
    if (item.kind === 'size') {
      this.#waitingSizes -= 1;
      this.#sink.onSize(item.size.rows, item.size.columns);
      return true;
    }
    this.#waitingBytes -= item.bytes.length;
    this.#liveInFlight += item.bytes.length;
    this.#sink.onStdout(item.bytes);
    return true;
  }

  #giveReplay(bytes: Uint8Array, room: number): boolean {
    if (bytes.length > room) return false;
    this.#replay.shift();
    this.#replayInFlight += bytes.length;
    this.#sink.onStdout(bytes);
    return true;
  }
}
