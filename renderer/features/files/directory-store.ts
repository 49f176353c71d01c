import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { ChangedFiles, FileEntry } from '../../../main/contract/files.ts';
import { perSandbox } from './per-sandbox.ts';
import type { Selection } from './selection.ts';

/** A directory as it was read last. */
export interface Listing {
  /** Undefined until the first answer. */
  readonly entries: readonly FileEntry[] | undefined;
  readonly isTruncated: boolean;
  readonly isLoading: boolean;
  /** Why the last reading failed; what was read before stays. */
  readonly error: ErrorData | undefined;
}

/** What a path of the address turned out to be, where its directory was not read. */
export type Inspected =
  | { readonly entry: FileEntry; readonly error?: undefined }
  | { readonly entry?: undefined; readonly error: ErrorData };

/** Why something could not be done; it stays until it is dismissed or done again. */
export interface ActionFailure {
  readonly error: ErrorData;
  /** The same again, over what is in the way. */
  readonly replace?: () => void;
}

/** The directories of one sandbox as the window knows them. */
export interface DirectoryState {
  readonly listings: Readonly<Record<string, Listing>>;
  readonly inspected: Readonly<Record<string, Inspected>>;
  /** Directories whose children the tree shows. */
  readonly expanded: ReadonlySet<string>;
  /** By directory, so that the way back finds what was chosen. */
  readonly selections: Readonly<Record<string, Selection>>;
  readonly failure: ActionFailure | undefined;
  readonly isShowingChanges: boolean;
  readonly changes: ChangedFiles | undefined;
  /** When they were read; finding them takes a while, so they are not read by themselves. */
  readonly changesReadAtMs: number | undefined;
  readonly changesError: ErrorData | undefined;
}

/** A store of the directories of one sandbox. */
export type DirectoryStore = StoreApi<DirectoryState>;

/** Makes an empty store. */
export function createDirectoryStore(): DirectoryStore {
  return createStore<DirectoryState>(() => ({
    listings: {},
    inspected: {},
    expanded: new Set(['/']),
    selections: {},
    failure: undefined,
    isShowingChanges: false,
    changes: undefined,
    changesReadAtMs: undefined,
    changesError: undefined,
  }));
}

/** The directories of a sandbox, by its id: another one of the same name has others. */
export const directoryStoreOf = perSandbox(createDirectoryStore);
