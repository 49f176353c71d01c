import { CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandRun } from '../../../main/contract/commands.ts';
import { formatDuration } from '../../ui/format.ts';
import { Ago, useNow } from '../../ui/time.tsx';
import { describeEnd, lineOf, outcomeOf } from './run-words.ts';

const marks = { running: LoaderCircle, succeeded: CircleCheck, failed: CircleX } as const;

/** Every run, the latest first; one is chosen. */
export function RunList(props: {
  readonly runs: readonly CommandRun[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}) {
  const { t } = useTranslation('commands');
  return (
    <ul className="run-list" aria-label={t('runs')}>
      {props.runs.map((run) => (
        <li key={run.id}>
          <RunEntry run={run} isChosen={run.id === props.chosen} onChoose={props.onChoose} />
        </li>
      ))}
    </ul>
  );
}

const RunEntry = memo(function RunEntry(props: {
  readonly run: CommandRun;
  readonly isChosen: boolean;
  readonly onChoose: (id: string) => void;
}) {
  const { run, isChosen, onChoose } = props;
  const { t } = useTranslation('commands');
  return (
    <button
      type="button"
      className="run-entry"
      aria-current={isChosen ? 'true' : undefined}
      onClick={() => {
        onChoose(run.id);
      }}
    >
      <RunMark run={run} />
      <span className="run-entry-text">
        <span className="mono run-entry-line">{lineOf(run)}</span>
        <span className="quiet">
          {[
            describeEnd(run),
            ...(run.script === undefined ? [] : [t('script')]),
            ...(run.origin === 'client' ? [t('fromClient')] : []),
          ].join(' · ')}
          {' · '}
          <Ago atMs={run.startedAtMs} />
          {' · '}
          <Took run={run} />
        </span>
      </span>
    </button>
  );
});

/** How a run goes or went: colour and shape, with its word to be heard. */
export function RunMark({ run }: { readonly run: CommandRun }) {
  const { t } = useTranslation('commands');
  const outcome = outcomeOf(run);
  const Mark = marks[outcome];
  return (
    <span className={`run-mark run-mark-${outcome}`}>
      <Mark className={outcome === 'running' ? 'icon spinning' : 'icon'} aria-hidden />
      <span className="visually-hidden">{t(`outcomes.${outcome}`)}</span>
    </span>
  );
}

/** How long it took, or takes so far. */
export function Took({ run }: { readonly run: CommandRun }) {
  const { startedAtMs, endedAtMs } = run;
  const { t } = useTranslation('commands');
  const nowMs = useNow(endedAtMs === undefined ? 1_000 : undefined);
  const time = formatDuration((endedAtMs ?? nowMs) - startedAtMs);
  return endedAtMs === undefined ? t('since', { time }) : t('took', { time });
}
