import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildArguments, removeArguments, saveCommand } from './program-arguments.ts';

const programs = ['docker', 'podman', 'buildah'] as const;

describe('buildArguments', () => {
  it('are those of a build', () => {
    expect(
      buildArguments({
        context: '/src',
        file: '/src/Dockerfile',
        tag: 'app:1',
        target: 'base',
        buildArgs: { VERSION: '1', EMPTY: '', FLAGS: '--a=b c' },
        noCache: true,
      }),
    ).toEqual([
      'build',
      '--tag=app:1',
      '--file=/src/Dockerfile',
      '--target=base',
      '--build-arg=VERSION=1',
      '--build-arg=EMPTY=',
      '--build-arg=FLAGS=--a=b c',
      '--no-cache',
      '--',
      '/src',
    ]);
  });

  it('have no options but these, whatever is named', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string().map((value) => `--${value}`),
    );
    const request = fc.record({
      context: text,
      file: text,
      tag: text,
      target: fc.option(text, { nil: undefined }),
      buildArgs: fc.dictionary(text, text),
      noCache: fc.boolean(),
    });
    fc.assert(
      fc.property(request, (one) => {
        const args = buildArguments(one);
        const options = args.slice(1, args.length - 2).map((arg) => arg.replace(/=[^]*/, ''));
        const known = ['--tag', '--file', '--target', '--build-arg', '--no-cache'];
        expect(options.filter((option) => !known.includes(option))).toEqual([]);
        expect(args.slice(-2)).toEqual(['--', one.context]);
      }),
    );
  });
});

describe('the other commands', () => {
  it.each(programs)('%s takes a name as nothing else', (program) => {
    for (const args of [
      saveCommand(program, '--version', 'image.tar').args,
      removeArguments(program, '--version'),
    ]) {
      expect(args.indexOf('--version')).toBe(args.indexOf('--') + 1);
    }
  });
});
