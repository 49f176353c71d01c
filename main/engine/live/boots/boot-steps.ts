/** Where the time of one start goes. Pure but for the clock. */
import type { BootStep, BootTimeline } from '../../../contract/boot-timeline.ts';

/** What the work of a start is measured with. */
export interface BootSteps {
  /** Steps may overlap; one that fails is a step as well. */
  measure<T>(key: string, label: string, work: () => Promise<T>): Promise<T>;
  /** As measure; the work says where a part of it ends and the next one begins, which are steps. */
  measureParts<T>(
    first: StepName,
    work: (onPart: (next: StepName) => void) => Promise<T>,
  ): Promise<T>;
  /** Says that so much of the end of a step that was measured was another one. */
  splitEnd(key: string, end: StepName, ms: number): void;
  /** Says what came of a step, where that is not what is usual. It may be under way still. */
  tell(key: string, detail: string): void;
}

/** What a step is called: by programs, and by people. */
export interface StepName {
  readonly key: string;
  readonly label: string;
}

/** For a start that nobody will look at. */
export const unmeasured: BootSteps = {
  measure: (_key, _label, work) => work(),
  measureParts: (_first, work) => work(() => undefined),
  splitEnd: () => undefined,
  tell: () => undefined,
};

const maxFailureCharacters = 1000;

/** See the head of this file. Milliseconds of a clock that never goes back. */
export class BootRecorder implements BootSteps {
  readonly #startedAtMs: number;
  readonly #now: () => number;
  readonly #beganMs: number;
  readonly #steps: BootStep[] = [];
  readonly #details = new Map<string, string>();

  constructor(startedAtMs = Date.now(), now: () => number = () => performance.now()) {
    this.#startedAtMs = startedAtMs;
    this.#now = now;
    this.#beganMs = now();
  }

  async measure<T>(key: string, label: string, work: () => Promise<T>): Promise<T> {
    const startMs = this.#now() - this.#beganMs;
    try {
      return await work();
    } finally {
      const durationMs = this.#now() - this.#beganMs - startMs;
      this.#steps.push({ key, label, startMs, durationMs });
    }
  }

  async measureParts<T>(
    first: StepName,
    work: (onPart: (next: StepName) => void) => Promise<T>,
  ): Promise<T> {
    let part = first;
    let startMs = this.#now() - this.#beganMs;
    const end = (): void => {
      const endMs = this.#now() - this.#beganMs;
      this.#steps.push({ ...part, startMs, durationMs: endMs - startMs });
      startMs = endMs;
    };
    try {
      return await work((next) => {
        end();
        part = next;
      });
    } finally {
      end();
    }
  }

  splitEnd(key: string, end: StepName, ms: number): void {
    const at = this.#steps.findIndex((step) => step.key === key);
    const step = this.#steps[at];
    // It is the guest's word, whose clock may be another.
    if (step === undefined || ms <= 0 || ms >= step.durationMs) return;
    const durationMs = step.durationMs - ms;
    const startMs = step.startMs + durationMs;
    this.#steps.splice(at, 1, { ...step, durationMs }, { ...end, startMs, durationMs: ms });
  }

  tell(key: string, detail: string): void {
    this.#details.set(key, detail.slice(0, maxFailureCharacters));
  }

  /** What was measured until now; with a failure where the start had one. */
  finish(failure?: string): BootTimeline {
    const steps = this.#steps
      .toSorted((a, b) => a.startMs - b.startMs)
      .map((step) => {
        const detail = this.#details.get(step.key);
        return detail === undefined ? rounded(step) : { ...rounded(step), detail };
      });
    const slowest = steps.reduce<BootStep | undefined>(
      (most, step) => (step.durationMs > (most?.durationMs ?? 0) ? step : most),
      undefined,
    );
    return {
      startedAtMs: this.#startedAtMs,
      totalMs: tenths(this.#now() - this.#beganMs),
      steps,
      ...(slowest === undefined ? {} : { slowest: slowest.key }),
      ...(failure === undefined ? {} : { failure: failure.slice(0, maxFailureCharacters) }),
    };
  }
}

function rounded(step: BootStep): BootStep {
  return { ...step, startMs: tenths(step.startMs), durationMs: tenths(step.durationMs) };
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
