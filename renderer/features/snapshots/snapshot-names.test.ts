import { describe, expect, it } from 'vitest';
import { sandboxNameSchema } from '../../../main/contract/sandbox-name.ts';
import { snapshotNameSchema } from '../../../main/contract/snapshot.ts';
import {
  problemOfBranchNames,
  problemOfSnapshotName,
  proposeBranchNames,
  proposeSnapshotName,
} from './snapshot-names.ts';

describe('proposeSnapshotName', () => {
  const now = new Date(2026, 2, 1, 4, 5);

  it('is the moment, which the host takes as a name', () => {
    expect(proposeSnapshotName([], now)).toBe('2026-03-01 04.05');
    expect(snapshotNameSchema.safeParse(proposeSnapshotName([], now)).success).toBe(true);
  });

  it('is free', () => {
    const taken = ['2026-03-01 04.05', '2026-03-01 04.05 2'];
    expect(proposeSnapshotName(taken, now)).toBe('2026-03-01 04.05 3');
  });
});

describe('proposeBranchNames', () => {
  it('counts on, past what is taken', () => {
    expect(proposeBranchNames('web', 2, ['web', 'web-3'])).toEqual(['web-2', 'web-4']);
    expect(proposeBranchNames('web-2', 1, ['web-2'])).toEqual(['web-3']);
  });

  it('makes names of the longest name', () => {
    const names = proposeBranchNames('n'.repeat(64), 32, []);
    expect(names.every((name) => sandboxNameSchema.safeParse(name).success)).toBe(true);
    expect(new Set(names).size).toBe(32);
  });
});

describe('what is wrong', () => {
  it.each([
    ['', 'A snapshot needs a name.'],
    ['taken', 'The name "taken" is taken.'],
    [' x', /^The name of a snapshot has letters/],
    ['x'.repeat(65), 'The name of a snapshot has at most 64 characters.'],
    ['before the upgrade', undefined],
  ])('with the name of a snapshot %j', (name, expected) => {
    const problem = problemOfSnapshotName(name, ['taken']);
    if (expected instanceof RegExp) expect(problem).toMatch(expected);
    else expect(problem).toBe(expected);
  });

  it.each([
    [['a', 'b'], undefined],
    [[''], 'A sandbox needs a name.'],
    [['a', '-b'], '-b: A name starts with a letter or digit.'],
    [['a', 'taken'], 'The name "taken" is taken.'],
    [['a', 'a'], '"a" is there twice.'],
  ])('with the names of branches %j', (names, expected) => {
    expect(problemOfBranchNames(names, ['taken'])).toBe(expected);
  });
});
