/** Decisions on their way out of the gateway: what repeats is counted, and a flood stays bounded. */
import type { Decision } from '../../../contract/network.ts';

/** A decision, without what the log adds. */
export type NewDecision = Omit<Decision, 'id' | 'firstAtMs' | 'atMs' | 'count'>;

/** A decision with how often it was made since the last report. */
export interface CountedDecision extends NewDecision {
  readonly atMs: number;
  readonly count: number;
}

const reportEveryMs = 100;
/** Different decisions of one report; a guest that scans addresses makes as many as it likes. */
const maxDecisions = 512;

/** See the head of this file. */
export class DecisionReporter {
  readonly #report: (decisions: CountedDecision[]) => void;
  readonly #pending = new Map<string, { decision: NewDecision; atMs: number; count: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(report: (decisions: CountedDecision[]) => void) {
    this.#report = report;
  }

  add(decision: NewDecision): void {
    const key = decisionKey(decision);
    const known = this.#pending.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.atMs = Date.now();
    } else if (this.#pending.size < maxDecisions) {
      this.#pending.set(key, { decision, atMs: Date.now(), count: 1 });
    }
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, reportEveryMs);
  }

  /** Reports what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.size === 0) return;
    const decisions = [...this.#pending.values()].map(({ decision, atMs, count }) => ({
      ...decision,
      atMs,
      count,
    }));
    this.#pending.clear();
    this.#report(decisions);
  }
}

/** What makes two decisions the same entry of a log. */
export function decisionKey(decision: NewDecision): string {
  const { direction, protocol, address, port, name, verdict, rule } = decision;
  return JSON.stringify([direction, protocol, address, port, name, verdict, rule]);
}
