/** All clients of one terminal: who is fastest, who answers, and whose size it has. */
import type { AgentTerminalSize } from '../../agent/agent.ts';
import type { SessionSizing } from '../../../contract/session.ts';
import type { TerminalClient } from './terminal-client.ts';
import { sizeFor } from './terminal-sizing.ts';

/** See the head of this file. */
export class TerminalClients {
  readonly #all = new Set<TerminalClient>();
  #mine: TerminalClient | undefined;

  get count(): number {
    return this.#all.size;
  }

  /** A copy, so that a client may go while it is gone through. */
  get all(): TerminalClient[] {
    return [...this.#all];
  }

  add(client: TerminalClient): void {
    this.#all.add(client);
  }

  remove(client: TerminalClient): void {
    this.#all.delete(client);
    if (this.#mine === client) this.#mine = undefined;
  }

  setSizing(client: TerminalClient, sizing: SessionSizing): void {
    if (sizing === 'mine') this.#mine = client;
    else if (this.#mine === client) this.#mine = undefined;
  }

  /** See {@link sizeFor}. */
  get wantedSize(): AgentTerminalSize | undefined {
    const said = this.all.flatMap((client) => client.said ?? []);
    return sizeFor(said, this.#mine?.said);
  }

  /** Up to where the fastest has used what was handed on; Infinity where nobody hears it. */
  get used(): number {
    const used = this.all.filter(({ isLive }) => isLive).map((client) => client.used);
    return used.length === 0 ? Infinity : Math.max(...used);
  }

  /** Whether it is this client that answers a program: the first that hears it. */
  isAnswering(client: TerminalClient): boolean {
    return this.all.find(({ isLive }) => isLive) === client && !client.isReplaying;
  }

  /** Whether anyone hears, as news, what was handed on from this byte on. */
  isHeard(position: number): boolean {
    return this.all.some((client) => client.hears(position));
  }
}
