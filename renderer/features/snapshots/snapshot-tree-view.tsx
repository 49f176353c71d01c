import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { moveCursor } from '../../ui/list-cursor.ts';
import type { TreeRow } from './snapshot-tree.ts';
import { SnapshotTreeItem } from './snapshot-tree-item.tsx';
import './snapshot-tree.css';

const rowHeight = 30;

/** Props of {@link SnapshotTreeView}. */
export interface SnapshotTreeViewProps {
  readonly rows: readonly TreeRow[];
  /** The name of the sandbox. */
  readonly name: string;
  /** The key of the row that is chosen. */
  readonly chosen: string;
  /** Its name is being typed. */
  readonly isRenaming: boolean;
  readonly onChoose: (key: string) => void;
  readonly onFold: (key: string, isExpanded: boolean) => void;
  /** What Enter, F2 and Delete do with the row that is chosen. */
  readonly onEnter: () => void;
  readonly onRename: () => void;
  readonly onRemove: () => void;
  /** With what was typed; undefined where the name stays. */
  readonly onRenamed: (name: string | undefined) => void;
}

/** A tree as WAI-ARIA has it: one stop of the Tab key, and of hundreds of rows those in sight. */
export function SnapshotTreeView(props: SnapshotTreeViewProps) {
  const { rows, chosen, onChoose, onFold } = props;
  const { t } = useTranslation('snapshots');
  const tree = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const cursor = rows.findIndex(({ key }) => key === chosen);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is memoised here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => tree.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  useEffect(() => {
    if (cursor !== -1) virtual.scrollToIndex(cursor);
  }, [virtual, cursor]);

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[cursor];
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const order = rows.map(({ key }) => key);
    const pageRows = Math.floor((tree.current?.clientHeight ?? 0) / rowHeight);
    const reached = moveCursor(chosen, order, event.key, pageRows);
    if (reached !== undefined) onChoose(reached);
    else if (event.key === 'ArrowRight') {
      if (row.isExpanded === false) onFold(row.key, true);
      else if (row.isExpanded === true) onChoose(order[cursor + 1] ?? row.key);
    } else if (event.key === 'ArrowLeft') {
      if (row.isExpanded === true) onFold(row.key, false);
      else if (row.parentKey !== undefined) onChoose(row.parentKey);
    } else if (event.key === 'Enter') props.onEnter();
    else if (event.key === 'F2') props.onRename();
    else if (event.key === 'Delete') props.onRemove();
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={tree}
      className="snapshot-tree"
      role="tree"
      aria-label={t('tree', { name: props.name })}
      tabIndex={0}
      aria-activedescendant={cursor === -1 ? undefined : `${prefix}${String(cursor)}`}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const isChosen = index === cursor;
          return (
            <SnapshotTreeItem
              key={row.key}
              id={`${prefix}${String(index)}`}
              row={row}
              topPx={start}
              isChosen={isChosen}
              isRenaming={isChosen && props.isRenaming}
              onChoose={() => {
                onChoose(row.key);
              }}
              onFold={() => {
                onFold(row.key, row.isExpanded !== true);
              }}
              onOpen={props.onEnter}
              onRenamed={(name) => {
                props.onRenamed(name);
                tree.current?.focus();
              }}
            />
          );
        })}
      </div>
    </div>
  );
}
