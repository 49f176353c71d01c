import { Ban, CircleCheck, CircleX, LoaderCircle, X } from 'lucide-react';
import { useEffect, useRef, useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
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
import { operationStore } from './operation-store.ts';
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
  const card = useFocusWhereSought(operation.id);
  return (
    <article ref={card} className={`task card task-${state}`} aria-label={title} tabIndex={-1}>
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

/** For the `ref` of a task: takes the focus when somebody was led to it, whenever it is drawn. */
function useFocusWhereSought(operationId: string) {
  const card = useRef<HTMLElement>(null);
  const isSought = useStore(operationStore, ({ soughtId }) => soughtId === operationId);
  useEffect(() => {
    if (!isSought) return;
    card.current?.focus();
    card.current?.scrollIntoView({ block: 'nearest' });
    operationStore.setState({ soughtId: undefined });
  }, [isSought]);
  return card;
}
