import { Box, FileDiff, GitBranch, History, Pencil, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { Snapshot } from '../../../main/contract/snapshot.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Facts } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { compare, type ComparisonRequest } from './comparison-store.ts';
import { snapshotStore } from './snapshot-store.ts';
import type { TreeItem } from './snapshot-tree.ts';

/** Props of {@link NodeDetails}. */
export interface NodeDetailsProps {
  /** What is chosen in the tree. */
  readonly item: TreeItem;
  /** Whose page it is. */
  readonly sandbox: Sandbox;
  /** All that are there. */
  readonly sandboxes: readonly Sandbox[];
  readonly hrefOf: (sandbox: string) => string;
  readonly onRestore: () => void;
  readonly onBranch: () => void;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}

/** All of what is chosen, and what can be done with it. */
export function NodeDetails(props: NodeDetailsProps) {
  const { t } = useTranslation('snapshots');
  const { item, sandbox } = props;
  return (
    <section className="snapshot-details card" aria-label={t('what')}>
      {item.kind === 'snapshot' && <SnapshotDetails {...props} snapshot={item.snapshot} />}
      {item.kind === 'sandbox' && <SandboxDetails {...props} shown={item.sandbox} />}
      {item.kind === 'beginning' && (
        <>
          <h2>{t('beginning')}</h2>
          <p className="quiet">{t('beginningOf', { image: sandbox.config.image })}</p>
          <CompareButton
            sandboxId={sandbox.id}
            label={t('actions.changesSince')}
            request={{ to: { sandbox: sandbox.name } }}
            from={t('beginning')}
            to={t('compare.now', { name: sandbox.name })}
          />
        </>
      )}
    </section>
  );
}

function SnapshotDetails(props: NodeDetailsProps & { readonly snapshot: Snapshot }) {
  const { t } = useTranslation('snapshots');
  const { snapshot, sandbox, hrefOf } = props;
  const { id, name, createdAtMs, parentId, diskBytes, ownDiskBytes } = snapshot;
  const parent = useStore(snapshotStore, ({ snapshots }) =>
    snapshots.find((one) => one.id === parentId),
  );
  const isGone = !props.sandboxes.some((one) => one.id === snapshot.sandbox.id);
  const before = parent?.name ?? t('beginning');
  return (
    <>
      <h2>{name}</h2>
      <div className="snapshot-actions">
        <Button icon={History} onClick={props.onRestore}>
          {t('actions.restore')}
        </Button>
        <Button icon={GitBranch} onClick={props.onBranch}>
          {t('actions.branch')}
        </Button>
        <CompareButton
          sandboxId={sandbox.id}
          label={t('actions.changesBefore')}
          request={{ ...(parent === undefined ? {} : { from: { id: parent.id } }), to: { id } }}
          from={before}
          to={name}
        />
        <CompareButton
          sandboxId={sandbox.id}
          label={t('actions.changesSince')}
          request={{ from: { id }, to: { sandbox: sandbox.name } }}
          from={name}
          to={t('compare.now', { name: sandbox.name })}
        />
        <Button icon={Pencil} onClick={props.onRename}>
          {t('actions.rename')}
        </Button>
        <Button icon={Trash2} onClick={props.onRemove}>
          {t('actions.remove')}
        </Button>
      </div>
      <Facts
        facts={[
          { label: t('facts.taken'), value: <Ago atMs={createdAtMs} /> },
          {
            label: t('facts.of'),
            value: isGone ? (
              t('gone', { name: snapshot.sandbox.name })
            ) : (
              <a href={hrefOf(snapshot.sandbox.name)}>{snapshot.sandbox.name}</a>
            ),
          },
          { label: t('facts.after'), value: before },
          {
            label: t('facts.disk'),
            value: t('facts.diskSizes', {
              own: formatBytes(ownDiskBytes),
              shared: formatBytes(Math.max(0, diskBytes - ownDiskBytes)),
            }),
          },
          { label: t('facts.memory'), value: <MemoryFact snapshot={snapshot} /> },
        ]}
      />
    </>
  );
}

function MemoryFact({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const { t } = useTranslation('snapshots');
  const { hasMemory, memoryBytes, memoryProblem } = snapshot;
  if (!hasMemory) return t('facts.noMemory');
  return (
    <>
      {formatBytes(memoryBytes)}
      {memoryProblem !== undefined && <span className="snapshot-problem">{memoryProblem}</span>}
    </>
  );
}

function SandboxDetails(props: NodeDetailsProps & { readonly shown: Sandbox }) {
  const { t } = useTranslation('snapshots');
  const { shown, sandbox, hrefOf } = props;
  const { name, state, basedOn, branchedFrom } = shown;
  const base = useStore(snapshotStore, ({ snapshots }) =>
    snapshots.find(({ id }) => id === basedOn),
  );
  const from = base?.name ?? t('beginning');
  return (
    <>
      <h2>{name}</h2>
      <div className="snapshot-actions">
        {shown.id !== sandbox.id && (
          <a className="button" href={hrefOf(name)}>
            <Box className="icon" aria-hidden />
            {t('actions.open', { name })}
          </a>
        )}
        <CompareButton
          sandboxId={sandbox.id}
          label={t('actions.changesSince')}
          request={{
            ...(base === undefined ? {} : { from: { id: base.id } }),
            to: { sandbox: name },
          }}
          from={from}
          to={t('compare.now', { name })}
        />
      </div>
      <Facts
        facts={[
          { label: t('facts.state'), value: <StateWord state={state} /> },
          { label: t('facts.from'), value: from },
          ...(branchedFrom === undefined
            ? []
            : [{ label: t('facts.of'), value: branchedFrom.name }]),
        ]}
      />
    </>
  );
}

/** Its word, as everywhere in the window. */
function StateWord({ state }: { readonly state: Sandbox['state'] }) {
  const { t } = useTranslation('sandboxes');
  return t(`states.${state}`);
}

function CompareButton(props: {
  readonly sandboxId: string;
  readonly label: string;
  readonly request: ComparisonRequest;
  readonly from: string;
  readonly to: string;
}) {
  const { sandboxId, label, request, from, to } = props;
  const { client } = useBridge().connection;
  return (
    <Button icon={FileDiff} onClick={() => void compare(client, sandboxId, { request, from, to })}>
      {label}
    </Button>
  );
}
