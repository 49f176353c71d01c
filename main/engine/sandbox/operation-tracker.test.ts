import { describe, expect, it } from 'vitest';
import type { Operation } from '../../contract/operation.ts';
import { AppError } from '../base/app-error.ts';
import { OperationTracker } from './operation-tracker.ts';

function aTracker(): { tracker: OperationTracker; changes: Operation[] } {
  const changes: Operation[] = [];
  return { tracker: new OperationTracker((operation) => changes.push(operation)), changes };
}

const stages = [
  { key: 'resolve', label: 'Resolve' },
  { key: 'root', label: 'Prepare root' },
];

describe('OperationTracker', () => {
  it('reports each stage as it comes and ends with success', async () => {
    const { tracker, changes } = aTracker();
    const operation = tracker.start('create', 'web', stages, (progress) => {
      progress.begin('resolve');
      progress.finish('resolve', 'in store');
      progress.addAfter('resolve', [{ key: 'layer', label: 'Pull layer 1/1' }]);
      progress.begin('layer');
      progress.update('layer', { bytesDone: 5, bytesTotal: 10 });
      progress.finish('layer');
      progress.skip('root');
      return Promise.resolve();
    });
    const ended = await tracker.wait(operation.id);
    expect(ended.state).toBe('succeeded');
    expect(ended.stages.map(({ key, state, note }) => [key, state, note])).toEqual([
      ['resolve', 'done', 'in store'],
      ['layer', 'done', undefined],
      ['root', 'skipped', undefined],
    ]);
    expect(changes.at(-1)).toBe(tracker.get(operation.id));
  });

  it('keeps the error and marks the stage that was under way', async () => {
    const { tracker } = aTracker();
    const operation = tracker.start('pull', 'alpine', stages, (progress) => {
      progress.begin('resolve');
      return Promise.reject(new AppError('image/not-found', 'No such image: alpine.'));
    });
    const ended = await tracker.wait(operation.id);
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'image/not-found' } });
    expect(ended.stages.map((stage) => stage.state)).toEqual(['failed', 'waiting']);
  });

  it('keeps the output for whoever comes later, and goes on with what comes', async () => {
    const { tracker, changes } = aTracker();
    const { promise: goOn, resolve } = Promise.withResolvers<undefined>();
    const operation = tracker.start('build', 'app', stages, async (progress) => {
      progress.output('step 1\n');
      await goOn;
      progress.output('step 2\n');
    });
    await new Promise(setImmediate);
    const heard: string[] = [];
    const off = tracker.onOutput(operation.id, (text) => heard.push(text));
    expect(changes.at(-1)?.hasOutput).toBe(true);
    resolve(undefined);
    await tracker.wait(operation.id);
    off();
    expect(heard).toEqual(['step 1\n', 'step 2\n']);
    const later: string[] = [];
    tracker.onOutput(operation.id, (text) => later.push(text));
    expect(later).toEqual(['step 1\nstep 2\n']);
    expect(() => tracker.onOutput('none', () => undefined)).toThrow('No operation is "none".');
  });

  it('tells what an operation brought only where it succeeded', async () => {
    const { tracker } = aTracker();
    const brought = { references: ['app'] };
    const good = tracker.start('build', 'app', stages, (progress) => {
      progress.bring(brought);
      return Promise.resolve();
    });
    expect((await tracker.wait(good.id)).outcome).toEqual(brought);
    const bad = tracker.start('build', 'app', stages, (progress) => {
      progress.bring(brought);
      return Promise.reject(new AppError('image/program-failed', 'It failed.'));
    });
    expect((await tracker.wait(bad.id)).outcome).toBeUndefined();
  });

  it('resolves a cancel only when the work has stopped and cleaned up', async () => {
    const { tracker } = aTracker();
    let cleaned = false;
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
    const operation = tracker.start('create', 'web', stages, async ({ signal }) => {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
        begin(undefined);
      });
      await new Promise(setImmediate);
      cleaned = true;
      throw new Error('stopped');
    });
    await begun;
    await tracker.cancel(operation.id);
    expect(cleaned).toBe(true);
    expect(tracker.get(operation.id)).toMatchObject({
      state: 'cancelled',
      error: { code: 'operation/cancelled' },
    });
  });

  it('names an operation it does not know', () => {
    expect(() => aTracker().tracker.get('x')).toThrow('No operation is "x".');
  });

  it('keeps a bounded number of ended operations', async () => {
    const { tracker } = aTracker();
    for (let index = 0; index < 120; index += 1) {
      await tracker.wait(tracker.start('pull', 'alpine', [], () => Promise.resolve()).id);
    }
    expect(tracker.list().length).toBe(100);
  });
});
