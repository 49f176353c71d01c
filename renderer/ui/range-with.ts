import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual';

/** The indexes of a virtual list that are in sight, and one more besides, where the list has it. */
export function rangeWith(range: Range, index: number): number[] {
  const shown = defaultRangeExtractor(range);
  if (index < 0 || index >= range.count || shown.includes(index)) return shown;
  return [...shown, index].sort((one, other) => one - other);
}
