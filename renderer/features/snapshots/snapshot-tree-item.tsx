import {
  Box,
  Camera,
  ChevronRight,
  CornerDownRight,
  Layers,
  MapPin,
  MemoryStick,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Snapshot } from '../../../main/contract/snapshot.ts';
import { formatBytes } from '../../ui/format.ts';
import { Ago } from '../../ui/time.tsx';
import { problemOfSnapshotName } from './snapshot-names.ts';
import type { TreeItem, TreeRow } from './snapshot-tree.ts';
import { useNamesOf } from './snapshot-dialogs.tsx';

/** As deep as rows are moved to the right; what is deeper stays readable. */
const maxIndents = 8;

/** One row: a snapshot, a sandbox that goes on, or what all began with. */
export function SnapshotTreeItem(props: {
  readonly id: string;
  readonly row: TreeRow;
  readonly topPx: number;
  readonly isChosen: boolean;
  readonly isRenaming: boolean;
  readonly onChoose: () => void;
  readonly onFold: () => void;
  readonly onOpen: () => void;
  readonly onRenamed: (name: string | undefined) => void;
}) {
  const { id, row, topPx, isChosen, isRenaming } = props;
  const { item, level, position, setSize, isExpanded, isLineStart } = row;
  const { t } = useTranslation('snapshots');
  const indent = Math.min(level - 1, maxIndents) * 18 + 4;
  return (
    <div
      id={id}
      className={isChosen ? 'snapshot-item snapshot-item-chosen' : 'snapshot-item'}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={setSize}
      aria-expanded={isExpanded}
      aria-selected={isChosen}
      style={{ transform: `translateY(${String(topPx)}px)`, paddingLeft: indent }}
      onClick={props.onChoose}
      onDoubleClick={isRenaming ? undefined : props.onOpen}
    >
      <span
        className="snapshot-fold"
        title={isExpanded === undefined ? undefined : t('unfold')}
        aria-hidden
        onClick={(event) => {
          if (isExpanded === undefined) return;
          event.stopPropagation();
          props.onFold();
        }}
      >
        {isExpanded !== undefined ? (
          <ChevronRight className={isExpanded ? 'icon snapshot-fold-open' : 'icon'} />
        ) : (
          isLineStart && <CornerDownRight className="icon" />
        )}
      </span>
      {isRenaming && item.kind === 'snapshot' ? (
        <RenameField snapshot={item.snapshot} onDone={props.onRenamed} />
      ) : (
        <ItemWords item={item} />
      )}
    </div>
  );
}

function ItemWords({ item }: { readonly item: TreeItem }) {
  const { t } = useTranslation('snapshots');
  if (item.kind === 'beginning') {
    return (
      <>
        <Layers className="icon" aria-hidden />
        <span className="snapshot-name quiet">{t('beginning')}</span>
      </>
    );
  }
  if (item.kind === 'sandbox') {
    const { sandbox, isHere } = item;
    const from = sandbox.branchedFrom;
    return (
      <>
        {isHere ? (
          <MapPin className="icon snapshot-here-icon" aria-hidden />
        ) : (
          <Box className="icon" aria-hidden />
        )}
        <span className="snapshot-name" title={sandbox.name}>
          {sandbox.name}
        </span>
        {isHere && <strong className="snapshot-here">{t('here')}</strong>}
        {from !== undefined && (
          <span className="quiet snapshot-remark">{t('branchedFrom', { name: from.name })}</span>
        )}
      </>
    );
  }
  const { name, hasMemory, memoryProblem, ownDiskBytes, memoryBytes, createdAtMs } = item.snapshot;
  const memory = memoryProblem === undefined ? t('withMemory') : t('memoryUnusable');
  return (
    <>
      <Camera className="icon" aria-hidden />
      <span className="snapshot-name" title={name}>
        {name}
      </span>
      {hasMemory && (
        <span
          className={memoryProblem === undefined ? 'snapshot-memory' : 'snapshot-memory-unusable'}
          title={memory}
        >
          <MemoryStick className="icon" aria-hidden />
          <span className="visually-hidden">{memory}</span>
        </span>
      )}
      <span className="quiet snapshot-size">
        {t('ownSize', { size: formatBytes(ownDiskBytes + memoryBytes) })}
      </span>
      <span className="quiet snapshot-age">
        <Ago atMs={createdAtMs} />
      </span>
    </>
  );
}

/** The name as it is typed: Enter takes it, Escape and a click elsewhere leave it. */
function RenameField(props: {
  readonly snapshot: Snapshot;
  readonly onDone: (name: string | undefined) => void;
}) {
  const { snapshot, onDone } = props;
  const { t } = useTranslation('snapshots');
  const others = useNamesOf(snapshot.sandbox.id).filter((name) => name !== snapshot.name);
  const [typed, setTyped] = useState(snapshot.name);
  const problem = problemOfSnapshotName(typed, others);
  return (
    <input
      className="input snapshot-rename"
      aria-label={t('renaming', { name: snapshot.name })}
      aria-invalid={problem !== undefined}
      title={problem}
      value={typed}
      spellCheck={false}
      autoComplete="off"
      ref={selectAll}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onDone(undefined);
        if (event.key === 'Enter' && problem === undefined) onDone(typed);
      }}
      onClick={(event) => {
        event.stopPropagation();
      }}
      onBlur={() => {
        onDone(undefined);
      }}
    />
  );
}

function selectAll(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}
