import { Ban, CircleCheck, CircleX, LoaderCircle, X } from 'lucide-react';
import { useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { Operation } from '../../../main/contract/operation.ts';
import { IconButton } from '../../ui/button.tsx';
import { Ago } from '../../ui/time.tsx';
import {
  CancelButton,
  OperationProgress,
  describeRest,
  summariseOperation,
} from './operation-progress.tsx';
import { OperationOutput } from './operation-output.tsx';
import { describeOperation } from './operation-selectors.ts';
import { StageList } from './stage-list.tsx';
import { TaskOutcome } from './task-outcome.tsx';
import './task-card.css';

/** Buttons and links that lead on from an operation that has ended; the window gives it. */
export type NextStepsComponent = ComponentType<{ readonly operation: Operation }>;

const icons = {
  running: LoaderCircle,
  succeeded: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
} as const;

/** The id of a task's element, for what leads to it. */
export function taskElementId(operationId: string): string {
  return `task-${operationId}`;
}

/** One operation: how far it is, what it printed, what came of it and how to go on. */
export function TaskCard(props: {
  readonly operation: Operation;
  readonly nextSteps: NextStepsComponent;
  readonly onDismiss?: () => void;
}) {
  const { operation, nextSteps: NextSteps, onDismiss } = props;
  const { t } = useTranslation('operations');
  const { state, hasOutput = false } = operation;
  const Icon = icons[state];
  const isRunning = state === 'running';
  const isOpen = isRunning || state === 'failed';
  const title = describeOperation(operation);
  return (
    <article
      id={taskElementId(operation.id)}
      className={`task card task-${state}`}
      aria-label={title}
      tabIndex={-1}
    >
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
        {!isRunning && onDismiss !== undefined && (
          <IconButton
            className="task-dismiss"
            icon={X}
            label={t('dismiss', { task: title })}
            onClick={onDismiss}
          />
        )}
      </div>
      {state === 'succeeded' && <TaskOutcome operation={operation} />}
      {state === 'cancelled' && <p>{describeRest(operation)}</p>}
      {isOpen ? (
        <OperationProgress operation={operation} actions={<NextSteps operation={operation} />} />
      ) : (
        <>
          <div className="task-steps">
            <NextSteps operation={operation} />
          </div>
          {operation.stages.length > 0 && (
            <details>
              <summary>{t('stages')}</summary>
              <StageList stages={operation.stages} rates={undefined} />
            </details>
          )}
        </>
      )}
      {hasOutput &&
        (isOpen ? (
          <OperationOutput operation={operation} />
        ) : (
          <FoldedOutput operation={operation} />
        ))}
    </article>
  );
}

/** What has ended is asked for its output only when somebody looks. */
function FoldedOutput({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation('operations');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      onToggle={(event) => {
        setIsOpen(event.currentTarget.open);
      }}
    >
      <summary>{t('output')}</summary>
      {isOpen && <OperationOutput operation={operation} />}
    </details>
  );
}
