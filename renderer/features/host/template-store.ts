/** The machines that this host keeps booted, as they were when somebody looked. */
import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Template } from '../../../main/contract/template.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';

/** See the head of this file. */
export interface TemplatesState {
  /** Undefined until the host has said. The one that was used last comes first. */
  readonly templates: readonly Template[] | undefined;
  readonly error: ErrorData | undefined;
  readonly isClearing: boolean;
}

/** Makes an empty store. */
export function createTemplateStore() {
  return createStore<TemplatesState>(() => ({
    templates: undefined,
    error: undefined,
    isClearing: false,
  }));
}

/** A store of {@link createTemplateStore}. */
export type TemplateStore = ReturnType<typeof createTemplateStore>;

/** The window's own. */
export const templateStore = createTemplateStore();

/** Asks for them anew; what was known stays until the answer is there. */
export async function loadTemplates(
  client: SkerryClient,
  store: TemplateStore = templateStore,
): Promise<void> {
  try {
    const templates = await client.host.templates();
    const sorted = templates.toSorted((one, other) => other.usedAtMs - one.usedAtMs);
    store.setState({ templates: sorted, error: undefined });
  } catch (error) {
    store.setState({ error: toErrorData(error) });
  }
}

/** Has the host forget them, and asks what is left. */
export async function clearTemplates(
  client: SkerryClient,
  store: TemplateStore = templateStore,
): Promise<void> {
  store.setState({ isClearing: true });
  try {
    await client.host.clearTemplates();
    await loadTemplates(client, store);
  } catch (error) {
    store.setState({ error: toErrorData(error) });
  } finally {
    store.setState({ isClearing: false });
  }
}
