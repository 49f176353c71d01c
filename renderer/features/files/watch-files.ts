/** What is shown of a sandbox's files is looked at again while it is seen: the sandbox goes on. */
import type { FileEntry } from '../../../main/contract/files.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { keepSelection, type DirectoryScope } from './directory-actions.ts';
import type { Listing } from './directory-store.ts';
import { updateDocument, type DocumentScope, type OpenDocument } from './document-store.ts';

/** Between two looks, at least. */
const everyMs = 2_500;
/** A look that takes long is taken seldom: no more than this part of the time goes into looking. */
const maxShare = 1 / 20;

/** How long to wait after a look that took this long. */
export function pauseAfterMs(tookMs: number): number {
  return Math.max(everyMs, tookMs / maxShare);
}

/** Looks, waits, looks again until the signal aborts; not while the page is hidden. */
export async function keepLooking(
  look: () => Promise<void>,
  signal: AbortSignal,
  isSeen: () => boolean,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  let pauseMs = everyMs;
  for (;;) {
    await wait(pauseMs);
    if (signal.aborted) return;
    if (!isSeen()) continue;
    const beganAtMs = performance.now();
    await look();
    pauseMs = pauseAfterMs(performance.now() - beganAtMs);
  }
}

/** Reads a directory anew; where it is as it was, nothing on the page changes. Never rejects. */
export async function lookAtDirectory(scope: DirectoryScope, path: string): Promise<void> {
  const { client, name, store } = scope;
  const before = store.getState().listings[path];
  if (before?.entries === undefined || before.isLoading) return;
  try {
    const { entries, isTruncated } = await client.files.list({ name, path });
    const isSame = isTruncated === before.isTruncated && areSame(entries, before.entries);
    if (isSame && before.error === undefined) return;
    put(scope, path, before, { entries, isTruncated, error: undefined });
  } catch (thrown) {
    const error = toErrorData(thrown);
    // Whatever else it is passes, or is said elsewhere.
    if (error.code === 'file/not-found') put(scope, path, before, { error });
  }
}

/** Whether an open text is still what the sandbox has; the text says so where not. Never rejects. */
export async function lookAtDocument(scope: DocumentScope, path: string): Promise<void> {
  const { store } = scope;
  const before = store.getState().documents[path];
  if (before === undefined || before.isSaving) return;
  try {
    const outside = await findOutside(scope, path, before);
    const present = store.getState().documents[path];
    // It may have been saved or read anew meanwhile.
    if (present?.version !== before.version || present.isSaving) return;
    if (present.outside !== outside) updateDocument(store, path, { outside });
  } catch {
    // The sandbox is not there to be asked; a save says so.
  }
}

async function findOutside(
  { client, name }: DocumentScope,
  path: string,
  { entry, version }: OpenDocument,
): Promise<OpenDocument['outside']> {
  try {
    const found = await client.files.inspect({ name, path });
    const { kind, sizeBytes, modifiedAtMs } = found;
    const looksSame =
      kind === 'file' && sizeBytes === entry.sizeBytes && modifiedAtMs === entry.modifiedAtMs;
    if (looksSame) return undefined;
    // A link says nothing of the file that it leads to.
    const now = await client.files.read({ name, path });
    return now.version === version ? undefined : 'changed';
  } catch (thrown) {
    switch (toErrorData(thrown).code) {
      case 'file/not-found':
        return 'removed';
      case 'file/not-text':
      case 'file/too-large':
      case 'file/wrong-kind':
        return 'changed';
      default:
        throw thrown;
    }
  }
}

/** Unless somebody else has read it since. */
function put(
  { store }: DirectoryScope,
  path: string,
  before: Listing,
  change: Partial<Listing>,
): void {
  const { listings } = store.getState();
  if (listings[path] !== before) return;
  store.setState({ listings: { ...listings, [path]: { ...before, ...change } } });
  if (change.entries !== undefined) keepSelection(store, path, change.entries);
}

function areSame(some: readonly FileEntry[], others: readonly FileEntry[]): boolean {
  return some.length === others.length && some.every((one, index) => isSame(one, others[index]));
}

function isSame(one: FileEntry, other: FileEntry | undefined): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
