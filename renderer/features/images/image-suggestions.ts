/** What an image field offers for what is typed. Pure. */
import type { ImageSuggestions } from '../../../main/contract/image-transfer.ts';
import { filterSuggestions, type Suggestion } from '../../ui/suggestions.ts';
import { translate } from '../../words/language.ts';

/** What the host answered, and to which text. */
export interface SuggestionAnswer {
  readonly typed: string;
  readonly answer: ImageSuggestions;
}

const remarks = { store: 'inStore', recent: 'recent', registry: 'registry' } as const;

/** Most that are shown. */
const maxShown = 100;

/**
 * The host's answer where it is there; until then what the window knows itself: the store, and what
 * still fits of the answer before. Each reference once.
 */
export function suggestImages(
  typed: string,
  stored: readonly Suggestion[],
  last: SuggestionAnswer | undefined,
): readonly Suggestion[] {
  const answered = (last?.answer.suggestions ?? []).map(({ reference, source }) => ({
    value: reference,
    remark:
      stored.find(({ value }) => value === reference)?.remark ??
      translate(`images:field.${remarks[source]}`),
  }));
  const isCurrent = last?.typed === typed;
  const all = isCurrent ? answered : filterSuggestions([...stored, ...answered], typed);
  const byValue = new Map(all.map((one) => [one.value, one]));
  const isTypedOut = byValue.size === 1 && byValue.has(typed);
  return isTypedOut ? [] : [...byValue.values()].slice(0, maxShown);
}
