import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../contract/image-upkeep.ts';
import {
  checkStages,
  type CheckOptions,
  type CheckResult,
} from '../../image/check/check-request.ts';
import { checkImages } from './check-images.ts';
import { OperationTracker } from '../operation-tracker.ts';

const finding: Finding = {
  kind: 'blob',
  subject: 'sha256:…',
  problem: 'It is missing.',
  remedy: 'Pull it.',
  isMended: false,
};
const root = { name: 'web', digest: 'sha256:…', reference: 'registry.example/app' };

/** The calls over a library whose check does this. */
function tools(check: (options: Omit<CheckOptions, 'isBusy'>) => Promise<CheckResult>) {
  const operations = new OperationTracker(() => undefined);
  return { operations, library: { check }, sandboxRoots: () => [root] };
}

describe('checkImages', () => {
  it('has a stage for each step, and brings what was found', async () => {
    const own = tools((options) => {
      expect(options.mend).toBe(true);
      expect(options.sandboxes()).toEqual([root]);
      for (const stage of checkStages) {
        options.onProgress?.({ type: 'begin', stage });
        options.onProgress?.({ type: 'bytes', stage, bytesDone: 1, bytesTotal: 2 });
        options.onProgress?.({ type: 'finish', stage });
      }
      return Promise.resolve({ looked: 'Everything.', findings: [finding] });
    });
    const { id } = checkImages(true, own);
    const ended = await own.operations.wait(id);
    expect(ended).toMatchObject({
      kind: 'check',
      state: 'succeeded',
      outcome: { looked: 'Everything.', findings: [finding] },
    });
    expect(ended.stages.map(({ key, state }) => [key, state])).toEqual(
      checkStages.map((stage) => [stage, 'done']),
    );
    expect(ended.stages[0]).toMatchObject({ bytesDone: 1, bytesTotal: 2 });
  });

  it('is one check for all who ask, but another one where it is to mend', async () => {
    const gate = Promise.withResolvers<CheckResult>();
    const own = tools(() => gate.promise);
    const first = checkImages(false, own);
    expect(checkImages(false, own).id).toBe(first.id);
    expect(checkImages(true, own).id).not.toBe(first.id);
    gate.resolve({ looked: '', findings: [] });
    await own.operations.wait(first.id);
  });
});
