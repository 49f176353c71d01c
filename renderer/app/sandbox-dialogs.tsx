import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Snapshot } from '../../main/contract/snapshot.ts';
import { DuplicateDialog } from '../features/sandboxes/duplicate-dialog.tsx';
import { MemoryLossDialog } from '../features/sandboxes/memory-loss-dialog.tsx';
import { RemoveDialog } from '../features/sandboxes/remove-dialog.tsx';
import { sandboxStore, selectSandbox } from '../features/sandboxes/sandbox-store.ts';
import { BranchDialog, TakeSnapshotDialog } from '../features/snapshots/snapshot-dialogs.tsx';
import { begunBranches } from './begun-branches.ts';
import { followCreation } from './opening-terminals.ts';
import { currentRoute, navigate } from './use-route.ts';

/** What is asked about a sandbox, from whichever page. */
export interface SandboxQuestion {
  readonly kind: 'remove' | 'duplicate' | 'stop' | 'startFromDisk' | 'snapshot' | 'branch';
  readonly name: string;
  /** Of a branch: what it goes on from; the sandbox itself where there is none. */
  readonly snapshot?: Snapshot | undefined;
}

interface QuestionState {
  /** The last one stays while its dialog goes. */
  readonly question: SandboxQuestion | undefined;
  readonly isOpen: boolean;
}

const questionStore = createStore<QuestionState>(() => ({ question: undefined, isOpen: false }));

/** Opens the dialog for a question. */
export function askSandbox(question: SandboxQuestion): void {
  questionStore.setState({ question, isOpen: true });
}

/** The dialogs of {@link askSandbox}. */
export function SandboxDialogs() {
  const { question, isOpen } = useStore(questionStore);
  const sandbox = useStore(sandboxStore, selectSandbox(question?.name ?? ''));
  const sandboxes = useStore(sandboxStore, (state) => state.sandboxes);
  if (question === undefined || sandbox === undefined) return null;
  const { kind, name } = question;
  const close = () => {
    questionStore.setState({ isOpen: false });
  };
  if (kind === 'duplicate') {
    return (
      <DuplicateDialog
        sandbox={sandbox}
        isOpen={isOpen}
        onClose={close}
        onDuplicated={followCreation}
      />
    );
  }
  if (kind === 'stop' || kind === 'startFromDisk') {
    return <MemoryLossDialog sandbox={sandbox} action={kind} isOpen={isOpen} onClose={close} />;
  }
  if (kind === 'snapshot' || kind === 'branch') {
    if (!isOpen) return null;
    if (kind === 'snapshot') return <TakeSnapshotDialog sandbox={sandbox} onClose={close} />;
    return (
      <BranchDialog
        sandbox={sandbox}
        snapshot={question.snapshot}
        takenNames={sandboxes.map((one) => one.name)}
        onStarted={({ id }) => {
          begunBranches.setState({ [name]: id });
          navigate({ page: 'sandbox', name, section: 'snapshots' });
        }}
        onClose={close}
      />
    );
  }
  return (
    <RemoveDialog
      sandbox={sandbox}
      isOpen={isOpen}
      onClose={close}
      onRemoved={() => {
        const route = currentRoute();
        if ('name' in route && route.name === name) navigate({ page: 'home' });
      }}
    />
  );
}
