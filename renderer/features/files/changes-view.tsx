import { useVirtualizer } from '@tanstack/react-virtual';
import { FileCheck, FileDiff, RefreshCw } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ChangedFile, FileChange } from '../../../main/contract/files.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format.ts';
import { EmptyState } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { ChangeMark } from './change-mark.tsx';
import { loadChanges } from './directory-actions.ts';
import { useFilesScope } from './files-scope.tsx';
import './changes-view.css';

const rowHeight = 28;
const kinds = ['all', 'added', 'modified', 'removed'] as const;

/** What the sandbox has that its image has not. */
export function ChangesView({ hasImage }: { readonly hasImage: boolean }) {
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const changes = useStore(scope.store, (state) => state.changes);
  const error = useStore(scope.store, (state) => state.changesError);
  const isConnected = useIsConnected();
  useEffect(() => {
    if (hasImage && isConnected) void loadChanges(scope);
  }, [scope, hasImage, isConnected]);
  if (!hasImage) {
    return (
      <EmptyState icon={FileDiff} title={t('changesLabel')}>
        {t('changesNoImage')}
      </EmptyState>
    );
  }
  return (
    <>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {changes !== undefined && <ChangesAge />}
      {changes === undefined ? (
        error === undefined && <p className="quiet files-note">{t('loading', { path: '/' })}</p>
      ) : changes.files.length === 0 ? (
        <EmptyState icon={FileCheck} title={t('changesNoneTitle')}>
          {t('changesNoneText')}
        </EmptyState>
      ) : (
        <ChangedList files={changes.files} isTruncated={changes.isTruncated} />
      )}
    </>
  );
}

/** When the list was read: it stays as it was then, however the sandbox goes on. */
function ChangesAge() {
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const readAtMs = useStore(scope.store, (state) => state.changesReadAtMs);
  const [isReading, setIsReading] = useState(false);
  if (readAtMs === undefined) return null;
  return (
    <div className="files-toolbar">
      <span className="quiet">
        {t('changesRead')} <Ago key={readAtMs} atMs={readAtMs} />
      </span>
      <Button
        icon={RefreshCw}
        className="files-toolbar-end"
        disabled={isReading}
        onClick={() => {
          setIsReading(true);
          void loadChanges(scope).then(() => {
            setIsReading(false);
          });
        }}
      >
        {t('changesRefresh')}
      </Button>
    </div>
  );
}

function ChangedList(props: {
  readonly files: readonly ChangedFile[];
  readonly isTruncated: boolean;
}) {
  const { files, isTruncated } = props;
  const { t } = useTranslation('files');
  const [kind, setKind] = useState<FileChange | 'all'>('all');
  const [filter, setFilter] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const found = useMemo(
    () => files.filter(({ path }) => path.toLowerCase().includes(filter.toLowerCase())),
    [files, filter],
  );
  const shown = kind === 'all' ? found : found.filter(({ change }) => change === kind);
  const countOf = (one: FileChange | 'all') =>
    one === 'all' ? found.length : found.filter(({ change }) => change === one).length;
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is memoised here
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  return (
    <>
      <div className="files-toolbar">
        <div className="files-kinds" role="group" aria-label={t('changesKind')}>
          {kinds.map((one) => (
            <Button
              key={one}
              className="files-toggle"
              aria-pressed={kind === one}
              onClick={() => {
                setKind(one);
              }}
            >
              {one === 'all' ? t('changesAll') : t(`changesOf.${one}`)}
              <span className="quiet">{countOf(one)}</span>
            </Button>
          ))}
        </div>
        <input
          className="input files-filter"
          type="search"
          aria-label={t('changesFilter')}
          placeholder={t('changesFilter')}
          value={filter}
          spellCheck={false}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
          }}
        />
      </div>
      <p className="quiet files-note">
        {t('changesText')} {isTruncated && t('changesTruncated', { count: files.length })}
      </p>
      <div
        ref={scroller}
        className="changed-list"
        role="list"
        aria-label={t('changesLabel')}
        tabIndex={0}
      >
        {shown.length === 0 && <p className="files-note">{t('changesNoMatch')}</p>}
        <div role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const file = shown[index];
            if (file === undefined) return null;
            return (
              <ChangedRow
                key={file.path}
                file={file}
                position={index + 1}
                count={shown.length}
                top={start}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}

function ChangedRow(props: {
  readonly file: ChangedFile;
  readonly position: number;
  readonly count: number;
  readonly top: number;
}) {
  const { file, position, count, top } = props;
  const { path, change, kind, sizeBytes } = file;
  const { hrefOf, store } = useFilesScope();
  return (
    <div
      role="listitem"
      className="changed-row"
      aria-posinset={position}
      aria-setsize={count}
      style={{ transform: `translateY(${String(top)}px)` }}
    >
      <ChangeMark change={change} />
      {change === 'removed' ? (
        <span className="changed-path mono" title={path}>
          {path}
        </span>
      ) : (
        <a
          className="changed-path mono"
          href={hrefOf(path)}
          title={path}
          onClick={() => {
            store.setState({ isShowingChanges: false });
          }}
        >
          {path}
          {kind === 'directory' && '/'}
        </a>
      )}
      <span className="quiet">
        {kind === 'file' && sizeBytes !== undefined && formatBytes(sizeBytes)}
      </span>
    </div>
  );
}
