import { RefreshCw, Save } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../bridge/bridge-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { saveText } from '../../ui/save-text.ts';
import {
  isUnsaved,
  openDocument,
  saveDocument,
  updateDocument,
  type OpenDocument,
} from './document-store.ts';
import { documentsOf, useFilesScope } from './files-scope.tsx';
import { nameOf } from './guest-path.ts';
import { useLooking } from './use-looking.ts';
import { lookAtDocument } from './watch-files.ts';
import './document-view.css';

// The editor is as large as the rest of the page, and comes with the first text.
const CodeEditor = lazy(() =>
  import('./code-editor.tsx').then((module) => ({ default: module.CodeEditor })),
);

/** A text in the editor: how it stands against the file, and what to do where that has changed. */
export function TextView(props: { readonly path: string; readonly document: OpenDocument }) {
  const { path, document } = props;
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const { documents } = scope;
  const [isUnlocked, setIsUnlocked] = useState(false);
  const { entry, text, isSaving, saveError, generation } = document;
  const isChanged = isUnsaved(document);
  // Of root too nobody expects that it writes to such a file in passing.
  const isLocked = (entry.mode & 0o222) === 0 && !isUnlocked;
  useLooking(useCallback(() => lookAtDocument(documentsOf(scope), path), [scope, path]));
  const save = (isOver = false) => {
    void saveDocument(documentsOf(scope), path, isOver);
  };
  const reload = () => {
    void openDocument(documentsOf(scope), path, true);
  };
  const keepCopy = (
    <Button
      onClick={() => {
        saveText(nameOf(path), text);
      }}
    >
      {t('keepCopy')}
    </Button>
  );
  return (
    <div
      className="text-view"
      onKeyDown={(event) => {
        const isMod = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
        if (!isMod || event.key.toLowerCase() !== 's') return;
        event.preventDefault();
        if (isChanged && !isLocked) save();
      }}
    >
      {saveError !== undefined && (
        <ErrorNotice
          {...describeError(saveError)}
          actions={
            <>
              {saveError.code === 'file/changed' && (
                <>
                  <Button
                    onClick={() => {
                      save(true);
                    }}
                  >
                    {t('overwrite')}
                  </Button>
                  <Button onClick={reload}>{t('reload')}</Button>
                </>
              )}
              {keepCopy}
            </>
          }
          onDismiss={() => {
            updateDocument(documents, path, { saveError: undefined });
          }}
        />
      )}
      {document.outside !== undefined && saveError === undefined && (
        <p className="text-outside" role="status">
          {t(`outside.${document.outside}`)}
          {document.outside === 'changed' && (
            <Button icon={RefreshCw} onClick={reload}>
              {isChanged ? t('reload') : t('reloadUnchanged')}
            </Button>
          )}
        </p>
      )}
      <Suspense fallback={<p className="quiet files-note">{t('loading', { path })}</p>}>
        <CodeEditor
          key={`${String(generation)} ${String(isLocked)}`}
          label={t('editor', { path })}
          text={text}
          kept={document.editor}
          isReadOnly={isLocked}
          onChange={(changed) => {
            updateDocument(documents, path, { text: changed });
          }}
          onLeave={(editor) => {
            updateDocument(documents, path, { editor });
          }}
        />
      </Suspense>
      <div className="text-foot">
        {isLocked ? (
          <>
            <span>{t('readOnly')}</span>
            <Button
              onClick={() => {
                setIsUnlocked(true);
              }}
            >
              {t('editAnyway')}
            </Button>
          </>
        ) : (
          <>
            <span className={isChanged ? 'text-unsaved' : 'quiet'} role="status">
              {isSaving ? t('saving') : isChanged ? t('unsaved') : t('saved')}
            </span>
            <span className="quiet text-keys">{t('editorKeys')}</span>
            <div className="files-toolbar-end">
              {isChanged && <Button onClick={reload}>{t('discard')}</Button>}
              <Button
                icon={Save}
                variant="primary"
                title="Ctrl+S"
                disabled={!isChanged || isSaving}
                onClick={() => {
                  save();
                }}
              >
                {t('save')}
              </Button>
            </div>
          </>
        )}
      </div>
    </div>
  );
}
