import { Ban, CircleCheck, CircleX, ListChecks, LoaderCircle } from 'lucide-react';
import { useStore } from 'zustand';
import type { Operation } from '../../../main/contract/operation.ts';
import { EmptyState, Page } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { CancelButton, OperationProgress, summariseOperation } from './operation-progress.tsx';
import { describeOperation } from './operation-selectors.ts';
import { operationStore } from './operation-store.ts';
import './tasks-view.css';

const icons = {
  running: LoaderCircle,
  succeeded: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
} as const;

/** Every operation, running and past. */
export function TasksView() {
  const operations = useStore(operationStore, (state) => state.operations);
  return (
    <Page title={<h1>Tasks</h1>}>
      {operations.length === 0 ? (
        <EmptyState icon={ListChecks} title="Nothing has run yet">
          Creating, starting and pulling go on here in the background, whichever page is open.
        </EmptyState>
      ) : (
        <ul className="tasks">
          {operations.map((operation) => (
            <Task key={operation.id} operation={operation} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Task({ operation }: { readonly operation: Operation }) {
  const Icon = icons[operation.state];
  const isRunning = operation.state === 'running';
  const title = describeOperation(operation);
  return (
    <li className={`task card task-${operation.state}`} aria-label={title}>
      <div className="task-head">
        <Icon className={isRunning ? 'icon spinning' : 'icon'} aria-hidden />
        <h2>{title}</h2>
        <span className="quiet">
          {summariseOperation(operation)}
          {!isRunning && (
            <>
              , <Ago atMs={operation.endedAtMs ?? operation.startedAtMs} />
            </>
          )}
        </span>
        <CancelButton operation={operation} />
      </div>
      {isRunning || operation.state === 'failed' ? (
        <OperationProgress operation={operation} />
      ) : (
        <details>
          <summary>Stages</summary>
          <OperationProgress operation={operation} />
        </details>
      )}
    </li>
  );
}
