import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryConfig } from '../testing/arbitrary-config.ts';
import { parseCreateRequest } from './parse-config.ts';
import { formatPreset, parsePreset } from './preset-text.ts';

describe('a preset', () => {
  it('is what was saved, without its name', () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const text = formatPreset({ name: 'mine', description: 'For me.', config });
        const parsed = parsePreset(text, 'mine');
        if (!parsed.ok) throw new Error(parsed.problem);
        const { request, ...words } = parsed.preset;
        expect(words).toEqual({ name: 'mine', title: 'mine', description: 'For me.' });
        expect(request).not.toHaveProperty('name');
        const { replace: _unsaid, ...again } =
          parseCreateRequest({ name: config.name, ...request }).request ?? {};
        expect(again).toEqual(config);
      }),
    );
  });

  it.each([
    ['title: [', /at line 1/],
    ['sandbox: { image: alpine }', /^title: A value is needed\.$/],
    ['title: A', /^sandbox: A value is needed\.$/],
    ['{ title: A, sandbox: { image: a }, more: 1 }', /^There is no field "more" here\.$/],
    ['{ title: A, sandbox: { name: web, image: a } }', /^sandbox\.name: A preset has none/],
    ['{ title: A, sandbox: { replace: true } }', /^sandbox\.replace: A preset has none/],
    ['{ title: A, sandbox: { memoryMiB: 512 } }', /"memory" there\.$/],
    ['{ title: A, sandbox: { cpus: .nan } }', /^request\.cpus: /],
    ['{ title: A, sandbox: { __proto__: {} } }', /"__proto__" cannot be a name/],
  ])('is refused in words: %s', (text, problem) => {
    expect(parsePreset(text, 'mine')).toEqual({
      ok: false,
      problem: expect.stringMatching(problem) as unknown,
    });
  });

  it('has a name that a file can have', () => {
    expect(parsePreset('{ title: A, sandbox: { image: a } }', '../a')).toMatchObject({ ok: false });
  });
});
