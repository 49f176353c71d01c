import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { english } from './english.ts';

const renderer = path.resolve(import.meta.dirname, '..');

/** What the window may ask the words for, as its files have it. */
interface Asked {
  /** Its folder is a part too: what is there may return a key for a neighbour to say. */
  readonly file: string;
  /** Each literal, and in templates `*` for a value. */
  readonly texts: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
}

/** The parts of the words that a file names, and the texts in which a key may be. */
function askedIn(file: string, source: string): Asked {
  const texts = new Set<string>();
  const patterns: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.add(node.text);
    else if (ts.isTemplateExpression(node)) {
      const parts = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
      // A key that is all value says nothing of which: its text stands elsewhere as a literal.
      if (/[\w-]\./.test(parts.join('')) && /^[\w.:-]*$/.test(parts.join(''))) {
        patterns.push(
          new RegExp(
            `^${parts.map((part) => part.replaceAll('.', String.raw`\.`)).join('[^.]*')}$`,
          ),
        );
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('f.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return { file, texts, patterns };
}

/** Whether a file asks for a key of a part; a key with a dot is no accident in any file. */
function asks({ file, texts, patterns }: Asked, part: string, key: string): boolean {
  const isOfPart = texts.has(part) || file.startsWith(`features/${part}/`);
  const names = [`${part}:${key}`, ...(isOfPart ? [key] : [])];
  if (key.includes('.') && texts.has(key)) return true;
  return names.some((name) => texts.has(name) || patterns.some((pattern) => pattern.test(name)));
}

/** Every key of a part, plurals by the one name with which they are asked for. */
function keysOf(words: object, prefix = ''): string[] {
  const keys = Object.entries(words).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [`${prefix}${name.replace(/_(?:one|other)$/, '')}`]
      : keysOf(value as object, `${prefix}${name}.`),
  );
  return [...new Set(keys)];
}

describe('a key is asked for', () => {
  const asked = askedIn(
    'features/stats/some.ts',
    "useTranslation('files'); t('title'); return 'empty'; t(`kinds.${kind}`); translate('ui:cancel');" +
      'const labels = { a: `logs:a.${b}C` }; t(`${any}`); const path = `/x.${y}`;',
  );

  it.each([
    ['files', 'title', true],
    ['logs', 'title', false],
    ['files', 'kinds.directory', true],
    ['files', 'kinds.of.one', false],
    ['ui', 'cancel', true],
    ['ui', 'save', false],
    ['stats', 'empty', true],
    ['logs', 'empty', false],
    ['logs', 'a.bigC', true],
    ['logs', 'a.big', false],
  ])('%s:%s: %s', (part, key, expected) => {
    expect(asks(asked, part, key)).toBe(expected);
  });
});

it('has no words that nobody says', () => {
  const files = globSync('{app,bridge,features,ui,words}/**/*.{ts,tsx}', { cwd: renderer }).filter(
    (file) => !/\.test\.tsx?$|^bridge\/fake\/|^words\/(?:en|de)\//.test(file),
  );
  // The desktop app says some outside of its page.
  files.push(
    ...globSync('../main/electron/*.ts', { cwd: renderer }).filter(
      (file) => !file.endsWith('.test.ts'),
    ),
  );
  const asked = files.map((file) => askedIn(file, readFileSync(path.join(renderer, file), 'utf8')));
  const unused = Object.entries(english).flatMap(([part, words]) =>
    keysOf(words)
      .filter((key) => !asked.some((one) => asks(one, part, key)))
      .map((key) => `${part}:${key}`),
  );
  expect(unused).toEqual([]);
});
