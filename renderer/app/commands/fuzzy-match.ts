/** Finding a command by some of its letters. Pure. */

/** How well a query fits a text. */
export interface FuzzyMatch {
  /** The more, the better. */
  readonly score: number;
  /** Indices of the letters that fit, in order. */
  readonly at: readonly number[];
}

const scores = { letter: 1, following: 5, wordBegin: 8, textBegin: 4, gap: -0.15 } as const;

/**
 * Fits each word of the query, in whatever order they are; the letters of a word come in their
 * order, with others between them. Undefined where one does not fit.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | undefined {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  const folded = fold(text);
  let score = 0;
  const at = new Set<number>();
  for (const word of words) {
    const match = matchWord(word, folded);
    if (match === undefined) return undefined;
    score += match.score;
    for (const index of match.at) at.add(index);
  }
  return { score: score - text.length * 0.01, at: [...at].sort((one, other) => one - other) };
}

/** Without case and accents; one unit stays one unit, so that indices fit both texts. */
function fold(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text.charAt(index);
    const plain = unit.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    return plain.length === 1 ? plain : unit;
  }).join('');
}

/** The best way to fit a word, of those that begin at each place of its first letter. */
function matchWord(word: string, text: string): FuzzyMatch | undefined {
  let best: FuzzyMatch | undefined;
  for (let from = text.indexOf(word.charAt(0)); from >= 0;) {
    const match = matchFrom(word, text, from);
    if (match === undefined) break;
    if (best === undefined || match.score > best.score) best = match;
    from = text.indexOf(word.charAt(0), from + 1);
  }
  return best;
}

function matchFrom(word: string, text: string, from: number): FuzzyMatch | undefined {
  const at: number[] = [];
  let score = 0;
  let next = from;
  for (const letter of word.split('')) {
    const index = text.indexOf(letter, next);
    if (index < 0) return undefined;
    const last = at.at(-1);
    score += scores.letter;
    if (index === 0) score += scores.textBegin;
    if (isWordBegin(text, index)) score += scores.wordBegin;
    else if (last !== undefined && index === last + 1) score += scores.following;
    if (last !== undefined) score += (index - last - 1) * scores.gap;
    at.push(index);
    next = index + 1;
  }
  return { score, at };
}

function isWordBegin(text: string, index: number): boolean {
  return index === 0 || /[\s\-_./:]/.test(text.charAt(index - 1));
}
