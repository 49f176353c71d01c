import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight, Folder, FolderOpen, HardDrive } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { moveCursor } from '../../ui/list-cursor.ts';
import { ChangeMark } from '../../ui/change-mark.tsx';
import { setExpanded } from './directory-actions.ts';
import { useFilesScope } from './files-scope.tsx';
import { isWithin, parentOf } from './guest-path.ts';
import { findTyped } from './selection.ts';
import { treeRows, type TreeRow } from './tree-rows.ts';
import { useTypedPrefix } from './use-typed-prefix.ts';
import { viewStore } from './view-store.ts';
import './file-tree.css';

const rowHeight = 26;

/** The directories of the sandbox; `path` is the one that is shown. */
export function FileTree({ path }: { readonly path: string }) {
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const listings = useStore(scope.store, (state) => state.listings);
  const expanded = useStore(scope.store, (state) => state.expanded);
  const showHidden = useStore(viewStore, (state) => state.showHidden);
  const rows = useMemo(
    () => treeRows({ listings, expanded }, showHidden),
    [listings, expanded, showHidden],
  );
  const tree = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const typedPrefix = useTypedPrefix();
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is memoised here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => tree.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  // The nearest line of what is shown: what lies in a closed or hidden directory has none.
  const shown = rows.filter((row) => isWithin(path, row.path)).at(-1)?.path ?? '/';
  const [moved, setMoved] = useState<{ readonly from: string; readonly to: string }>();
  const cursor =
    moved?.from === path && rows.some((row) => row.path === moved.to) ? moved.to : shown;
  const cursorIndex = rows.findIndex((row) => row.path === cursor);
  useEffect(() => {
    virtual.scrollToIndex(cursorIndex);
  }, [virtual, cursorIndex]);

  const moveTo = (to: string | undefined) => {
    if (to !== undefined) setMoved({ from: path, to });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = rows[cursorIndex];
    if (row === undefined || event.altKey) return;
    const order = rows.map((one) => one.path);
    const pageRows = Math.floor((tree.current?.clientHeight ?? 0) / rowHeight);
    const reached = moveCursor(cursor, order, event.key, pageRows);
    const typed = typedPrefix(event);
    if (reached !== undefined) moveTo(reached);
    else if (event.key === 'ArrowRight') {
      if (row.isExpanded === false) setExpanded(scope, row.path, true);
      else if (rows[cursorIndex + 1]?.level === row.level + 1) moveTo(rows[cursorIndex + 1]?.path);
    } else if (event.key === 'ArrowLeft') {
      if (row.isExpanded === true) setExpanded(scope, row.path, false);
      else moveTo(parentOf(row.path));
    } else if (event.key === 'Enter' || (event.key === ' ' && typed === undefined)) {
      scope.open(row.path);
    } else if (typed !== undefined) {
      const found = findTyped(
        rows.map((one) => one.name),
        row.name,
        typed,
      );
      moveTo(rows.find((one) => one.name === found)?.path);
    } else return;
    event.preventDefault();
  };

  return (
    <div
      ref={tree}
      className="file-tree"
      role="tree"
      aria-label={t('tree')}
      tabIndex={0}
      aria-activedescendant={`${prefix}${String(cursorIndex)}`}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <TreeItem
              key={row.path}
              id={`${prefix}${String(index)}`}
              row={row}
              top={start}
              isCursor={index === cursorIndex}
              isShown={row.path === shown}
              rootLabel={t('root')}
              onOpen={() => {
                scope.open(row.path);
              }}
              onToggle={() => {
                setExpanded(scope, row.path, row.isExpanded !== true);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

function TreeItem(props: {
  readonly id: string;
  readonly row: TreeRow;
  readonly top: number;
  readonly isCursor: boolean;
  readonly isShown: boolean;
  readonly rootLabel: string;
  readonly onOpen: () => void;
  readonly onToggle: () => void;
}) {
  const { id, row, top, isCursor, isShown, rootLabel, onOpen, onToggle } = props;
  const { path, name, level, position, setSize, isExpanded, change } = row;
  const Icon = path === '/' ? HardDrive : isShown ? FolderOpen : Folder;
  return (
    <div
      id={id}
      className={isCursor ? 'tree-item tree-item-cursor' : 'tree-item'}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={setSize}
      aria-expanded={isExpanded}
      aria-selected={isShown}
      style={{ transform: `translateY(${String(top)}px)`, paddingLeft: (level - 1) * 14 + 4 }}
      onClick={onOpen}
    >
      <span
        className="tree-arrow"
        aria-hidden
        onClick={(event) => {
          event.stopPropagation();
          if (isExpanded !== undefined) onToggle();
        }}
      >
        {isExpanded !== undefined && (
          <ChevronRight className={isExpanded ? 'icon tree-arrow-open' : 'icon'} />
        )}
      </span>
      <Icon className="icon file-icon-directory" aria-hidden />
      <span className="tree-name">{path === '/' ? rootLabel : name}</span>
      <ChangeMark change={change} isInside={change === 'modified'} />
    </div>
  );
}
