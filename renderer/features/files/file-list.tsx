import { ContextMenu } from '@base-ui/react/context-menu';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileEntry } from '../../../main/contract/files.ts';
import { formatAgo } from '../../ui/format.ts';
import { openLayer } from '../../ui/layer.ts';
import { moveCursor } from '../../ui/list-cursor.ts';
import { MenuEntries } from '../../ui/menu.tsx';
import { useNow } from '../../ui/time.tsx';
import { FileListHead } from './file-list-head.tsx';
import { FileRow } from './file-row.tsx';
import { NameField } from './name-field.tsx';
import { findTyped, select, selectAll, selectOnly, type Selection } from './selection.ts';
import type { SortKey, SortOrder } from './sort-entries.ts';
import { entriesInOrder, type FileActions } from './use-file-entries.ts';
import { useTypedPrefix } from './use-typed-prefix.ts';
import './file-list.css';

const rowHeight = 28;
const headHeight = 28;

/** Props of {@link FileList}. */
export interface FileListProps {
  readonly path: string;
  /** As they are shown. */
  readonly entries: readonly FileEntry[];
  readonly order: SortOrder;
  readonly onOrder: (key: SortKey) => void;
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  /** The name that is being changed. */
  readonly renaming: string | undefined;
  /** Undefined where it stays as it is. */
  readonly onRename: (name: string, wanted: string | undefined) => void;
  readonly actions: FileActions;
  /** In place of the entries, where there are none. */
  readonly empty: ReactNode;
}

/** A directory's entries as a grid: only the rows that are seen are there. */
export function FileList(props: FileListProps) {
  const { path, entries, order, onOrder, selection, onSelection, renaming, onRename } = props;
  const { actions, empty } = props;
  const { t } = useTranslation('files');
  const nowMs = useNow(30_000);
  const grid = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const typedPrefix = useTypedPrefix();
  const names = useMemo(() => entries.map(({ name }) => name), [entries]);
  const cursorIndex = selection.cursor === undefined ? -1 : names.indexOf(selection.cursor);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is memoised here
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => grid.current,
    estimateSize: () => rowHeight,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    overscan: 12,
  });
  useEffect(() => {
    if (cursorIndex >= 0) virtual.scrollToIndex(cursorIndex);
    else virtual.scrollToOffset(0);
  }, [virtual, cursorIndex, path]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const isMod = event.ctrlKey || event.metaKey;
    const pageRows = Math.max(1, Math.floor((grid.current?.clientHeight ?? 0) / rowHeight) - 2);
    const reached = moveCursor(selection.cursor, names, event.key, pageRows);
    const typed = typedPrefix(event);
    if (reached !== undefined) {
      const mode = event.shiftKey ? 'range' : isMod ? 'cursor' : 'only';
      onSelection(select(selection, names, reached, mode));
    } else if (isMod && event.key.toLowerCase() === 'a') onSelection(selectAll(selection, names));
    else if (event.key === ' ' && typed === undefined && selection.cursor !== undefined) {
      onSelection(select(selection, names, selection.cursor, 'toggle'));
    } else if (event.key === 'Enter') actions.open.onSelect();
    else if (event.key === 'F2') actions.rename.onSelect();
    else if (event.key === 'Delete') actions.remove.onSelect();
    else if (event.key === 'Escape') onSelection({ ...selection, names: new Set() });
    else if (typed !== undefined) {
      const found = findTyped(names, selection.cursor, typed);
      if (found !== undefined) onSelection(selectOnly(found));
    } else return;
    event.preventDefault();
  };

  const onMouseDown = (event: React.MouseEvent<HTMLElement>) => {
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    const name = names[Number(row?.getAttribute('data-index') ?? -1)];
    if (name === undefined || event.button === 1) return;
    const isMod = event.ctrlKey || event.metaKey;
    if (event.button === 0) {
      const mode = event.shiftKey ? 'range' : isMod ? 'toggle' : 'only';
      onSelection(select(selection, names, name, mode));
    } else if (!selection.names.has(name)) onSelection(selectOnly(name));
  };

  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        render={
          <div
            ref={grid}
            className="file-list"
            role="grid"
            aria-label={t('list', { path })}
            aria-multiselectable
            aria-rowcount={entries.length + 1}
            aria-colcount={6}
            tabIndex={0}
            aria-activedescendant={cursorIndex < 0 ? undefined : `${prefix}${String(cursorIndex)}`}
            onKeyDown={onKeyDown}
          />
        }
      >
        <FileListHead order={order} onOrder={onOrder} />
        {entries.length === 0 ? (
          <div role="row">
            <div role="gridcell" className="file-list-empty">
              {empty}
            </div>
          </div>
        ) : (
          <div
            role="rowgroup"
            className="file-rows"
            style={{ height: virtual.getTotalSize() }}
            onMouseDown={onMouseDown}
            onDoubleClick={actions.open.onSelect}
          >
            {virtual.getVirtualItems().map(({ index, start }) => {
              const entry = entries[index];
              if (entry === undefined) return null;
              return (
                <FileRow
                  key={entry.name}
                  id={`${prefix}${String(index)}`}
                  entry={entry}
                  index={index}
                  top={start - headHeight}
                  ago={formatAgo(entry.modifiedAtMs, nowMs)}
                  kindWord={entry.kind === 'file' ? undefined : t(`kinds.${entry.kind}`)}
                  isSelected={selection.names.has(entry.name)}
                  isCursor={index === cursorIndex}
                  field={
                    renaming === entry.name ? (
                      <NameField
                        name={entry.name}
                        onDone={(wanted) => {
                          onRename(entry.name, wanted);
                          grid.current?.focus();
                        }}
                      />
                    ) : undefined
                  }
                />
              );
            })}
          </div>
        )}
      </ContextMenu.Trigger>
      <ContextMenu.Portal container={openLayer()}>
        <ContextMenu.Positioner className="layer">
          <ContextMenu.Popup className="menu">
            <MenuEntries entries={entriesInOrder(actions)} />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
