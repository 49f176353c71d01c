import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Connection } from '../../bridge/connection.ts';
import { createFakeTransport } from '../../bridge/fake/fake-transport.ts';
import { createFormStore, editDraft, resetDraft, suggestDraft } from './create-form-store.ts';

const draft = () => createFormStore.getState().draft;

describe('suggestDraft', () => {
  let connection: Connection;
  beforeEach(async () => {
    resetDraft();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    connection = connect({
      transport: createFakeTransport({ stepMs: 0 }),
      onEvent: () => {
        resolve(undefined);
      },
    });
    await promise;
  });
  afterEach(() => {
    connection.close();
  });

  it('fills in a name and an image, and another name where that is asked for', async () => {
    await suggestDraft(connection.client);
    expect(draft()).toMatchObject({ image: 'skerry/starter' });
    expect(draft().name).toMatch(/^\w+-\w+$/);
    editDraft({ name: 'mine', image: 'alpine' });
    await suggestDraft(connection.client);
    expect(draft().name).toBe('mine');
    await suggestDraft(connection.client, true);
    expect(draft().name).not.toBe('mine');
    expect(draft().image).toBe('alpine');
  });

  it('leaves what is typed while it is on its way', async () => {
    const suggested = suggestDraft(connection.client);
    editDraft({ name: 'web', image: 'alpine' });
    await suggested;
    expect(draft()).toMatchObject({ name: 'web', image: 'alpine' });
  });
});
