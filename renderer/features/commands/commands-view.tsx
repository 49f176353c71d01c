import { SquareChevronRight } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { z } from 'zod';
import type { commandInputs } from '../../../main/contract/commands.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useCall } from '../../bridge/use-call.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { EmptyState } from '../../ui/page.tsx';
import { historyOf } from './command-history.ts';
import { chosenRuns, mergeRuns } from './command-store.ts';
import { RunForm } from './run-form.tsx';
import { RunList } from './run-list.tsx';
import { RunOutput } from './run-output.tsx';
import { requestOf } from './run-words.ts';
import { useCommands } from './use-commands.ts';
import './commands-view.css';

/** Commands of a sandbox without a terminal: run, watched, run again. The host keeps them. */
export function CommandsView(props: {
  readonly sandbox: Sandbox;
  /** Has it go on where it is paused or suspended. */
  readonly onResume: () => void;
}) {
  const { sandbox, onResume } = props;
  const { id: sandboxId, name, state } = sandbox;
  const { t } = useTranslation('commands');
  const { connection } = useBridge();
  const { commands } = connection.client;
  const store = useCommands(name);
  const { runs, isLoaded, error } = useStore(store);
  const starting = useCall();
  const acting = useCall();
  const chosenId = useStore(chosenRuns, (all) => all[sandboxId]);
  const chosen = runs.find(({ id }) => id === chosenId) ?? runs[0];
  const history = useMemo(() => historyOf(runs), [runs]);

  const choose = (id: string) => {
    chosenRuns.setState({ [sandboxId]: id });
  };
  const run = (request: z.input<typeof commandInputs.run>) =>
    starting.run(async () => {
      const started = await commands.run(request);
      store.setState((before) => ({ runs: mergeRuns([started], before.runs) }));
      choose(started.id);
    });
  return (
    <section className="commands-view page-fill" aria-label={t('title')}>
      <RunForm
        sandbox={sandbox}
        history={history}
        isBusy={starting.isBusy}
        onRun={run}
        onResume={onResume}
      />
      {[starting, acting].map(
        (call, index) =>
          call.error !== undefined && (
            <ErrorNotice key={index} {...describeError(call.error)} onDismiss={call.clearError} />
          ),
      )}
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {!isLoaded && <p className="quiet">{t('asking', { name })}</p>}
      {isLoaded && chosen === undefined && error === undefined && (
        <EmptyState icon={SquareChevronRight} title={t('emptyTitle')}>
          {t('empty')}
        </EmptyState>
      )}
      {chosen !== undefined && (
        <div className="commands-columns">
          <RunList runs={runs} chosen={chosen.id} onChoose={choose} />
          <RunOutput
            key={chosen.id}
            name={name}
            run={chosen}
            canRun={state === 'running' && !starting.isBusy}
            onSignal={(signal) => {
              void acting.run(() => commands.signal({ name, id: chosen.id, signal }));
            }}
            onAgain={() => void run(requestOf(chosen, name))}
            onRemove={() => {
              // It goes from the list as from that of every window, by what the host says of it.
              void acting.run(() => commands.remove({ name, id: chosen.id }));
            }}
          />
        </div>
      )}
    </section>
  );
}
