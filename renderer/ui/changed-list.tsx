import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { ChangeMark, type FileChange } from './change-mark.tsx';
import { formatBytes } from './format.ts';
import './changed-list.css';

const rowHeight = 28;
const kinds = ['all', 'added', 'modified', 'removed'] as const;

/** One path of a {@link ChangedList}. */
export interface ChangedFile {
  readonly path: string;
  readonly change: FileChange;
  /** A directory has a slash at its end. */
  readonly kind?: string | undefined;
  readonly sizeBytes?: number | undefined;
}

/** Props of {@link ChangedList}. */
export interface ChangedListProps {
  readonly files: readonly ChangedFile[];
  /** There are more than these. */
  readonly isTruncated: boolean;
  /** What the list is called. */
  readonly label: string;
  /** In a sentence, what is compared with what. */
  readonly note: string;
  /** Where a path leads that is still there; without it paths are no links. */
  readonly hrefOf?: (path: string) => string;
  /** A path is followed. */
  readonly onFollow?: () => void;
}

/** Paths that differ: by kind, filtered by what is typed, and of thousands those in sight. */
export function ChangedList(props: ChangedListProps) {
  const { files, isTruncated, label, note } = props;
  const { t } = useTranslation('ui');
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
      <div className="changed-head">
        <div className="changed-kinds" role="group" aria-label={t('changed.kind')}>
          {kinds.map((one) => (
            <Button
              key={one}
              className="changed-kind"
              aria-pressed={kind === one}
              onClick={() => {
                setKind(one);
              }}
            >
              {one === 'all' ? t('changed.all') : t(`changed.of.${one}`)}
              <span className="quiet">{countOf(one)}</span>
            </Button>
          ))}
        </div>
        <input
          className="input changed-filter"
          type="search"
          aria-label={t('changed.filter')}
          placeholder={t('changed.filter')}
          value={filter}
          spellCheck={false}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
          }}
        />
      </div>
      <p className="quiet changed-note">
        {note} {isTruncated && t('changed.truncated', { count: files.length })}
      </p>
      <div ref={scroller} className="changed-list" role="list" aria-label={label} tabIndex={0}>
        {shown.length === 0 && <p className="changed-note">{t('changed.noMatch')}</p>}
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
                href={props.hrefOf?.(file.path)}
                onFollow={props.onFollow}
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
  readonly href: string | undefined;
  readonly onFollow: (() => void) | undefined;
}) {
  const { file, position, count, top, href, onFollow } = props;
  const { path, change, kind, sizeBytes } = file;
  return (
    <div
      role="listitem"
      className="changed-row"
      aria-posinset={position}
      aria-setsize={count}
      style={{ transform: `translateY(${String(top)}px)` }}
    >
      <ChangeMark change={change} />
      {change === 'removed' || href === undefined ? (
        <span className="changed-path mono" title={path}>
          {path}
        </span>
      ) : (
        <a className="changed-path mono" href={href} title={path} onClick={onFollow}>
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
