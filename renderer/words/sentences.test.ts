import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseCreateRequest } from '../../main/contract/config/parse-config.ts';
import { sentences } from './de/sentences.ts';
import { inLanguage, speak } from './language.ts';
import { findSentence } from './sentences.ts';

const root = path.resolve(import.meta.dirname, '../..');

afterEach(() => speak('en'));

describe('findSentence', () => {
  const some = {
    'A name is needed.': 'Ein Name ist nötig.',
    '"{}" is there, not "{}".': '„{2}“ fehlt, „{1}“ ist da.',
  };

  it('finds a sentence, and puts its values into the translation', () => {
    expect(findSentence(some, 'A name is needed.')).toBe('Ein Name ist nötig.');
    expect(findSentence(some, '"a.b" is there, not "$1 {2}".')).toBe(
      '„$1 {2}“ fehlt, „a.b“ ist da.',
    );
    expect(findSentence(some, '"a\nb" is there, not "c".')).toBe('„c“ fehlt, „a\nb“ ist da.');
  });

  it.each(['A name is needed', 'toString', `"${'x'.repeat(5_000)}" is there, not "y".`])(
    'leaves what it does not know as it is: %j',
    (sentence) => {
      expect(findSentence(some, sentence)).toBe(sentence);
    },
  );
});

describe('the German of the contract', () => {
  /** Those of files alone speak of a syntax and of names of fields, which are English. */
  const ofFiles =
    /(?:config-(?:file|schema|text)|file-fields|issue-words|preset-text|yaml-fields)\.ts$/;
  const sources = globSync(
    'main/contract/{config/*,image-reference,registry,sandbox-config,sandbox-name,snapshot}.ts',
    { cwd: root },
  ).filter((file) => !file.endsWith('.test.ts') && !ofFiles.test(file));

  it.each(sources)('has every sentence of %s', (file) => {
    const missing = sentencesIn(file).filter((sentence) => !isKnown(sentence));
    expect(missing).toEqual([]);
  });

  it('has all that a preset says which is shipped, but for names', () => {
    const files = globSync('assets/presets/*.yaml', { cwd: root });
    const said = files.flatMap((file) => {
      const preset = parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;
      return [preset['title'] ?? '', preset['description'] ?? ''];
    });
    const names = ['Node.js', 'Python', 'Rust'];
    expect(said.filter((text) => !isKnown(text) && !names.includes(text))).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
  });

  it('says nothing in English of a form in which everything is wrong', async () => {
    const { problems } = parseCreateRequest({
      ...{ name: '-x y', image: 'A B', cpus: 0, memoryMiB: 1, rootDiskMiB: 1, shell: 'sh' },
      ...{ hostname: '-', user: '', env: { '': 'x' }, labels: { '!': 'x' }, scripts: { '/': '' } },
      volumes: { data: { bind: 'x', access: 'ro' }, '/': { tmpfs: { sizeMiB: 0 } } },
      network: {
        ...{ allow: ['nodot', '*.-', '1.2.3.4/99'], deny: ['[x]'], ports: ['x'] },
        ...{ rules: [{ action: 'deny', destination: 'a b', ports: ['x'] }] },
        bandwidth: { upload: 0 },
      },
      patches: [{ kind: 'text', path: 'x', content: '', mode: '9' }],
    });
    await speak('de');
    const english = problems.map(({ message }) => message);
    expect(english.length).toBeGreaterThan(15);
    expect(english.filter((message) => inLanguage(message) === message)).toEqual([]);
  });

  function isKnown(sentence: string): boolean {
    return (
      findSentence(sentences, sentence.replaceAll('{}', 'x')) !== sentence.replaceAll('{}', 'x')
    );
  }
});

/** A sentence ends with a full stop; texts of `describe` are for those who write files. */
function sentencesIn(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node) && isDescription(node)) {
      visit(node.expression);
      return;
    }
    const sentence = templateOf(node);
    // What only begins another sentence has that sentence's own place.
    if (sentence !== undefined && /^["A-Z].* .*\.$/.test(sentence)) found.push(sentence);
    ts.forEachChild(node, visit);
  };
  const text = readFileSync(path.join(root, file), 'utf8');
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

function isDescription({ expression }: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(expression) && expression.name.text === 'describe';
}

/** The text of a literal, with a place for each value that is put in. */
function templateOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('');
}
