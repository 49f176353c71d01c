import { Eraser, ListChecks } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../ui/button.tsx';
import { Chips } from '../../ui/chips.tsx';
import { EmptyState, Page } from '../../ui/page.tsx';
import { clearedTasks, clearTasks } from './cleared-tasks.ts';
import { filterTasks } from './operation-selectors.ts';
import { markLooked, operationStore, type TaskFilter } from './operation-store.ts';
import { TaskCard, type NextStepsComponent } from './task-card.tsx';
import './task-card.css';

const filters: readonly TaskFilter[] = ['all', 'running', 'failed', 'ended'];

/** Every operation, running and past. */
export function TasksView({ nextSteps }: { readonly nextSteps: NextStepsComponent }) {
  const { t } = useTranslation('operations');
  const { operations, filter } = useStore(operationStore);
  const cleared = useStore(clearedTasks, ({ ids }) => ids);
  useEffect(() => {
    markLooked(operations.filter(({ state }) => state === 'failed').map(({ id }) => id));
  }, [operations]);
  const all = filterTasks(operations, 'all', cleared);
  const ended = filterTasks(all, 'ended', []);
  const shown = filterTasks(all, filter, []);
  const clearEnded = () => {
    clearTasks(ended.map(({ id }) => id));
  };
  return (
    <Page
      title={<h1>{t('title')}</h1>}
      actions={
        all.length > 0 && (
          <>
            <Chips
              label={t('filters.label')}
              value={filter}
              choices={filters.map((value) => ({
                value,
                label: t(`filters.${value}`, { count: filterTasks(all, value, []).length }),
              }))}
              onChange={(chosen) => {
                operationStore.setState({ filter: chosen });
              }}
            />
            <Button icon={Eraser} disabled={ended.length === 0} onClick={clearEnded}>
              {t('clearEnded')}
            </Button>
          </>
        )
      }
    >
      {shown.length === 0 ? (
        <NoTasks hasOthers={all.length > 0} hadTasks={operations.length > 0} />
      ) : (
        <ul className="tasks">
          {shown.map((operation) => (
            <li key={operation.id}>
              <TaskCard
                operation={operation}
                nextSteps={nextSteps}
                onDismiss={() => {
                  clearTasks([operation.id]);
                }}
              />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

function NoTasks(props: { readonly hasOthers: boolean; readonly hadTasks: boolean }) {
  const { t } = useTranslation('operations');
  const { hasOthers, hadTasks } = props;
  if (hasOthers) {
    return (
      <EmptyState
        icon={ListChecks}
        title={t('empty.ofFilter')}
        action={
          <Button
            onClick={() => {
              operationStore.setState({ filter: 'all' });
            }}
          >
            {t('empty.showAll')}
          </Button>
        }
      >
        {t('empty.othersAreThere')}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={ListChecks} title={hadTasks ? t('empty.cleared') : t('empty.title')}>
      {t('empty.what')}
    </EmptyState>
  );
}
