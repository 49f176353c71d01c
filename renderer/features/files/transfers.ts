/** Uploads and downloads, from what was chosen to what is there. */
import type { FileEntry } from '../../../main/contract/files.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { openByteSession } from '../../bridge/byte-session.ts';
import { translate } from '../../words/language.ts';
import { applyChoice, topNames, type ConflictChoice } from './conflicts.ts';
import { loadDirectory, setSelection, type DirectoryScope } from './directory-actions.ts';
import { joinPath, nameOf } from './guest-path.ts';
import { packUpload, tarBytes } from './pack-upload.ts';
import { countBytes, runTransfer, type TransferBridge } from './run-transfer.ts';
import { collectBlob, openSaveTarget } from './save-target.ts';
import { isDirectory } from './sort-entries.ts';
import { addLeftOut, addTransfer, updateTransfer, type TransferStore } from './transfer-store.ts';
import { unpackFile } from './unpack-download.ts';
import { maxUploadItems, TooManyFilesError, type UploadItem } from './upload-items.ts';

/** The files of one sandbox, and the way that bytes take. */
export interface TransferScope extends DirectoryScope {
  readonly bridge: TransferBridge;
  readonly transfers: TransferStore;
}

/**
 * Sends what was dropped, pasted or chosen into a directory; where names are taken, it is asked
 * first. Never rejects.
 */
export async function upload(
  scope: TransferScope,
  directory: string,
  collect: () => Promise<readonly UploadItem[]>,
): Promise<void> {
  const { store, transfers } = scope;
  try {
    const items = await collect();
    if (items.length === 0) return;
    const taken = await takenNames(scope, directory, topNames(items));
    if (topNames(items).some((name) => taken.has(name))) {
      transfers.setState(({ pending }) => ({
        pending: [...pending, { directory, items, taken }],
      }));
      return;
    }
    await send(scope, directory, items);
  } catch (thrown) {
    const error = toErrorData(thrown);
    if (!(thrown instanceof TooManyFilesError)) store.setState({ failure: { error } });
    else {
      const message = translate('files:tooManyFiles', { count: maxUploadItems });
      store.setState({ failure: { error: { ...error, message } } });
    }
  }
}

/** Goes on with the first upload that was asked about; undefined lets go of it. Never rejects. */
export async function answerConflict(
  scope: TransferScope,
  choice: ConflictChoice | undefined,
): Promise<void> {
  const [first, ...pending] = scope.transfers.getState().pending;
  scope.transfers.setState({ pending });
  if (first === undefined || choice === undefined) return;
  const items = applyChoice(first.items, first.taken, choice);
  if (items.length > 0) await send(scope, first.directory, items);
}

/** The names of a directory now; of one that is not listed whole, those that are asked about. */
async function takenNames(
  scope: TransferScope,
  directory: string,
  wanted: readonly string[],
): Promise<ReadonlySet<string>> {
  const { client, name } = scope;
  const { entries, isTruncated } = await client.files.list({ name, path: directory });
  const listed = new Set(entries.map((entry) => entry.name));
  if (!isTruncated) return listed;
  for (const one of wanted) {
    try {
      await client.files.inspect({ name, path: joinPath(directory, one) });
      listed.add(one);
    } catch (error) {
      if (toErrorData(error).code !== 'file/not-found') throw error;
    }
  }
  return listed;
}

async function send(
  scope: TransferScope,
  directory: string,
  items: readonly UploadItem[],
): Promise<void> {
  const { bridge, client, name, store, transfers } = scope;
  const names = topNames(items);
  const totalBytes = tarBytes(items);
  const transfer = addTransfer(transfers, {
    ...{ kind: 'upload', directory, bytesTotal: totalBytes },
    ...{ subject: names[0] ?? '', others: names.length - 1 },
  });
  await runTransfer(
    bridge,
    transfers,
    transfer,
    () => client.files.upload({ name, path: directory, totalBytes }),
    (session, signal) =>
      packUpload(items, (path) => {
        addLeftOut(transfers, transfer.id, [translate('files:leftOutHere', { path })]);
      })
        .pipeThrough(countBytes(transfers, transfer.id))
        .pipeTo(session.stdin, { signal }),
  );
  await loadDirectory(scope, directory);
  const listed = new Set(store.getState().listings[directory]?.entries?.map((one) => one.name));
  const arrived = names.filter((one) => listed.has(one));
  setSelection(store, directory, {
    names: new Set(arrived),
    anchor: arrived[0],
    cursor: arrived[0],
  });
}

/**
 * Saves what is chosen on this machine: one file as it is, anything else as a tar. One link brings
 * what it leads to; among several, links stay links, as they were to each other. To be called from a
 * click or key. Never rejects.
 */
export async function download(
  scope: TransferScope,
  directory: string,
  entries: readonly Pick<FileEntry, 'name' | 'kind' | 'sizeBytes' | 'leadsToDirectory'>[],
): Promise<void> {
  const { bridge, client, name, store, transfers } = scope;
  const [first] = entries;
  if (first === undefined) return;
  const isLink = entries.length === 1 && first.kind === 'symlink';
  const isFile = entries.length === 1 && (first.kind === 'file' || (isLink && !isDirectory(first)));
  // The size of a link is that of its target's name.
  const sizeBytes = isFile && !isLink ? first.sizeBytes : undefined;
  const base = entries.length === 1 ? first.name : nameOf(directory);
  const fileName = isFile ? base : `${base === '' ? name : base}.tar`;
  try {
    const sink = await openSaveTarget(fileName, sizeBytes);
    if (sink === undefined) return;
    const transfer = addTransfer(transfers, {
      ...{ kind: 'download', directory, bytesTotal: sizeBytes },
      ...{ subject: first.name, others: entries.length - 1 },
    });
    const paths = entries.map((entry) => joinPath(directory, entry.name));
    const isDone = await runTransfer(
      bridge,
      transfers,
      transfer,
      () => client.files.download({ name, paths, follow: isLink }),
      async (session, signal) => {
        const counted = session.stdout.pipeThrough(countBytes(transfers, transfer.id), { signal });
        if (isFile) await unpackFile(counted, sink);
        else await counted.pipeTo(sink, { signal, preventClose: true });
      },
    );
    if (!isDone) {
      await sink.abort().catch(() => undefined);
      return;
    }
    // Only now is all of it known to be there.
    await sink.close().catch((error: unknown) => {
      updateTransfer(transfers, transfer.id, { state: 'failed', error: toErrorData(error) });
    });
  } catch (error) {
    store.setState({ failure: { error: toErrorData(error) } });
  }
}

/** The bytes of one small file, to be shown. Fails as an error of the host or of the archive. */
export async function readBytes(
  { bridge, client, name }: Pick<TransferScope, 'bridge' | 'client' | 'name'>,
  path: string,
  maxBytes: number,
): Promise<Blob> {
  const { session } = await client.files.download({ name, paths: [path] });
  const bytes = openByteSession((handlers) => bridge.openSession(session.id, handlers));
  const { promise, resolve } = Promise.withResolvers<Blob>();
  const sink = collectBlob('', maxBytes, (_name, blob) => {
    resolve(blob);
  });
  try {
    await unpackFile(bytes.stdout, sink);
    await sink.close();
    return await promise;
  } finally {
    bytes.close();
  }
}
