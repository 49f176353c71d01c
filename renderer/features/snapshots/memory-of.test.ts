import { expect, it } from 'vitest';
import { aSandbox, aSnapshot } from '../../testing/builders.ts';
import { memoryOfSandbox, memoryOfSnapshot } from './memory-of.ts';

it.each([
  [{ state: 'running' }, undefined],
  [{ state: 'paused' }, undefined],
  [{ state: 'suspended' }, undefined],
  [{ state: 'stopped' }, 'It does not run, so nothing is in memory.'],
  [{ state: 'running', sharedBy: '9p' }, /shared with it/],
] as const)('offers the memory of a sandbox that is %j', (facts, reason) => {
  const offer = memoryOfSandbox(aSandbox(facts));
  if (reason === undefined) expect(offer).toEqual({ isPossible: true });
  else
    expect(offer).toEqual({ isPossible: false, reason: expect.stringMatching(reason) as string });
});

it('offers the memory of a snapshot, or says why not', () => {
  expect(memoryOfSnapshot(aSnapshot({ hasMemory: true }))).toEqual({ isPossible: true });
  expect(memoryOfSnapshot(aSnapshot())).toEqual({
    ...{ isPossible: false, reason: 'The snapshot has no memory.' },
  });
  const unusable = aSnapshot({ hasMemory: true, memoryProblem: 'Saved by another QEMU.' });
  expect(memoryOfSnapshot(unusable)).toEqual({
    ...{ isPossible: false, reason: 'Saved by another QEMU.' },
  });
});
