import { ArrowUp, FileDiff, FileUp, RefreshCw } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { describeError } from '../../bridge/bridge-error.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ChangesView } from './changes-view.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { loadChanges, refreshDirectories } from './directory-actions.ts';
import { DirectoryView } from './directory-view.tsx';
import { DocumentView } from './document-view.tsx';
import { FileTree } from './file-tree.tsx';
import { useFilesScope } from './files-scope.tsx';
import { parentOf } from './guest-path.ts';
import { PathBar } from './path-bar.tsx';
import { TransferStrip } from './transfer-strip.tsx';
import { upload } from './transfers.ts';
import { UnsavedStrip } from './unsaved-strip.tsx';
import { entriesOf } from './upload-items.ts';
import { useTarget } from './use-target.ts';

/** The files of a sandbox that runs. */
export function FilesBrowser(props: { readonly path: string; readonly hasImage: boolean }) {
  const { path, hasImage } = props;
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const { store, open } = scope;
  const target = useTarget(path);
  const failure = useStore(store, (state) => state.failure);
  const isShowingChanges = useStore(store, (state) => state.isShowingChanges);
  const [isEditingPath, setIsEditingPath] = useState(false);
  const directory = target.kind === 'file' ? parentOf(path) : path;
  const drop = useDrop(directory);
  const refresh = () => {
    void refreshDirectories(scope, directory);
    if (isShowingChanges && hasImage) void loadChanges(scope);
  };
  useFreshness(refresh);
  usePathKey(setIsEditingPath);
  const focus = useKeptFocus(`${target.kind} ${path}`);

  return (
    <section
      className="files"
      aria-label={t('label')}
      {...drop.handlers}
      {...focus}
      onKeyDown={(event) => {
        // In a text the key moves a line.
        if (!event.altKey || event.key !== 'ArrowUp' || event.isDefaultPrevented()) return;
        event.preventDefault();
        open(parentOf(path));
      }}
    >
      <div className="files-head">
        <IconButton
          icon={ArrowUp}
          label={t('up')}
          shortcut="Alt+↑"
          disabled={path === '/'}
          onClick={() => {
            open(parentOf(path));
          }}
        />
        <IconButton icon={RefreshCw} label={t('refresh')} onClick={refresh} />
        <PathBar path={path} isEditing={isEditingPath} onEditing={setIsEditingPath} />
        <Button
          icon={FileDiff}
          className="files-toggle"
          aria-pressed={isShowingChanges}
          onClick={() => {
            store.setState({ isShowingChanges: !isShowingChanges });
          }}
        >
          {t('changed')}
        </Button>
      </div>
      <TransferStrip />
      <UnsavedStrip path={path} />
      {failure !== undefined && (
        <ErrorNotice
          {...describeError(failure.error)}
          actions={
            failure.replace !== undefined && (
              <Button onClick={failure.replace}>{t('replaceIt')}</Button>
            )
          }
          onDismiss={() => {
            store.setState({ failure: undefined });
          }}
        />
      )}
      <div className="files-panes">
        <FileTree path={directory} />
        <div className="files-pane" tabIndex={-1}>
          {isShowingChanges ? (
            <ChangesView hasImage={hasImage} />
          ) : target.kind === 'directory' ? (
            <DirectoryView path={path} />
          ) : target.kind === 'file' ? (
            <DocumentView key={path} path={path} entry={target.entry} />
          ) : target.kind === 'failed' ? (
            <ErrorNotice {...describeError(target.error)} />
          ) : (
            <p className="quiet files-note">{t('loading', { path })}</p>
          )}
        </div>
        {drop.isOver && (
          <div className="files-drop">
            <FileUp className="icon" aria-hidden />
            {t('dropHere', { path: directory })}
          </div>
        )}
      </div>
      <ConflictDialog />
    </section>
  );
}

/** Files that are dragged over the page, dropped on it or pasted into it go into the directory. */
function useDrop(directory: string) {
  const scope = useFilesScope();
  const [depth, setDepth] = useState(0);
  const take = (transfer: DataTransfer) => {
    const collect = entriesOf(transfer);
    if (collect !== undefined) void upload(scope, directory, collect);
    return collect !== undefined;
  };
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes('Files');
  return {
    isOver: depth > 0,
    handlers: {
      onDragEnter: (event: DragEvent) => {
        if (hasFiles(event)) setDepth((before) => before + 1);
      },
      onDragLeave: (event: DragEvent) => {
        if (hasFiles(event)) setDepth((before) => Math.max(0, before - 1));
      },
      onDragOver: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      },
      onDrop: (event: DragEvent) => {
        setDepth(0);
        if (!hasFiles(event)) return;
        event.preventDefault();
        take(event.dataTransfer);
      },
      onPaste: (event: React.ClipboardEvent) => {
        if (take(event.clipboardData)) event.preventDefault();
      },
    },
  };
}

/** Ctrl+L or Cmd+L, as in a browser; in a terminal the key is the shell's. */
function usePathKey(onPath: (isEditing: boolean) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isMod = event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;
      const isInTerminal =
        event.target instanceof Element && event.target.closest('.panel') !== null;
      if (!isMod || event.key.toLowerCase() !== 'l' || isInTerminal) return;
      event.preventDefault();
      onPath(true);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [onPath]);
}

/** Where what had the focus goes away with what was shown, the new list or file gets it. */
function useKeptFocus(shown: string) {
  const section = useRef<HTMLElement>(null);
  const isInside = useRef(false);
  useEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return;
    const find = (selector: string) => section.current?.querySelector<HTMLElement>(selector);
    (find('[role=grid]') ?? find('.files-pane'))?.focus({ preventScroll: true });
  }, [shown]);
  return {
    ref: section,
    onFocus: () => {
      isInside.current = true;
    },
    onBlur: () => {
      isInside.current = false;
    },
  };
}

/** Reads anew when the window comes back: the sandbox may have gone on meanwhile. */
function useFreshness(refresh: () => void): void {
  const latest = useRef(refresh);
  useEffect(() => {
    latest.current = refresh;
  });
  useEffect(() => {
    const onFocus = () => {
      if (document.visibilityState === 'visible') latest.current();
    };
    window.addEventListener('focus', onFocus);
    return () => {
      window.removeEventListener('focus', onFocus);
    };
  }, []);
}
