/** What a field of suggestions shows, and where its highlight goes. Pure. */

/** One suggestion: what is put in, and a grey remark beside it. */
export interface Suggestion {
  readonly value: string;
  readonly remark?: string;
}

/** The suggestions that have the typed text in them; none once one is typed out. */
export function filterSuggestions(
  suggestions: readonly Suggestion[],
  typed: string,
): readonly Suggestion[] {
  const wanted = typed.trim().toLowerCase();
  const matching = suggestions.filter(({ value }) => value.toLowerCase().includes(wanted));
  const isTypedOut = matching.length === 1 && matching[0]?.value.toLowerCase() === wanted;
  return isTypedOut ? [] : matching;
}

/** The next highlight, around both ends; -1 is none. */
export function moveHighlight(
  highlight: number,
  step: 1 | -1,
  shown: readonly Suggestion[],
): number {
  if (shown.length === 0) return -1;
  if (highlight < 0) return step === 1 ? 0 : shown.length - 1;
  return (highlight + step + shown.length) % shown.length;
}
