/**
 * What people read where a value has the wrong type or is missing: for every schema of the contract,
 * wherever it is parsed. A schema's own sentences win. Importing this is what sets it up.
 */
import { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** One sentence for an issue; undefined where zod's own has to do. */
function wordsOfIssue(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wordsOfType(issue.expected, issue.input);
    case 'invalid_value':
      return `This must be ${listWords(issue.values.map(quote), 'or')}.`;
    case 'unrecognized_keys': {
      const names = listWords(issue.keys.map(quote), 'and');
      return issue.keys.length === 1
        ? `There is no field ${names} here.`
        : `There are no fields ${names} here.`;
    }
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'too_big':
      return `There can be at most ${String(issue.maximum)}${unitOf(issue.origin)}.`;
    case 'too_small':
      return `There must be at least ${String(issue.minimum)}${unitOf(issue.origin)}.`;
    default:
      return undefined;
  }
}

/** For a schema that says itself what is missing; a wrong type is told as everywhere. */
export function missing(message: string): z.core.$ZodStringParams {
  return { error: ({ input }) => (input === undefined ? message : undefined) };
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a set of fields',
  record: 'a set of fields',
  number: 'a number',
  int: 'a whole number',
};

function wordsOfType(expected: string, input: unknown): string {
  if (input === undefined) return 'A value is needed.';
  const wanted = `This must be ${kinds[expected] ?? expected}`;
  if (input === null) {
    const remedy = expected === 'string' ? ' or put it in quotes' : '';
    return `${wanted}, and it is empty: leave it out${remedy}.`;
  }
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    return `${wanted}: put ${String(input)} in quotes.`;
  }
  const given = Array.isArray(input) ? 'array' : typeof input;
  return `${wanted}, not ${kinds[given] ?? given}.`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

function listWords(words: readonly string[], last: 'and' | 'or'): string {
  const end = words.at(-1) ?? '';
  return words.length < 2 ? end : `${words.slice(0, -1).join(', ')} ${last} ${end}`;
}

z.config({ customError: wordsOfIssue });
