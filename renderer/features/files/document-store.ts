import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { FileEntry } from '../../../main/contract/files.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { isWithin } from './guest-path.ts';
import { perSandbox } from './per-sandbox.ts';

/** A text that is open; it stays while it has changes that are not saved. */
export interface OpenDocument {
  /** As the sandbox has it; the version goes with a save. */
  readonly savedText: string;
  readonly version: string;
  readonly entry: FileEntry;
  /** As it is in the editor. */
  readonly text: string;
  readonly isSaving: boolean;
  /** Why it could not be saved. */
  readonly saveError: ErrorData | undefined;
  /** What has become of the file since it was read, where that was noticed. */
  readonly outside: 'changed' | 'removed' | undefined;
  /** Goes up when the text was read anew, so that the editor begins anew. */
  readonly generation: number;
  /** The editor's own: undo, cursor, scroll position. */
  readonly editor: unknown;
}

/** The texts of one sandbox. */
export interface DocumentState {
  readonly documents: Readonly<Record<string, OpenDocument>>;
  /** Why a file could not be opened, by its path. */
  readonly openErrors: Readonly<Record<string, ErrorData>>;
}

/** A store of the texts of one sandbox. */
export type DocumentStore = StoreApi<DocumentState>;

/** Makes an empty store. */
export function createDocumentStore(): DocumentStore {
  return createStore<DocumentState>(() => ({ documents: {}, openErrors: {} }));
}

/** The texts of a sandbox, by its id. */
export const documentStoreOf = perSandbox(createDocumentStore);

/** Whom to ask for texts, and where they are kept. */
export interface DocumentScope {
  readonly client: SkerryClient;
  readonly name: string;
  readonly store: DocumentStore;
}

/** Whether it has changes that are not saved. */
export function isUnsaved({ text, savedText }: Pick<OpenDocument, 'text' | 'savedText'>): boolean {
  return text !== savedText;
}

/** The paths of texts with changes that are not saved. */
export function unsavedPaths({ documents }: DocumentState): string[] {
  return Object.entries(documents)
    .filter(([, document]) => isUnsaved(document))
    .map(([path]) => path);
}

/** Changes a document that is open. */
export function updateDocument(
  store: DocumentStore,
  path: string,
  change: Partial<OpenDocument>,
): void {
  store.setState(({ documents }) => {
    const before = documents[path];
    return before === undefined
      ? {}
      : { documents: { ...documents, [path]: { ...before, ...change } } };
  });
}

/** Reads a text; one with unsaved changes stays as it is, unless `isForced`. Never rejects. */
export async function openDocument(
  { client, name, store }: DocumentScope,
  path: string,
  isForced = false,
): Promise<void> {
  const before = store.getState().documents[path];
  if (before !== undefined && isUnsaved(before) && !isForced) return;
  try {
    const { text, version, entry } = await client.files.read({ name, path });
    store.setState(({ documents, openErrors }) => {
      const present = documents[path];
      const { [path]: _error, ...errors } = openErrors;
      // What was typed since the file was asked for is worth more than the answer.
      if (present !== undefined && isUnsaved(present) && !isForced) return {};
      const isSame = present?.savedText === text && !isUnsaved(present);
      return {
        openErrors: errors,
        documents: {
          ...withoutSaved(documents),
          [path]: {
            ...{ savedText: text, text, version, entry, isSaving: false },
            ...{ saveError: undefined, outside: undefined },
            generation: (present?.generation ?? 0) + (isSame ? 0 : 1),
            editor: isSame ? present.editor : undefined,
          },
        },
      };
    });
  } catch (error) {
    store.setState(({ documents, openErrors }) => {
      const { [path]: _gone, ...others } = documents;
      return { documents: others, openErrors: { ...openErrors, [path]: toErrorData(error) } };
    });
  }
}

/** Texts that can be read again at any time are not kept beside the one that is open. */
function withoutSaved(documents: DocumentState['documents']): DocumentState['documents'] {
  return Object.fromEntries(Object.entries(documents).filter(([, one]) => isUnsaved(one)));
}

/** Saves a text over the version that was read, or with `isOver` over whatever is there. Never rejects. */
export async function saveDocument(
  { client, name, store }: DocumentScope,
  path: string,
  isOver = false,
): Promise<void> {
  const document = store.getState().documents[path];
  if (document === undefined || document.isSaving) return;
  updateDocument(store, path, { isSaving: true, saveError: undefined });
  try {
    const { text } = document;
    const version = isOver ? await presentVersion(client, name, path) : document.version;
    const saved = await client.files.write({
      ...{ name, path, text },
      ...(version === undefined ? {} : { version }),
    });
    updateDocument(store, path, {
      ...{ savedText: text, version: saved.version, entry: saved.entry, isSaving: false },
      outside: undefined,
    });
  } catch (error) {
    updateDocument(store, path, { isSaving: false, saveError: toErrorData(error) });
  }
}

/** Undefined where the file is gone: then it is made anew. */
async function presentVersion(
  client: SkerryClient,
  name: string,
  path: string,
): Promise<string | undefined> {
  try {
    return (await client.files.read({ name, path })).version;
  } catch (error) {
    if (toErrorData(error).code === 'file/not-found') return undefined;
    throw error;
  }
}

/** Takes texts along when a file or directory gets another path. */
export function moveDocuments(store: DocumentStore, from: string, to: string): void {
  store.setState(({ documents }) => ({
    documents: Object.fromEntries(
      Object.entries(documents).map(([path, document]) => [
        isWithin(path, from) ? to + path.slice(from.length) : path,
        document,
      ]),
    ),
  }));
}

/** Forgets the texts at and below paths that are gone, and what was typed into them. */
export function dropDocuments(store: DocumentStore, paths: readonly string[]): void {
  store.setState(({ documents }) => ({
    documents: Object.fromEntries(
      Object.entries(documents).filter(([path]) => !paths.some((gone) => isWithin(path, gone))),
    ),
  }));
}
