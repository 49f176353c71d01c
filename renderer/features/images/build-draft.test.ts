import { describe, expect, it } from 'vitest';
import { emptyBuildDraft, parseBuildArgs, requestOfBuild } from './build-draft.ts';

describe('parseBuildArgs', () => {
  it('takes a line each, and everything after the first "="', () => {
    const { values } = { values: {}, ...parseBuildArgs('A=1\n\n B =x=y z \nC=') };
    expect(values).toEqual({ A: '1', B: 'x=y z ', C: '' });
  });

  it.each([
    ['A=1\nB', 'Line 2 is not NAME=value.'],
    ['=1', 'Line 1 is not NAME=value.'],
    ['A B=1', 'Line 1 is not NAME=value.'],
    ['A=1\nA=2', 'A is there twice.'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(parseBuildArgs(text)).toEqual({ problem });
  });

  it('keeps names that objects have of themselves apart', () => {
    expect(parseBuildArgs('constructor=1')).toEqual({ values: { constructor: '1' } });
  });
});

describe('requestOfBuild', () => {
  const draft = { ...emptyBuildDraft, context: '~/site', tag: 'site:dev' };

  it('leaves out what is left empty', () => {
    const request = { context: '~/site', tag: 'site:dev', noCache: false, buildArgs: {} };
    expect(requestOfBuild(draft)).toEqual(request);
    expect(requestOfBuild({ ...draft, target: 'run', program: 'podman' })).toEqual({
      ...request,
      target: 'run',
      program: 'podman',
    });
  });

  it.each([{ tag: '' }, { tag: 'No' }, { context: 'site' }, { context: '' }, { buildArgs: 'x' }])(
    'is nothing for %o',
    (change) => {
      expect(requestOfBuild({ ...draft, ...change })).toBeUndefined();
    },
  );
});
