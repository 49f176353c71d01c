/**
 * Sentences that the contract says in English, because the command line says them as well: the window
 * knows them by their English, as gettext does. Pure.
 */

/**
 * Translations by the English sentence. `{}` in it stands for a value, which the translation has as
 * `{1}`, `{2}` and so on.
 */
export type Sentences = Readonly<Record<string, string>>;

/** A sentence is no longer than what people read; a longer text is not looked at. */
const maxCharacters = 4_096;

interface Pattern {
  readonly expression: RegExp;
  readonly translation: string;
}

const known = new WeakMap<Sentences, readonly Pattern[]>();

/** A sentence as the translations have it; as it was where they do not. */
export function findSentence(sentences: Sentences, sentence: string): string {
  const whole = Object.hasOwn(sentences, sentence) ? sentences[sentence] : undefined;
  if (whole !== undefined || sentence.length > maxCharacters) return whole ?? sentence;
  for (const { expression, translation } of patternsOf(sentences)) {
    const values = expression.exec(sentence);
    if (values !== null) {
      return translation.replaceAll(/\{(\d)\}/g, (_, place: string) => values[Number(place)] ?? '');
    }
  }
  return sentence;
}

function patternsOf(sentences: Sentences): readonly Pattern[] {
  const earlier = known.get(sentences);
  if (earlier !== undefined) return earlier;
  const patterns = Object.entries(sentences)
    .filter(([english]) => english.includes('{}'))
    .map(([english, translation]) => {
      const parts = english.split('{}').map(escaped);
      return { expression: new RegExp(`^${parts.join('(.*?)')}$`, 's'), translation };
    });
  known.set(sentences, patterns);
  return patterns;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
