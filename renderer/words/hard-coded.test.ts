import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** English on purpose: a report is for those who mend what is wrong. */
const inReports = [
  'bridge/bridge-error.ts: Hint: …',
  'features/host/diagnostics-archive.ts: Taken out: …',
];

/** Not said to people: names of keys as the platform has them, classes, a terminal to look at. */
const forNobody =
  /^(?:app\/commands\/shortcut|ui\/sgr-text|features\/terminals\/view\/terminal-preview)\.tsx?$/;

const renderer = path.resolve(import.meta.dirname, '..');
const files = globSync('{app,bridge,features,ui}/**/*.{ts,tsx}', { cwd: renderer }).filter(
  (file) => !file.endsWith('.test.ts') && !file.startsWith('bridge/fake/') && !forNobody.test(file),
);

/** Names of attributes and fields whose text people see or hear. */
const shown =
  /^(?:alt|aria-(?:description|label|roledescription|valuetext)|addLabel|confirmLabel|description|help|hint|label|message|note|placeholder|problem|remark|showAllLabel|submitLabel|summary|text|title|tooltip|what|words?)$/;

/** Two words, or one as a sentence begins; not a unit, an example that is typed, or a name. */
function isForPeople(text: string): boolean {
  const names = /\b(?:Arrow\p{L}+|Buildah|Ctrl|Docker|KiB|MiB|GiB|Mbit|Podman|Skerry|TiB)\b/gu;
  return /^\P{L}*\p{Lu}\p{Ll}|\p{L}{2,}[,;:.]? \p{L}/u.test(text.replaceAll(names, '').trim());
}

describe('isForPeople', () => {
  it.each(['Remove', 'no login', 'Goes: ', '“Save” it', 'and more', 'made of the name'])(
    'is true of %j',
    (text) => {
      expect(isForPeople(text)).toBe(true);
    },
  );

  it.each(['·', 'MiB', 'Mbit/s', 'YAML', 'TCP', '8080:80', '~/project', 'web-api', '#!/bin/sh'])(
    'is false of %j',
    (text) => {
      expect(isForPeople(text)).toBe(false);
    },
  );
});

const comparisons = new Set([
  ...[ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken],
]);

/** What a file says by itself: its texts between tags, and those that are given to be shown. */
function hardCodedIn(source: string, isTsx = true): string[] {
  const found: string[] = [];
  const say = (text: string) => {
    if (isForPeople(text)) found.push(text.replaceAll(/\s+/g, ' ').trim());
  };
  /** What an expression may come to, without what it asks for or calls with. */
  const value = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) say(node.text);
    else if (ts.isTemplateExpression(node)) {
      say([node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(' … '));
    } else if (ts.isConditionalExpression(node)) {
      value(node.whenTrue);
      value(node.whenFalse);
    } else if (ts.isBinaryExpression(node)) {
      if (comparisons.has(node.operatorToken.kind)) return;
      value(node.left);
      value(node.right);
    } else if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
      value(node.expression);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) say(node.text);
    else if (ts.isJsxExpression(node) && node.expression !== undefined) {
      if (!ts.isJsxAttribute(node.parent)) value(node.expression);
    } else if (ts.isJsxAttribute(node) && shown.test(node.name.getText())) {
      const given = node.initializer;
      if (given !== undefined)
        value(ts.isJsxExpression(given) ? (given.expression ?? given) : given);
    } else if (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) {
      if (node.initializer !== undefined && shown.test(node.name.getText()))
        value(node.initializer);
    } else if (ts.isReturnStatement(node) && node.expression !== undefined) value(node.expression);
    else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) value(node.body);
    else if (ts.isArrayLiteralExpression(node)) node.elements.forEach(value);
    ts.forEachChild(node, visit);
  };
  const kind = isTsx ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  visit(ts.createSourceFile('file', source, ts.ScriptTarget.Latest, true, kind));
  return found;
}

function hardCodedOf(file: string): string[] {
  return hardCodedIn(readFileSync(path.join(renderer, file), 'utf8'), file.endsWith('.tsx'));
}

describe('what the window says', () => {
  it('is found wherever it stands in a file', () => {
    const source = `
      const message = \`The name "\${name}" is taken.\`;
      const entry = { label: isOn ? 'Stop it' : t('start'), value: 'Not Shown' };
      const view = <p title="On hover">Some words {count > 1 && 'and more'} <b>{t('Key.Of It')}</b>
        <Field label={kind === 'Any Kind' ? 'Of any' : t('own')} className="Two Words" /> · </p>;`;
    expect(hardCodedIn(source)).toEqual([
      'The name " … " is taken.',
      'Stop it',
      'On hover',
      'Some words',
      'and more',
      'Of any',
    ]);
  });

  it('is in words/, in every file', () => {
    const found = files.flatMap((file) => hardCodedOf(file).map((text) => `${file}: ${text}`));
    expect(found.sort()).toEqual(inReports);
  });
});
