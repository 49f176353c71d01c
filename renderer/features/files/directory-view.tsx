import { FolderOpen, Upload } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { maxListedFiles, type FileEntry } from '../../../main/contract/files.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { EmptyState } from '../../ui/page.tsx';
import { act, selectionIn, setSelection } from './directory-actions.ts';
import { DirectoryStatus } from './directory-status.tsx';
import { moveDocuments } from './document-store.ts';
import { FileDialogs, type FileQuestion } from './file-dialogs.tsx';
import { FileList } from './file-list.tsx';
import { FilesToolbar } from './files-toolbar.tsx';
import { useFilesScope } from './files-scope.tsx';
import { joinPath } from './guest-path.ts';
import { selectOnly } from './selection.ts';
import { orderAfterClick, sortEntries, visibleEntries } from './sort-entries.ts';
import { itemsOfFiles } from './upload-items.ts';
import { upload } from './transfers.ts';
import { useFileEntries } from './use-file-entries.ts';
import { useLooking } from './use-looking.ts';
import { viewStore } from './view-store.ts';
import { lookAtDirectory } from './watch-files.ts';

const none: readonly FileEntry[] = [];

/** What is in one directory, and what can be done with it. */
export function DirectoryView({ path }: { readonly path: string }) {
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const { store, open } = scope;
  useLooking(useCallback(() => lookAtDirectory(scope, path), [scope, path]));
  const listing = useStore(store, (state) => state.listings[path]);
  const selection = useStore(store, (state) => selectionIn(state, path));
  const { order, showHidden } = useStore(viewStore);
  const [question, setQuestion] = useState<FileQuestion>();
  const [renaming, setRenaming] = useState<{ readonly in: string; readonly name: string }>();
  const fileInput = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const all = listing?.entries ?? none;
  const entries = useMemo(
    () => sortEntries(visibleEntries(all, showHidden), order),
    [all, showHidden, order],
  );
  const chosen = useMemo(
    () => entries.filter(({ name }) => selection.names.has(name)),
    [entries, selection],
  );
  const actions = useFileEntries(path, chosen, {
    onOpen: (entry) => {
      open(joinPath(path, entry.name));
    },
    onRename: ({ name }) => {
      setRenaming({ in: path, name });
    },
    onAsk: setQuestion,
  });
  const rename = (name: string, wanted: string | undefined, replace = false) => {
    setRenaming(undefined);
    if (wanted === undefined || wanted === name) return;
    const [from, to] = [joinPath(path, name), joinPath(path, wanted)];
    const work = async () => {
      await scope.client.files.rename({ name: scope.name, path: from, to, replace });
      // Before it is read anew; who has gone on to another entry stays there.
      if (store.getState().selections[path]?.names.has(name) === true) {
        setSelection(store, path, selectOnly(wanted));
      }
    };
    const again = () => {
      rename(name, wanted, true);
    };
    void act(scope, path, work, again).then((isDone) => {
      if (isDone) moveDocuments(scope.documents, from, to);
    });
  };
  const send = (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    // The same files can be chosen again.
    input.value = '';
    void upload(scope, path, () => Promise.resolve(itemsOfFiles(files)));
  };
  const hiddenCount = all.length - visibleEntries(all, false).length;

  return (
    <>
      <FilesToolbar
        actions={actions}
        onNew={(kind) => {
          setQuestion({ kind });
        }}
        onUploadFiles={() => fileInput.current?.click()}
        onUploadFolder={() => folderInput.current?.click()}
      />
      <input
        ref={fileInput}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          send(event.currentTarget);
        }}
      />
      <input
        ref={folderInput}
        type="file"
        hidden
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          send(event.currentTarget);
        }}
      />
      {listing?.error !== undefined && <ErrorNotice {...describeError(listing.error)} />}
      {listing?.isTruncated === true && (
        <p className="quiet files-note">{t('truncated', { count: maxListedFiles })}</p>
      )}
      <FileList
        path={path}
        entries={entries}
        order={order}
        onOrder={(key) => {
          viewStore.setState({ order: orderAfterClick(order, key) });
        }}
        selection={selection}
        onSelection={(changed) => {
          setSelection(store, path, changed);
        }}
        renaming={renaming?.in === path ? renaming.name : undefined}
        onRename={rename}
        actions={actions}
        empty={
          listing?.entries === undefined ? (
            listing?.error === undefined && (
              <p className="quiet files-note">{t('loading', { path })}</p>
            )
          ) : (
            <EmptyDirectory hiddenCount={hiddenCount} onUpload={() => fileInput.current?.click()} />
          )
        }
      />
      <DirectoryStatus
        count={entries.length}
        hiddenCount={showHidden ? 0 : hiddenCount}
        chosen={chosen}
      />
      <FileDialogs
        path={path}
        question={question}
        onClose={() => {
          setQuestion(undefined);
        }}
      />
    </>
  );
}

function EmptyDirectory(props: { readonly hiddenCount: number; readonly onUpload: () => void }) {
  const { hiddenCount, onUpload } = props;
  const { t } = useTranslation('files');
  if (hiddenCount > 0) {
    return (
      <EmptyState
        icon={FolderOpen}
        title={t('onlyHidden', { count: hiddenCount })}
        action={
          <Button
            onClick={() => {
              viewStore.setState({ showHidden: true });
            }}
          >
            {t('showHidden')}
          </Button>
        }
      >
        {null}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={FolderOpen}
      title={t('emptyTitle')}
      action={
        <Button icon={Upload} onClick={onUpload}>
          {t('uploadFiles')}
        </Button>
      }
    >
      {t('emptyText')}
    </EmptyState>
  );
}
