/** What a client that watches the runs of commands has still to be told: each as it is by then. */
import type { CommandEvent, CommandRun } from '../contract/commands.ts';

/** See the head of this file. No more than the runs that are kept, and those that have gone since. */
export class WaitingRuns {
  /** Every run waits, in place of what the client knows. */
  #isAll = false;
  readonly #runs = new Map<string, CommandRun>();
  readonly #removed = new Set<string>();

  add(event: CommandEvent): void {
    if (event.type === 'removed') {
      for (const id of event.ids) this.#remove(id);
      return;
    }
    if (event.type === 'all') {
      this.#isAll = true;
      this.#runs.clear();
      this.#removed.clear();
    }
    for (const run of event.runs) this.#runs.set(run.id, run);
  }

  /** Undefined where there is nothing. */
  take(): CommandEvent | undefined {
    if (this.#removed.size > 0) {
      const ids = [...this.#removed];
      this.#removed.clear();
      return { type: 'removed', ids };
    }
    if (this.#runs.size === 0 && !this.#isAll) return undefined;
    const event: CommandEvent = {
      type: this.#isAll ? 'all' : 'changed',
      runs: [...this.#runs.values()],
    };
    this.#isAll = false;
    this.#runs.clear();
    return event;
  }

  #remove(id: string): void {
    this.#runs.delete(id);
    // A client that is to be given every run has no use for those that have gone.
    if (!this.#isAll) this.#removed.add(id);
  }
}
