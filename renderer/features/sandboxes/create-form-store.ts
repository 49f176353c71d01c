import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { defaultDraft, type CreateDraft } from './create-draft.ts';

/** The create form; it keeps what was typed while other pages are open. */
export interface CreateFormState {
  readonly draft: CreateDraft;
  readonly isSubmitting: boolean;
  /** Why the last try did not begin. */
  readonly error: ErrorData | undefined;
}

/** The window's create form. */
export const createFormStore = createStore<CreateFormState>(() => ({
  draft: defaultDraft,
  isSubmitting: false,
  error: undefined,
}));

/** Changes fields; the last failure was about another draft and goes. */
export function editDraft(change: Partial<CreateDraft>): void {
  createFormStore.setState(({ draft }) => ({ draft: { ...draft, ...change }, error: undefined }));
}

/** Empties the form, or begins it anew from a draft. */
export function resetDraft(draft: CreateDraft = defaultDraft): void {
  createFormStore.setState({ draft, error: undefined });
}

/**
 * Puts in a free name and the image to begin with, where none is typed by the time the host answers;
 * a name that is there makes way only where another one was asked for.
 */
export async function suggestDraft(client: SkerryClient, isAnotherName = false): Promise<void> {
  try {
    const { name, image } = await client.sandboxes.suggest();
    createFormStore.setState(({ draft }) => ({
      draft: {
        ...draft,
        name: draft.name === '' || isAnotherName ? name : draft.name,
        image: draft.image === '' ? image : draft.image,
      },
    }));
  } catch (error) {
    createFormStore.setState({ error: toErrorData(error) });
  }
}
