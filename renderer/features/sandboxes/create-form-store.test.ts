import { afterEach, expect, it } from 'vitest';
import type { SkerryClient } from '../../bridge/connection.ts';
import { createFormStore, editDraft, resetDraft, suggestDraft } from './create-form-store.ts';

afterEach(() => {
  resetDraft();
});

/** A host whose answer comes after something was typed. */
const slowClient = (whileAsked: () => void) =>
  ({
    sandboxes: {
      suggest: () => {
        whileAsked();
        return Promise.resolve({ name: 'calm-bay', image: 'skerry/starter' });
      },
    },
  }) as unknown as SkerryClient;

it('leaves a name alone that was typed while the host was asked', async () => {
  await suggestDraft(
    slowClient(() => {
      editDraft({ name: 'web' });
    }),
  );
  expect(createFormStore.getState().draft).toMatchObject({
    name: 'web',
    image: 'skerry/starter',
  });
});

it('puts another name in where that is asked for', async () => {
  editDraft({ name: 'web' });
  await suggestDraft(
    slowClient(() => undefined),
    true,
  );
  expect(createFormStore.getState().draft.name).toBe('calm-bay');
});
