import { describe, expect, it } from 'vitest';
import { AppError, cancelledError } from '../../base/app-error.ts';
import type { ImagePushes } from '../../image/image-pushes.ts';
import { OperationTracker } from '../operation-tracker.ts';
import { pushImage } from './push-image.ts';

const blob = (digest: string, size: number) => ({ mediaType: 'x', digest, size });

describe('pushImage', () => {
  const operations = new OperationTracker(() => undefined);

  async function run(push: ImagePushes['push'], as?: string) {
    const request = { reference: 'alpine', as };
    const operation = pushImage(request, { push }, operations);
    return await operations.wait(operation.id);
  }

  it('has a stage for each blob, with what became of it', async () => {
    const ended = await run((reference, as, { onProgress }) => {
      expect([reference, as]).toEqual(['alpine', 'docker.io/library/other:latest']);
      onProgress?.({
        type: 'planned',
        blobs: [blob('a', 10), blob('b', 20), blob('c', 30), blob('d', 40)],
      });
      for (const digest of ['a', 'b', 'c', 'd']) onProgress?.({ type: 'begin', digest });
      onProgress?.({ type: 'end', digest: 'a', how: 'exists' });
      onProgress?.({ type: 'end', digest: 'b', how: 'mounted', from: 'team/base' });
      onProgress?.({ type: 'sent', digest: 'c', bytesDone: 30 });
      onProgress?.({ type: 'end', digest: 'c', how: 'uploaded' });
      onProgress?.({ type: 'end', digest: 'd', how: 'uploaded' });
      onProgress?.({ type: 'manifest', phase: 'start' });
      onProgress?.({ type: 'manifest', phase: 'done' });
      return Promise.resolve('sha256:m');
    }, 'docker.io/library/other:latest');
    expect(ended).toMatchObject({
      kind: 'push',
      subject: 'other',
      state: 'succeeded',
      outcome: { references: ['other'], digest: 'sha256:m' },
      stages: [
        { key: 'look', state: 'done' },
        { label: 'Push layer 1/3', state: 'skipped', note: 'there already', bytesTotal: 10 },
        { label: 'Push layer 2/3', state: 'skipped', note: 'mounted from team/base' },
        { label: 'Push layer 3/3', state: 'done', bytesDone: 30, bytesTotal: 30 },
        { label: 'Push configuration', state: 'done' },
        { label: 'Push manifest', state: 'done' },
      ],
    });
  });

  it('fails with what the push fails with, and is cancelled', async () => {
    const error = new AppError('registry/forbidden', 'No.');
    expect(await run(() => Promise.reject(error))).toMatchObject({
      state: 'failed',
      error: { code: 'registry/forbidden' },
    });
    const begun = Promise.withResolvers<undefined>();
    const push: ImagePushes['push'] = (_, __, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(cancelledError('It'));
        });
        begun.resolve(undefined);
      });
    const operation = pushImage({ reference: 'alpine' }, { push }, operations);
    await begun.promise;
    await operations.cancel(operation.id);
    expect(operations.get(operation.id).state).toBe('cancelled');
  });

  it('refuses what is no reference', () => {
    const begin = (): unknown =>
      pushImage(
        { reference: 'alpine', as: 'A B' },
        { push: () => Promise.reject(new Error()) },
        operations,
      );
    expect(begin).toThrow('has a space');
  });
});
