/** The size of a terminal: what its clients want, what the guest was asked for, and what holds. */
import type { AgentSession, AgentTerminalSize } from '../../agent/agent.ts';
import { isSameSize } from './terminal-sizing.ts';

/** See the head of this file. */
export class SizeKeeper {
  readonly #onHolds: (size: AgentTerminalSize) => void;
  /** What the guest was last asked for; undefined where that is not known. */
  #asked: AgentTerminalSize | undefined;
  /** What it was in output that comes again; it holds once news come. */
  #repeated: AgentTerminalSize | undefined;

  /** @param asked what the terminal began with, where that is known */
  constructor(asked: AgentTerminalSize | undefined, onHolds: (size: AgentTerminalSize) => void) {
    this.#asked = asked;
    this.#onHolds = onHolds;
  }

  /** What the earlier connection was asked for may not have come through. */
  forgetAsked(): void {
    this.#asked = undefined;
  }

  /** Asks the guest for what the clients want, where any of them has said it. */
  want(size: AgentTerminalSize | undefined, session: AgentSession): void {
    if (size === undefined) return;
    if (this.#asked !== undefined && isSameSize(size, this.#asked)) return;
    this.#asked = size;
    session.resize(size.rows, size.columns);
    if (!session.tellsSizes) this.#hold(size);
  }

  /** What the guest says of output that it sends again was so then, and is not now. */
  take(size: AgentTerminalSize, isNews: boolean): void {
    if (isNews) this.#hold(size);
    else this.#repeated = size;
  }

  /** What comes next was never here. */
  beginNews(): void {
    if (this.#repeated !== undefined) this.#hold(this.#repeated);
  }

  #hold(size: AgentTerminalSize): void {
    this.#repeated = undefined;
    this.#onHolds(size);
  }
}
