import { useStore } from 'zustand';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import { CancelButton, OperationProgress } from '../features/operations/operation-progress.tsx';
import { operationStore } from '../features/operations/operation-store.ts';
import { sandboxStore } from '../features/sandboxes/sandbox-store.ts';
import { SnapshotsView } from '../features/snapshots/snapshots-view.tsx';
import { formatRoute } from './routes.ts';
import { askSandbox } from './sandbox-dialogs.tsx';
import { navigate } from './use-route.ts';

/** The snapshots of a sandbox, with the sandboxes that go on from them. */
export function SandboxSnapshots({ sandbox }: { readonly sandbox: Sandbox }) {
  const { name } = sandbox;
  const sandboxes = useStore(sandboxStore, (state) => state.sandboxes);
  return (
    <SnapshotsView
      sandbox={sandbox}
      sandboxes={sandboxes}
      hrefOf={(of) => formatRoute({ page: 'sandbox', name: of })}
      onOpen={(of) => {
        navigate({ page: 'sandbox', name: of });
      }}
      onTake={() => {
        askSandbox({ kind: 'snapshot', name });
      }}
      onBranch={(snapshot) => {
        askSandbox({ kind: 'branch', name, snapshot });
      }}
      progressOf={(operationId) => <ComparisonProgress operationId={operationId} />}
    />
  );
}

function ComparisonProgress({ operationId }: { readonly operationId: string }) {
  const operation = useStore(operationStore, ({ operations }) =>
    operations.find(({ id }) => id === operationId),
  );
  if (operation === undefined) return null;
  return (
    <>
      <OperationProgress operation={operation} />
      <CancelButton operation={operation} />
    </>
  );
}
