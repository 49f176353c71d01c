/** What the window asks of a sandbox's directories, and what it keeps of the answers. */
import type { FileEntry } from '../../../main/contract/files.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import type { DirectoryState, DirectoryStore, Inspected, Listing } from './directory-store.ts';
import { nameOf, parentOf, pathsTo } from './guest-path.ts';
import { withLatest } from './per-sandbox.ts';
import { emptySelection, keepListed, type Selection } from './selection.ts';

/** Directories, inspected paths and selections that are kept of one sandbox. */
const maxKept = 200;

/** The files of one sandbox: whom to ask, and where the answers go. */
export interface DirectoryScope {
  readonly client: SkerryClient;
  readonly name: string;
  readonly store: DirectoryStore;
}

/** Reads a directory anew; what was known of it is shown meanwhile. Never rejects. */
export async function loadDirectory(scope: DirectoryScope, path: string): Promise<void> {
  const { client, name, store } = scope;
  const put = (change: Partial<Listing>) => {
    store.setState(({ listings }) => {
      const before = listings[path] ?? {
        ...{ entries: undefined, isTruncated: false, isLoading: false, error: undefined },
      };
      return { listings: withLatest(listings, path, { ...before, ...change }, maxKept) };
    });
  };
  put({ isLoading: true });
  try {
    const list = await client.files.list({ name, path });
    put({ ...list, isLoading: false, error: undefined });
    keepSelection(store, path, list.entries);
  } catch (error) {
    put({ isLoading: false, error: toErrorData(error) });
  }
}

/** Reads what is shown anew: the directory, and those that are open in the tree. */
export async function refreshDirectories(scope: DirectoryScope, path: string): Promise<void> {
  const { expanded, listings } = scope.store.getState();
  const shown = new Set([path, ...[...expanded].filter((one) => listings[one] !== undefined)]);
  await Promise.all([...shown].map((one) => loadDirectory(scope, one)));
}

/** Asks what a path is, where its directory does not say. Never rejects. */
export async function inspectPath(scope: DirectoryScope, path: string): Promise<void> {
  const { client, name, store } = scope;
  const found: Inspected = await client.files.inspect({ name, path }).then(
    // It is the name of the address that leads back to it.
    (entry) => ({ entry: { ...entry, name: nameOf(path) } }),
    (error: unknown) => ({ error: toErrorData(error) }),
  );
  store.setState(({ inspected }) => ({ inspected: withLatest(inspected, path, found, maxKept) }));
}

/** What is known of a path: by its directory, or by itself. */
export function knownEntry(
  { listings, inspected }: DirectoryState,
  path: string,
): FileEntry | undefined {
  const listed = listings[parentOf(path)]?.entries?.find(({ name }) => name === nameOf(path));
  return listed ?? inspected[path]?.entry;
}

/** What is chosen in a directory. */
export function selectionIn({ selections }: DirectoryState, path: string): Selection {
  return selections[path] ?? emptySelection;
}

/** Chooses in a directory. */
export function setSelection(store: DirectoryStore, path: string, selection: Selection): void {
  store.setState(({ selections }) => ({
    selections: withLatest(selections, path, selection, maxKept),
  }));
}

/** What has gone is chosen no more. */
export function keepSelection(
  store: DirectoryStore,
  path: string,
  entries: readonly FileEntry[],
): void {
  const before = store.getState().selections[path];
  if (before === undefined) return;
  const names = entries.map(({ name }) => name);
  setSelection(store, path, keepListed(before, names));
}

/** Shows or hides what is below a directory in the tree; reads it when it is shown. */
export function setExpanded(scope: DirectoryScope, path: string, isExpanded: boolean): void {
  const { store } = scope;
  const expanded = new Set(store.getState().expanded);
  if (isExpanded) expanded.add(path);
  else expanded.delete(path);
  store.setState({ expanded });
  if (isExpanded && store.getState().listings[path]?.entries === undefined) {
    void loadDirectory(scope, path);
  }
}

/** Opens the tree down to a directory, so that it is seen there. */
export function revealInTree(scope: DirectoryScope, path: string): void {
  for (const ancestor of pathsTo(parentOf(path))) {
    const { expanded, listings } = scope.store.getState();
    if (!expanded.has(ancestor) || listings[ancestor] === undefined) {
      setExpanded(scope, ancestor, true);
    }
  }
}

/** Reads what differs from the image. Never rejects. */
export async function loadChanges({ client, name, store }: DirectoryScope): Promise<void> {
  try {
    const changes = await client.files.changes({ name, path: '/' });
    store.setState({ changes, changesReadAtMs: Date.now(), changesError: undefined });
  } catch (error) {
    store.setState({ changesError: toErrorData(error) });
  }
}

/** Does something, then reads the directory anew; a failure stays on the page. True where it went well. */
export async function act(
  scope: DirectoryScope,
  directory: string,
  work: () => Promise<unknown>,
  replace?: () => void,
): Promise<boolean> {
  scope.store.setState({ failure: undefined });
  let isDone = true;
  try {
    await work();
  } catch (thrown) {
    isDone = false;
    const error = toErrorData(thrown);
    const canReplace = replace !== undefined && error.code === 'file/exists';
    scope.store.setState({ failure: { error, ...(canReplace ? { replace } : {}) } });
  }
  await loadDirectory(scope, directory);
  return isDone;
}
