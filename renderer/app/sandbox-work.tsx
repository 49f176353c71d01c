import { useStore } from 'zustand';
import { selectWorkOnSandbox } from '../features/operations/operation-selectors.ts';
import { dismissOperation, operationStore } from '../features/operations/operation-store.ts';
import { TaskCard } from '../features/operations/task-card.tsx';
import { begunBranches } from './begun-branches.ts';
import { NextSteps } from './next-steps.tsx';

/** What goes on with a sandbox that is no start of it, and what of that has failed. */
export function SandboxWork({ name }: { readonly name: string }) {
  const begunId = useStore(begunBranches, (ids) => ids[name]);
  const work = useStore(operationStore, selectWorkOnSandbox(name, begunId));
  if (work === undefined) return null;
  return (
    <TaskCard
      key={work.id}
      operation={work}
      nextSteps={NextSteps}
      onDismiss={() => {
        dismissOperation(work.id);
      }}
    />
  );
}
