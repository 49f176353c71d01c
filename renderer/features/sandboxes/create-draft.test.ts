import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sandboxConfigSchema } from '../../../main/contract/sandbox-config.ts';
import { checkDraft, defaultDraft, draftOf, type CreateDraft } from './create-draft.ts';

const anywhere = { takenNames: [], hostMemoryMiB: undefined };
const aDraft = (change: Partial<CreateDraft> = {}): CreateDraft => ({
  ...defaultDraft,
  name: 'web-api',
  image: 'debian:bookworm',
  ...change,
});

describe('checkDraft', () => {
  it('makes a configuration of a good draft', () => {
    const { config, problems } = checkDraft(
      aDraft({ cpus: '2', workdir: '/srv', env: 'A=1\n\nB=x=y' }),
      anywhere,
    );
    expect(problems).toEqual({});
    expect(config).toEqual({
      name: 'web-api',
      image: 'debian:bookworm',
      cpus: 2,
      memoryMiB: 512,
      rootDiskMiB: 8192,
      shell: '/bin/sh',
      workdir: '/srv',
      env: { A: '1', B: 'x=y' },
    });
  });

  it.each<[Partial<CreateDraft>, keyof CreateDraft, string]>([
    [{ name: '' }, 'name', 'A sandbox needs a name.'],
    [{ name: '-x' }, 'name', 'A name starts with a letter or digit.'],
    [{ name: 'a b' }, 'name', 'A name has only letters, digits, ".", "_" and "-".'],
    [{ name: 'taken' }, 'name', 'The name "taken" is taken.'],
    [{ image: '' }, 'image', 'An image reference is needed.'],
    [{ image: 'Debian' }, 'image', '"Debian" must be in lower case.'],
    [{ cpus: '0' }, 'cpus', 'CPUs must be a whole number from 1 to 64.'],
    [{ cpus: '1.5' }, 'cpus', 'CPUs must be a whole number from 1 to 64.'],
    [{ cpus: '' }, 'cpus', 'CPUs must be a whole number from 1 to 64.'],
    [
      { memoryMiB: '1e3' },
      'memoryMiB',
      'Memory in MiB must be a whole number from 128 to 1048576.',
    ],
    [{ memoryMiB: '4096' }, 'memoryMiB', 'This machine has 2048 MiB.'],
    [{ shell: 'sh' }, 'shell', 'A path in the sandbox is absolute: it starts with "/".'],
    [{ workdir: 'srv' }, 'workdir', 'A path in the sandbox is absolute: it starts with "/".'],
    [{ env: 'A=1\nB' }, 'env', 'Line 2 has no "=": write NAME=value.'],
    [{ env: '=1' }, 'env', 'Line 1 has no name before the "=".'],
  ])('says what is wrong with %o beside the field', (change, field, message) => {
    const context = { takenNames: ['taken'], hostMemoryMiB: 2048 };
    const { config, problems } = checkDraft(aDraft(change), context);
    expect(config).toBeUndefined();
    expect(problems).toEqual({ [field]: message });
  });

  it('says everything that is wrong at once', () => {
    const { problems } = checkDraft(aDraft({ name: '', cpus: 'x', env: 'y' }), anywhere);
    expect(Object.keys(problems).sort()).toEqual(['cpus', 'env', 'name']);
  });
});

describe('draftOf', () => {
  it('stands for its configuration', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
    const variable = fc.stringMatching(/^[A-Z_]{1,8}$/);
    const value = fc.stringMatching(/^[ -~]{0,20}$/);
    fc.assert(
      fc.property(
        name,
        fc.integer({ min: 1, max: 64 }),
        fc.dictionary(variable, value),
        (given, cpus, env) => {
          const config = sandboxConfigSchema.parse({ name: given, image: 'a', cpus, env });
          expect(checkDraft(draftOf(config), anywhere).config).toEqual(config);
        },
      ),
    );
  });
});
