import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sandboxConfigSchema } from '../sandbox-config.ts';
import { arbitraryConfig, arbitraryConfigInput } from '../testing/arbitrary-config.ts';
import {
  formatConfigJson,
  formatConfigYaml,
  formatYamlLine,
  parseConfigText,
} from './config-text.ts';
import { maxFileCharacters } from './yaml-fields.ts';

/** The configuration that a text describes. */
function configOf(text: string) {
  const parsed = parseConfigText(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return sandboxConfigSchema.parse(parsed.request);
}

describe('the file form', () => {
  it('of any valid configuration is read back as it was', () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        for (const text of [formatConfigYaml(config), formatConfigJson(config)]) {
          expect(configOf(text)).toEqual(config);
        }
        expect(formatConfigYaml(configOf(formatConfigYaml(config)))).toBe(formatConfigYaml(config));
      }),
    );
  });

  it('means the same to whoever ends lines differently', () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const withReturns = formatConfigYaml(config).replaceAll('\n', '\r\n');
        expect(configOf(withReturns)).toEqual(config);
      }),
    );
  });

  it.each([
    // The writer of YAML would change these if it were let.
    `0123456789012345678901234567890123456789\n \n/   x \n.../0x1f\0`,
    ' \n',
    '\n',
    '\n\na',
    'a\n\n',
    ' a\nb',
    'a \nb',
    'a\r\nb',
    '\ta',
    'a ',
    'a\u2028b',
    '\ufeffa',
  ])('keeps %j', (content) => {
    const patches = [{ kind: 'append', path: '/a', content }];
    const env = { [content]: content.replaceAll('\0', '') };
    const config = sandboxConfigSchema.parse({
      ...{ name: 'web', image: 'alpine', patches },
      ...(content.includes('\0') ? {} : { env }),
    });
    expect(configOf(formatConfigYaml(config))).toEqual(config);
    expect(formatYamlLine(patches[0])).not.toContain('\n');
    expect(parse(formatYamlLine(patches[0]))).toEqual(patches[0]);
  });

  it('shows the lines of a script as they are', () => {
    const text = '#!/bin/sh\n\nif true; then\n  echo "$A: #1"\nfi\n';
    const config = sandboxConfigSchema.parse({ name: 'a', image: 'a', scripts: { run: text } });
    expect(formatConfigYaml(config)).toContain(
      'scripts:\n  run: |\n    #!/bin/sh\n\n    if true; then\n      echo "$A: #1"\n    fi\n',
    );
  });

  it('is complete, and without what is empty', () => {
    const config = sandboxConfigSchema.parse({ name: 'web', image: 'alpine' });
    expect(formatConfigYaml(config)).toMatchInlineSnapshot(`
      "name: web
      image: alpine
      cpus: 1
      memory: 512
      rootDisk: 8192
      shell: /bin/sh
      network:
        policy: public
      pullPolicy: if-missing
      "
    `);
  });
});

describe('normalising', () => {
  it('twice is normalising once', () => {
    fc.assert(
      fc.property(arbitraryConfigInput, (input) => {
        const once = sandboxConfigSchema.parse(input);
        const twice = sandboxConfigSchema.parse(once);
        expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
      }),
    );
  });
});

describe('parseConfigText', () => {
  it('never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom('a: ', '- ', '[', ']', '{', '}', '\n', '  ', '"', "'", '|\n', '>-\n', ': '),
      fc.constantFrom('&a ', '*a', '!!map ', '? ', '%YAML 1.1\n', '---\n', '...\n', '#', ',', '\t'),
      fc.constantFrom('__proto__: ', '<<: ', 'image: debian\n', '\u0000', '\ud800', '\\', '\r'),
      fc.string({ unit: 'binary', maxLength: 10 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const result = parseConfigText(pieces.join(''));
        if (!result.ok) expect(result.problem).toMatch(/^\S[^\n]*\.$/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a text', 'It must be fields with values, as in "image: debian".'],
    ['', 'It must be fields with values, as in "image: debian".'],
    ['- image: debian', 'It must be fields with values, as in "image: debian".'],
    ['image: [', /at line 1, column \d+\.$/],
    ['image: a\nimage: b', '"image" is there twice, at line 2.'],
    ['env:\n  A: 1\n  A: 2', '"A" is there twice, at line 3.'],
    ['env: { __proto__: x }', '"__proto__" cannot be a name, at line 1.'],
    ['{"env": {"__proto__": "x"}}', '"__proto__" cannot be a name, at line 1.'],
    ['a: &a [x]\nb: *a', 'An alias ("*a") is not read: write out what it stands for, at line 2.'],
    ['\nimage: !!binary x', 'A tag ("!!binary") is not read, at line 2.'],
    ['%YAML 1.1\n---\nimage: a', 'A directive ("%YAML 1.1") is not read, at line 1.'],
    ['image: a\n---\nimage: b', /multiple documents.*at line 2, column 1\.$/],
    ['? [a]\n: b', 'The name of a field is text, and no list and no set of fields.'],
    ['memoryMiB: 512', 'There is no field "memoryMiB" in a file; it is "memory" there.'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(parseConfigText(text)).toEqual({
      ok: false,
      problem: typeof problem === 'string' ? problem : (expect.stringMatching(problem) as unknown),
    });
  });

  it('reads names like those of a prototype as others', () => {
    const parsed = parseConfigText('constructor: 1\ntoString: 2\nhasOwnProperty: 3');
    expect(parsed).toEqual({
      ok: true,
      request: { constructor: 1, toString: 2, hasOwnProperty: 3 },
    });
  });

  it.each([
    ['brackets', '['.repeat(500_000)],
    ['entries on one line', '- '.repeat(500_000)],
    [
      'indentation',
      Array.from({ length: 4000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    ],
  ])('refuses what nests too deeply: %s', (_, text) => {
    expect(parseConfigText(text)).toEqual({ ok: false, problem: 'It is nested too deeply.' });
  });

  it('refuses what is too long or has too many words', () => {
    expect(parseConfigText('#'.repeat(maxFileCharacters + 1))).toMatchObject({ ok: false });
    expect(parseConfigText('a: 1\n'.repeat(400_000))).toMatchObject({ ok: false });
  });
});
