import { Download, File, Unlink, X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { maxEditedBytes, type FileEntry } from '../../../main/contract/files.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format.ts';
import { EmptyState } from '../../ui/page.tsx';
import { openDocument } from './document-store.ts';
import { documentsOf, useFilesScope } from './files-scope.tsx';
import { parentOf } from './guest-path.ts';
import { PictureView, maxPictureBytes } from './picture-view.tsx';
import { pictureType } from './picture-type.ts';
import { TextView } from './text-view.tsx';
import { download } from './transfers.ts';
import './document-view.css';

/** One file: its text, its picture, or what it is instead. */
export function DocumentView(props: { readonly path: string; readonly entry: FileEntry }) {
  const { path, entry } = props;
  const { t } = useTranslation('files');
  const [isText, setIsText] = useState(false);
  const type = pictureType(entry.name);
  const isPicture = type !== undefined && entry.sizeBytes <= maxPictureBytes;
  if (entry.kind !== 'file' && entry.kind !== 'symlink') {
    return (
      <Frame {...props}>
        <EmptyState icon={File} title={t('deviceTitle')}>
          {t('deviceText', { kind: t(`kinds.${entry.kind}`) })}
        </EmptyState>
      </Frame>
    );
  }
  if (isPicture && !isText) {
    return (
      <Frame
        {...props}
        actions={
          type === 'image/svg+xml' && (
            <Button
              onClick={() => {
                setIsText(true);
              }}
            >
              {t('asText')}
            </Button>
          )
        }
      >
        <PictureView path={path} type={type} />
      </Frame>
    );
  }
  if (entry.sizeBytes > maxEditedBytes) {
    const sizes = { limit: formatBytes(maxEditedBytes), size: formatBytes(entry.sizeBytes) };
    return (
      <Frame {...props}>
        <EmptyState
          icon={File}
          title={t('largeTitle')}
          action={<DownloadButton path={path} entry={entry} />}
        >
          {t('largeText', sizes)}
        </EmptyState>
      </Frame>
    );
  }
  return (
    <TextDocument
      {...props}
      extra={
        isPicture && (
          <Button
            onClick={() => {
              setIsText(false);
            }}
          >
            {t('asPicture')}
          </Button>
        )
      }
    />
  );
}

/** A file that may be text: it is read to know. */
function TextDocument(props: {
  readonly path: string;
  readonly entry: FileEntry;
  readonly extra: ReactNode;
}) {
  const { path, entry, extra } = props;
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const document = useStore(scope.documents, (state) => state.documents[path]);
  const error = useStore(scope.documents, (state) => state.openErrors[path]);
  useEffect(() => {
    void openDocument(documentsOf(scope), path);
  }, [scope, path]);
  if (document !== undefined) {
    return (
      <Frame path={path} entry={entry} actions={extra} isBare>
        <TextView path={path} document={document} />
      </Frame>
    );
  }
  const isBroken = entry.kind === 'symlink' && error?.code === 'file/not-found';
  return (
    <Frame path={path} entry={entry} actions={extra}>
      {error === undefined ? (
        <p className="quiet files-note">{t('loading', { path })}</p>
      ) : isBroken ? (
        <EmptyState icon={Unlink} title={t('brokenTitle')}>
          {t('brokenText', { target: entry.target ?? '' })}
        </EmptyState>
      ) : error.code === 'file/not-text' ? (
        <EmptyState
          icon={File}
          title={t('noTextTitle')}
          action={<DownloadButton path={path} entry={entry} />}
        >
          {t('noTextText')}
        </EmptyState>
      ) : (
        <ErrorNotice {...describeError(error)} />
      )}
    </Frame>
  );
}

/** The line above a file: what it is, how to save it here, and the way back to its directory. */
function Frame(props: {
  readonly path: string;
  readonly entry: FileEntry;
  readonly actions?: ReactNode;
  /** The body has a line of its own for what can be done. */
  readonly isBare?: boolean;
  readonly children: ReactNode;
}) {
  const { path, entry, actions, isBare = false, children } = props;
  const { t } = useTranslation('files');
  const { open } = useFilesScope();
  return (
    <>
      <div className="files-toolbar">
        <h2 className="document-name mono">{entry.name}</h2>
        <span className="quiet">{entry.kind === 'file' && formatBytes(entry.sizeBytes)}</span>
        <div className="files-toolbar-end">
          {actions}
          {entry.kind === 'file' && <DownloadButton path={path} entry={entry} />}
          <IconButton
            icon={X}
            label={t('close')}
            onClick={() => {
              open(parentOf(path));
            }}
          />
        </div>
      </div>
      {isBare ? children : <div className="document-body">{children}</div>}
    </>
  );
}

function DownloadButton(props: { readonly path: string; readonly entry: FileEntry }) {
  const { path, entry } = props;
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  return (
    <Button icon={Download} onClick={() => void download(scope, parentOf(path), [entry])}>
      {t('download')}
    </Button>
  );
}
