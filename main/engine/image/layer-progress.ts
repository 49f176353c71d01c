import type { PullProgress } from './types.ts';

/** What is said of one layer. */
export type LayerPhase = Extract<PullProgress, { type: 'layer' }>['phase'];

const intervalMs = 100;

/** Reports on one layer: each new phase at once, and bytes within a phase ten times a second. */
export class LayerReporter {
  readonly #digest: string;
  readonly #bytesTotal: number;
  readonly #report: ((progress: PullProgress) => void) | undefined;
  #phase: LayerPhase | undefined;
  #lastAtMs = 0;

  constructor(
    layer: { readonly digest: string; readonly size: number },
    report: ((progress: PullProgress) => void) | undefined,
  ) {
    this.#digest = layer.digest;
    this.#bytesTotal = layer.size;
    this.#report = report;
  }

  /** `bytesDone` counts compressed bytes in every phase. */
  at(phase: LayerPhase, bytesDone: number): void {
    const nowMs = performance.now();
    if (phase === this.#phase && nowMs - this.#lastAtMs < intervalMs) return;
    this.#phase = phase;
    this.#lastAtMs = nowMs;
    this.#report?.({
      type: 'layer',
      digest: this.#digest,
      phase,
      bytesDone,
      bytesTotal: this.#bytesTotal,
    });
  }

  /** The layer needs nothing more. */
  end(phase: 'done' | 'present'): void {
    this.at(phase, this.#bytesTotal);
  }
}
