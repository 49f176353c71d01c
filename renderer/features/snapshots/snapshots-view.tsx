import { Camera, GitBranch } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { Snapshot } from '../../../main/contract/snapshot.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { EmptyState } from '../../ui/page.tsx';
import { ComparisonView } from './comparison-view.tsx';
import { NodeDetails } from './node-details.tsx';
import { RemoveSnapshotDialog } from './remove-snapshot-dialog.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import { renameSnapshot } from './snapshot-actions.ts';
import { setSnapshotError, snapshotStore } from './snapshot-store.ts';
import { keyOf, snapshotLine, treeRows } from './snapshot-tree.ts';
import { SnapshotTreeView } from './snapshot-tree-view.tsx';
import './snapshots-view.css';

/** Props of {@link SnapshotsView}. */
export interface SnapshotsViewProps {
  readonly sandbox: Sandbox;
  /** All of them: some go on from its snapshots. */
  readonly sandboxes: readonly Sandbox[];
  readonly hrefOf: (sandbox: string) => string;
  readonly onOpen: (sandbox: string) => void;
  /** Asks for the name of a snapshot. */
  readonly onTake: () => void;
  /** Asks for the names of what goes on from a snapshot; without one, from the sandbox itself. */
  readonly onBranch: (snapshot: Snapshot | undefined) => void;
  /** How far the work of an operation is. */
  readonly progressOf: (operationId: string) => ReactNode;
}

type Question = { readonly kind: 'restore' | 'remove'; readonly snapshot: Snapshot };

const noneCollapsed: ReadonlySet<string> = new Set();

/** The snapshots around a sandbox as a tree, and what can be done with each. */
export function SnapshotsView(props: SnapshotsViewProps) {
  const { sandbox, sandboxes, onTake, onBranch, onOpen } = props;
  const { t } = useTranslation('snapshots');
  const { client } = useBridge().connection;
  const snapshots = useStore(snapshotStore, (state) => state.snapshots);
  const isLoaded = useStore(snapshotStore, (state) => state.isLoaded);
  const error = useStore(snapshotStore, (state) => state.actionErrors[sandbox.id]);
  const [collapsed, setCollapsed] = useState(noneCollapsed);
  const [wanted, setWanted] = useState<string>();
  const [isRenaming, setIsRenaming] = useState(false);
  const [question, setQuestion] = useState<Question>();
  const line = useMemo(
    () => snapshotLine(sandbox, snapshots, sandboxes),
    [sandbox, snapshots, sandboxes],
  );
  const rows = useMemo(() => treeRows(line ?? [], collapsed), [line, collapsed]);
  const here = keyOf({ kind: 'sandbox', sandbox, isHere: true });
  // What is gone or folded away is not chosen any more: the sandbox itself is.
  const chosen = rows.find(({ key }) => key === wanted) ?? rows.find(({ key }) => key === here);
  const snapshot = chosen?.item.kind === 'snapshot' ? chosen.item.snapshot : undefined;
  const ask = (kind: Question['kind']) => {
    if (snapshot !== undefined) setQuestion({ kind, snapshot });
  };
  const choose = (key: string) => {
    setWanted(key);
    setIsRenaming(false);
  };

  if (!isLoaded) return <p className="quiet">{t('asking')}</p>;
  const take = (variant: 'primary' | undefined) => (
    <Button
      icon={Camera}
      disabled={sandbox.state === 'creating'}
      onClick={onTake}
      {...(variant === undefined ? {} : { variant })}
    >
      {t('actions.take')}
    </Button>
  );
  return (
    <section className="snapshots page-fill" aria-label={t('title')}>
      {error !== undefined && (
        <ErrorNotice
          {...describeError(error)}
          onDismiss={() => {
            setSnapshotError(sandbox.id, undefined);
          }}
        />
      )}
      {chosen === undefined ? (
        <EmptyState
          icon={Camera}
          title={t('emptyTitle', { name: sandbox.name })}
          action={take('primary')}
        >
          {t('empty')}
        </EmptyState>
      ) : (
        <>
          <div className="snapshots-bar">
            {take(undefined)}
            <Button
              icon={GitBranch}
              disabled={sandbox.state === 'creating'}
              onClick={() => {
                onBranch(undefined);
              }}
            >
              {t('actions.branch')}
            </Button>
          </div>
          <div className="snapshots-columns">
            <SnapshotTreeView
              rows={rows}
              name={sandbox.name}
              chosen={chosen.key}
              isRenaming={isRenaming}
              onChoose={choose}
              onFold={(key, isExpanded) => {
                setCollapsed((before) => {
                  const next = new Set(before);
                  if (isExpanded) next.delete(key);
                  else next.add(key);
                  return next;
                });
              }}
              onEnter={() => {
                const { item } = chosen;
                if (item.kind === 'snapshot') ask('restore');
                else if (item.kind === 'sandbox' && !item.isHere) onOpen(item.sandbox.name);
              }}
              onRename={() => {
                setIsRenaming(snapshot !== undefined);
              }}
              onRemove={() => {
                ask('remove');
              }}
              onRenamed={(name) => {
                setIsRenaming(false);
                if (snapshot === undefined || name === undefined || name === snapshot.name) return;
                void renameSnapshot(client, sandbox.id, { id: snapshot.id, name });
              }}
            />
            <NodeDetails
              item={chosen.item}
              sandbox={sandbox}
              sandboxes={sandboxes}
              hrefOf={props.hrefOf}
              onRestore={() => {
                ask('restore');
              }}
              onBranch={() => {
                onBranch(snapshot);
              }}
              onRename={() => {
                setIsRenaming(true);
              }}
              onRemove={() => {
                ask('remove');
              }}
            />
          </div>
          <ComparisonView sandboxId={sandbox.id} progressOf={props.progressOf} />
        </>
      )}
      {question?.kind === 'restore' && (
        <RestoreDialog
          sandbox={sandbox}
          snapshot={question.snapshot}
          onClose={() => {
            setQuestion(undefined);
          }}
        />
      )}
      {question?.kind === 'remove' && (
        <RemoveSnapshotDialog
          sandboxId={sandbox.id}
          snapshot={question.snapshot}
          isOpen
          onClose={() => {
            setQuestion(undefined);
          }}
        />
      )}
    </section>
  );
}
