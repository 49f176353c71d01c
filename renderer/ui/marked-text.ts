/** Where a text is found in another one, whatever the case. Pure. */
import type { SgrSpan } from './sgr.ts';

/** Places of one line, at most. */
const maxMarks = 100;

/** A span, or the part of one that was looked for. */
export type MarkedSpan = SgrSpan & { readonly isMarked?: true };

/** Start and end of each place. */
export function findPlaces(text: string, wanted: string): readonly (readonly [number, number])[] {
  if (wanted === '') return [];
  const pattern = new RegExp(wanted.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`), 'gi');
  const places: [number, number][] = [];
  for (const match of text.matchAll(pattern)) {
    places.push([match.index, match.index + match[0].length]);
    if (places.length >= maxMarks) break;
  }
  return places;
}

/** The spans cut where a place begins or ends; a place may reach over several. */
export function markSpans(spans: readonly SgrSpan[], wanted: string): readonly MarkedSpan[] {
  if (wanted === '') return spans;
  const places = findPlaces(spans.map(({ text }) => text).join(''), wanted);
  if (places.length === 0) return spans;
  const marked: MarkedSpan[] = [];
  let offset = 0;
  for (const span of spans) {
    const end = offset + span.text.length;
    let at = offset;
    const take = (until: number, isMarked: boolean) => {
      if (until <= at) return;
      const text = span.text.slice(at - offset, until - offset);
      marked.push({ ...span, text, ...(isMarked ? { isMarked } : {}) });
      at = until;
    };
    for (const [from, to] of places) {
      if (to <= offset || from >= end) continue;
      take(Math.max(from, offset), false);
      take(Math.min(to, end), true);
    }
    take(end, false);
    offset = end;
  }
  return marked;
}
