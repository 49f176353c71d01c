import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { DuplicateDialog } from '../features/sandboxes/duplicate-dialog.tsx';
import { RemoveDialog } from '../features/sandboxes/remove-dialog.tsx';
import { sandboxStore, selectSandbox } from '../features/sandboxes/sandbox-store.ts';
import { followCreation } from './opening-terminals.ts';
import { currentRoute, navigate } from './use-route.ts';

/** What is asked about a sandbox, from whichever page. */
export interface SandboxQuestion {
  readonly kind: 'remove' | 'duplicate';
  readonly name: string;
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
