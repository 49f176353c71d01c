/**
 * The output of a terminal in the order and place it has in all output there was: what comes again
 * after a reconnection is passed over, what is lost is counted, and no character is cut.
 */
import { WholeCharacters } from '../../../contract/whole-characters.ts';
import type { AgentSessionStart } from '../../agent/agent.ts';

/** How far a beginning in the middle is looked at for a place to begin. */
const safeStartBytes = 4096;
const newline = 0x0a;
const escape = 0x1b;

/** What the feed hands on. */
export interface FeedTarget {
  /** Whole characters; `isAnswered`: an earlier host process has answered what they ask. */
  onBytes(bytes: Uint8Array, isAnswered: boolean): void;
  /** This many bytes are lost between what was handed on and what comes. */
  onGap(byteCount: number): void;
}

/** See the head of this file. Positions count the bytes of all output from its beginning. */
export class TerminalFeed {
  readonly #target: FeedTarget;
  readonly #characters = new WholeCharacters();
  /** The next byte that the guest sends. */
  #next = 0;
  /** The next byte that is news. */
  #wanted = 0;
  /** Questions before this byte were answered by an earlier host process. */
  #answeredTo = 0;
  #isAfterGap = false;

  constructor(target: FeedTarget) {
    this.#target = target;
  }

  /** Whether all was handed on that an earlier host process has used. */
  get isCaughtUp(): boolean {
    return this.#wanted >= this.#answeredTo;
  }

  /** Whether what follows this many bytes more is news, and nothing that was handed on before. */
  isNewsAfter(byteCount: number): boolean {
    return this.#next + byteCount >= this.#wanted;
  }

  /** The guest begins again, further back than what was handed on or beyond it. */
  restart({ skippedBytes, knownBytes }: AgentSessionStart): void {
    this.#next = skippedBytes;
    if (this.#wanted === 0) this.#answeredTo = skippedBytes + knownBytes;
    const gap = skippedBytes - this.#wanted;
    if (gap <= 0) return;
    this.#characters.take();
    this.#wanted = skippedBytes;
    this.#isAfterGap = true;
    this.#target.onGap(gap);
  }

  push(bytes: Uint8Array): void {
    const known = Math.min(bytes.length, Math.max(0, this.#wanted - this.#next));
    this.#next += bytes.length;
    const news = bytes.subarray(known);
    if (news.length === 0) return;
    const answered = Math.min(news.length, Math.max(0, this.#answeredTo - this.#wanted));
    this.#wanted += news.length;
    const skipped = this.#isAfterGap ? safeStart(news) : 0;
    this.#isAfterGap = false;
    this.#handOn(news.subarray(skipped, Math.max(skipped, answered)), true);
    this.#handOn(news.subarray(Math.max(skipped, answered)), false);
  }

  /** Nothing follows: what was held back for its rest is handed on as it is. */
  flush(): void {
    const rest = this.#characters.take();
    if (rest.length > 0) this.#target.onBytes(rest, true);
  }

  #handOn(bytes: Uint8Array, isAnswered: boolean): void {
    const characters = this.#characters.push(bytes);
    if (characters.length > 0) this.#target.onBytes(characters, isAnswered);
  }
}

/** Where to begin: the middle of a sequence or character would be drawn as rubbish. */
function safeStart(bytes: Uint8Array): number {
  const head = bytes.subarray(0, safeStartBytes);
  const line = head.indexOf(newline);
  if (line >= 0) return line + 1;
  const sequence = head.indexOf(escape);
  if (sequence >= 0) return sequence;
  return Math.max(
    0,
    head.findIndex((byte) => (byte & 0xc0) !== 0x80),
  );
}
