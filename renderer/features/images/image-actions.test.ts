import { describe, expect, it } from 'vitest';
import { connect } from '../../bridge/connection.ts';
import { createFakeTransport } from '../../bridge/fake/fake-transport.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { aSandbox, anImage } from '../../testing/builders.ts';
import { describeRemoval, loadUsage, removeOrAsk, undoRemoval } from './image-actions.ts';
import { applyImageEvent, createImageStore } from './image-store.ts';

const app = anImage({ reference: 'app:1' });

/** A window's store that hears the in-memory host. */
async function setUp() {
  const transport = createFakeTransport({
    images: [app, { ...app, reference: 'app:2' }, anImage({ reference: 'debian' })],
    sandboxes: [aSandbox({ name: 'web', config: { image: 'debian' } })],
    stepMs: 0,
  });
  const store = createImageStore();
  const connection = connect({
    transport,
    onEvent: (event) => {
      applyImageEvent(store, event);
    },
  });
  await new Promise<void>((resolve) => {
    const end = store.subscribe(() => {
      end();
      resolve();
    });
  });
  return { store, client: connection.client, host: transport.host };
}

describe('removeOrAsk', () => {
  it('takes one of several names away at once, and gives it back', async () => {
    const { store, client, host } = await setUp();
    await removeOrAsk(client, 'app:2', store);
    expect(host.images.all.map(({ reference }) => reference)).toEqual(['app:1', 'debian']);
    const { notice, asked } = store.getState();
    expect(asked).toBeUndefined();
    expect(notice).toEqual({
      text: 'The name app:2 was removed. The image stays as app:1.',
      undo: { reference: 'app:1', as: 'app:2' },
    });
    if (notice?.undo !== undefined) await undoRemoval(client, notice.undo, store);
    expect(host.images.of('app:2')?.digest).toBe(app.digest);
    expect(store.getState().notice).toBeUndefined();
  });

  it('asks before the last name goes, and takes nothing away', async () => {
    const { store, client, host } = await setUp();
    await removeOrAsk(client, 'debian', store);
    expect(store.getState().asked).toEqual({ kind: 'remove', reference: 'debian' });
    expect(host.images.all).toHaveLength(3);
  });

  it('keeps why a name could not be taken away', async () => {
    const { store, client, host } = await setUp();
    host.images.remove('app:2', false);
    store.setState({ images: [app, { ...app, reference: 'app:2' }] });
    await removeOrAsk(client, 'app:2', store);
    expect(store.getState()).toMatchObject({
      notice: undefined,
      actionError: { code: 'image/not-stored' },
    });
  });
});

describe('loadUsage', () => {
  const usage = {
    ...{ totalBytes: 1, reclaimableBytes: 0, reclaimableWithImagesBytes: 0 },
    ...{ images: [], layers: [], otherBytes: 0 },
  };

  it('drops an answer that a later question has overtaken', async () => {
    const store = createImageStore();
    const answers: ((totalBytes: number) => void)[] = [];
    const client = {
      images: {
        usage: () =>
          new Promise((resolve) => {
            answers.push((totalBytes) => {
              resolve({ ...usage, totalBytes });
            });
          }),
      },
    } as unknown as SkerryClient;
    const first = loadUsage(client, store);
    const second = loadUsage(client, store);
    answers[1]?.(2);
    answers[0]?.(1);
    await Promise.all([first, second]);
    expect(store.getState().usage?.totalBytes).toBe(2);
  });

  it('keeps what was known where there is no answer', async () => {
    const store = createImageStore();
    store.setState({ usage });
    const client = {
      images: { usage: () => Promise.reject(new Error('away')) },
    } as unknown as SkerryClient;
    await loadUsage(client, store);
    expect(store.getState()).toMatchObject({
      usage,
      usageError: { code: 'internal/unexpected' },
    });
  });
});

describe('describeRemoval', () => {
  it.each([
    [{ references: [], layers: [], freedBytes: 0 }, 'There was nothing to remove.'],
    [{ references: ['a:1'], layers: [], freedBytes: 0 }, 'Removed a:1. 0 B were freed.'],
    [
      { references: ['a', 'b'], layers: ['x'], freedBytes: 2_048 },
      'Removed 2 images and 1 layer. 2 KiB were freed.',
    ],
    [{ references: [], layers: [], freedBytes: 1_024 }, '1 KiB were freed.'],
  ])('puts %o in words', (removal, words) => {
    expect(describeRemoval(removal)).toBe(words);
  });
});
