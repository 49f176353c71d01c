import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BootTimeline as Boot } from '../../../../main/contract/boot-timeline.ts';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { describeError } from '../../../bridge/bridge-error.ts';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { formatDuration, formatExactTime } from '../../../ui/format.ts';
import { SelectField } from '../../../ui/select-field.tsx';
import { Warning } from '../../../ui/warning.tsx';
import { medianTotal, slowestOf, stepFigures, type StepFigure } from './boot-figures.ts';
import { useStepName } from './use-step-name.ts';
import { useBoots } from './use-boots.ts';
import './boot-timeline.css';

/** Where the time of a sandbox's starts went: folded, with the length of the last one. */
export function BootTimeline({ sandbox }: { readonly sandbox: Sandbox }) {
  const { t } = useTranslation('sandboxes');
  const { boots, error } = useBoots(sandbox);
  const [latest] = boots;
  if (error !== undefined) return <ErrorNotice {...describeError(error)} />;
  if (latest === undefined) return null;
  return (
    <details className="boot">
      <summary>
        {latest.failure === undefined
          ? t('boot.started', { time: formatDuration(latest.totalMs) })
          : t('boot.failed')}
      </summary>
      <ChosenBoot boots={boots} />
    </details>
  );
}

function ChosenBoot({ boots }: { readonly boots: readonly Boot[] }) {
  const { t } = useTranslation('sandboxes');
  // By its time: with another start the places in the list move.
  const [chosenAt, setChosenAt] = useState<number>();
  const place = Math.max(
    0,
    boots.findIndex(({ startedAtMs }) => startedAtMs === chosenAt),
  );
  const boot = boots[place];
  if (boot === undefined) return null;
  const earlier = boots.slice(place + 1);
  const usual = medianTotal(earlier);
  return (
    <div className="section boot-body">
      {boots.length > 1 && (
        <SelectField
          label={t('boot.which')}
          value={String(boot.startedAtMs)}
          options={boots.map(({ startedAtMs, totalMs, failure }) => ({
            value: String(startedAtMs),
            label: `${formatExactTime(startedAtMs)} · ${
              failure === undefined ? formatDuration(totalMs) : t('boot.failedShort')
            }`,
          }))}
          onChange={(value) => {
            setChosenAt(Number(value));
          }}
        />
      )}
      {boot.failure !== undefined && <Warning>{boot.failure}</Warning>}
      <Slowest boot={boot} />
      {usual !== undefined && boot.failure === undefined && (
        <p className="quiet">
          {t('boot.usual', {
            time: formatDuration(boot.totalMs),
            usual: formatDuration(usual),
            count: earlier.length,
          })}
        </p>
      )}
      <Steps figures={stepFigures(boot, earlier)} />
    </div>
  );
}

/** Names the step that one would have to make quicker. */
function Slowest({ boot }: { readonly boot: Boot }) {
  const { t } = useTranslation('sandboxes');
  const nameOf = useStepName();
  const slowest = slowestOf(boot);
  if (slowest === undefined) return null;
  const values = {
    step: nameOf(slowest.step),
    time: formatDuration(slowest.step.durationMs),
    total: formatDuration(boot.totalMs),
  };
  return <p>{slowest.isMost ? t('boot.most', values) : t('boot.longest', values)}</p>;
}

/** A table whose bars show what its numbers say: steps may overlap. */
function Steps({ figures }: { readonly figures: readonly StepFigure[] }) {
  const { t } = useTranslation('sandboxes');
  const nameOf = useStepName();
  const hasMedians = figures.some(({ median }) => median !== undefined);
  const percent = (part: number) => `${String(Math.round(part * 1000) / 10)}%`;
  return (
    <table className="table boot-steps" aria-label={t('boot.steps')}>
      <thead>
        <tr>
          <th scope="col">{t('boot.step')}</th>
          <th scope="col" aria-hidden className="boot-bar-column" />
          <th scope="col">{t('boot.at')}</th>
          <th scope="col">{t('boot.took')}</th>
          {hasMedians && <th scope="col">{t('boot.median')}</th>}
        </tr>
      </thead>
      <tbody>
        {figures.map(({ step, from, part, median, isSlowest }) => (
          <tr key={`${step.key} ${String(step.startMs)}`}>
            <th scope="row">{nameOf(step)}</th>
            <td aria-hidden className="boot-bar-column">
              <span
                className={isSlowest ? 'boot-bar boot-bar-slowest' : 'boot-bar'}
                style={{ marginLeft: percent(from), width: percent(part) }}
              />
            </td>
            <td>{formatMs(step.startMs)}</td>
            <td>
              {isSlowest ? <strong>{formatMs(step.durationMs)}</strong> : formatMs(step.durationMs)}
            </td>
            {hasMedians && (
              <td className="quiet">{median === undefined ? '–' : formatMs(median)}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function formatMs(milliseconds: number): string {
  return milliseconds < 1_000
    ? `${String(Math.round(milliseconds))} ms`
    : formatDuration(milliseconds);
}
