import { ListChecks } from 'lucide-react';
import { useStore } from 'zustand';
import { EmptyState, Page } from '../../ui/page.tsx';
import { operationStore } from './operation-store.ts';
import { TaskCard, type NextStepsComponent } from './task-card.tsx';

/** Every operation, running and past. */
export function TasksView({ nextSteps }: { readonly nextSteps: NextStepsComponent }) {
  const operations = useStore(operationStore, (state) => state.operations);
  return (
    <Page title={<h1>Tasks</h1>}>
      {operations.length === 0 ? (
        <EmptyState icon={ListChecks} title="Nothing has run yet">
          Creating, starting, pulling and building go on here in the background, whichever page is
          open.
        </EmptyState>
      ) : (
        <ul className="tasks">
          {operations.map((operation) => (
            <li key={operation.id}>
              <TaskCard operation={operation} nextSteps={nextSteps} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
