/** Text of fields and values: YAML 1.2, of which JSON is a part. It may come from anyone. Pure. */
import { CST, isScalar, Lexer, parseDocument, visit, type Document } from 'yaml';

/** Longest file that is read, in characters; every valid configuration is shorter. */
export const maxFileCharacters = 16 * 1024 * 1024;
/** Most words, brackets and spaces of a file, which bound what a parser makes of it. */
const maxTokens = 400_000;
/** Deepest nesting of brackets, and most entries that begin on one line; a configuration has five levels. */
const maxDepth = 32;

/** What {@link readFields} returns: what the text says, or what is wrong with it in one sentence. */
export type FieldsResult =
  | { readonly ok: true; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a text of fields. Never throws. Aliases, of which a few can stand for gigabytes, are refused,
 * and so is what makes an older YAML of it.
 */
export function readFields(text: string): FieldsResult {
  if (text.length > maxFileCharacters) {
    return fail(`A file has at most ${String(maxFileCharacters)} characters.`);
  }
  try {
    const unread = problemOfTokens(text);
    if (unread !== undefined) return fail(unread);
    // Of keys that are there twice the parser would look for each among all others.
    const document = parseDocument(text, { version: '1.2', strict: true, uniqueKeys: false });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) return fail(oneSentence(problem.message));
    const wrongKey = problemOfKeys(document, text);
    if (wrongKey !== undefined) return fail(wrongKey);
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return fail('It must be fields with values, as in "image: debian".');
    }
    return { ok: true, fields: value as Record<string, unknown> };
  } catch (error) {
    if (error instanceof RangeError) return fail(tooDeep);
    return fail(oneSentence(error instanceof Error ? error.message : String(error)));
  }
}

const tooDeep = 'It is nested too deeply.';

function fail(problem: string): FieldsResult {
  return { ok: false, problem };
}

/** `Nested mappings are not allowed at line 1, column 4:` and an excerpt below, as one sentence. */
function oneSentence(message: string): string {
  return `${message.replace(/\n[^]*$/, '').replace(/[.:]$/, '')}.`;
}

/** Before the parser, whose work and stack grow with what nests; strings are one token. */
function problemOfTokens(text: string): string | undefined {
  const nesting = new Nesting();
  let count = 0;
  let line = 1;
  let isScalarNext = false;
  for (const token of new Lexer().lex(text)) {
    count += 1;
    if (count > maxTokens) return `It has more than ${String(maxTokens)} words.`;
    const here = line;
    line += countLines(token);
    if (isScalarNext) {
      isScalarNext = false;
      continue;
    }
    const type = CST.tokenType(token);
    isScalarNext = type === 'scalar';
    nesting.take(type, token);
    if (nesting.isTooDeep) return tooDeep;
    const where = `at line ${String(here)}`;
    if (type === 'alias') {
      return `An alias ("${token}") is not read: write out what it stands for, ${where}.`;
    }
    if (type === 'tag') return `A tag ("${token}") is not read, ${where}.`;
    if (type === 'directive-line') return `A directive ("${token}") is not read, ${where}.`;
  }
  return undefined;
}

/** How deep a text nests: by brackets, by indentation, and by entries that begin on one line. */
class Nesting {
  #brackets = 0;
  readonly #indents: number[] = [];
  #entriesOnLine = 0;
  /** Of the line that begins; undefined after its first word. */
  #indent: number | undefined = 0;

  get isTooDeep(): boolean {
    return Math.max(this.#brackets, this.#indents.length, this.#entriesOnLine) > maxDepth;
  }

  take(type: ReturnType<typeof CST.tokenType>, token: string): void {
    if (type === 'newline') {
      this.#entriesOnLine = 0;
      this.#indent = 0;
      return;
    }
    if (type === 'space' || type === 'comment') {
      if (this.#indent !== undefined) this.#indent += token.length;
      return;
    }
    if (this.#indent !== undefined && this.#brackets === 0) this.#beginLine(this.#indent);
    this.#indent = undefined;
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.#brackets += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') this.#brackets -= 1;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') this.#entriesOnLine += 1;
  }

  #beginLine(indent: number): void {
    while ((this.#indents.at(-1) ?? -1) >= indent) this.#indents.pop();
    this.#indents.push(indent);
  }
}

function countLines(token: string): number {
  let count = 0;
  for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Of two values for one name only one would count, and `__proto__` is no name like others. */
function problemOfKeys(document: Document, text: string): string | undefined {
  let problem: string | undefined;
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) {
          problem = 'The name of a field is text, and no list and no set of fields.';
          return visit.BREAK;
        }
        const name = String(key.value);
        const line = String(countLines(text.slice(0, key.range?.[0] ?? 0)) + 1);
        if (name === '__proto__') problem = `"__proto__" cannot be a name, at line ${line}.`;
        if (seen.has(name)) problem = `"${name}" is there twice, at line ${line}.`;
        if (problem !== undefined) return visit.BREAK;
        seen.add(name);
      }
      return undefined;
    },
  });
  return problem;
}
