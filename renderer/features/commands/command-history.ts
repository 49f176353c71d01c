/** Lines that were typed before, gone through as in a shell. Pure. */
import type { CommandRun } from '../../../main/contract/commands.ts';

/** The lines of earlier runs, the latest first, each once. @param runs the latest first */
export function historyOf(runs: readonly CommandRun[]): readonly string[] {
  return [...new Set(runs.flatMap(({ line }) => line ?? []))];
}

/** Where one is: -1 is what is being typed. */
export interface HistoryPlace {
  readonly index: number;
  /** What was being typed before one went back. */
  readonly typed: string;
}

/** Nowhere in it. */
export const beforeHistory: HistoryPlace = { index: -1, typed: '' };

/** One line further back (1) or forth (-1); undefined where there is none. */
export function stepHistory(
  history: readonly string[],
  place: HistoryPlace,
  step: 1 | -1,
  text: string,
): { readonly place: HistoryPlace; readonly text: string } | undefined {
  const typed = place.index === -1 ? text : place.typed;
  const index = place.index + step;
  if (index === -1) return { place: beforeHistory, text: typed };
  const line = history[index];
  return line === undefined ? undefined : { place: { index, typed }, text: line };
}
