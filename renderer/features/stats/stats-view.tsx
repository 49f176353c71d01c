import { ChartLine, Pause, Play } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  keptSamples,
  keptThinnedSamples,
  statsIntervalSeconds,
  thinnedIntervalSeconds,
} from '../../../main/contract/stats.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { Button } from '../../ui/button.tsx';
import { Chips } from '../../ui/chips.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatClockTime } from '../../ui/format-clock.ts';
import { EmptyState } from '../../ui/page.tsx';
import { useNow } from '../../ui/time.tsx';
import { sampleAt } from './graph-data.ts';
import { MetricCard } from './metric-card.tsx';
import { metricsOf } from './metrics.ts';
import type { SampleHistory } from './sample-history.ts';
import { StatsTable } from './stats-table.tsx';
import { useStats } from './use-stats.ts';
import './stats-view.css';

const ranges = ['minutes', 'hour'] as const;
const rangeSeconds = {
  minutes: keptSamples * statsIntervalSeconds,
  hour: keptThinnedSamples * thinnedIntervalSeconds,
} as const;

/** What a sandbox uses of the machine: the last ten minutes by the second, or the hour. */
export function StatsView({ sandbox }: { readonly sandbox: Sandbox }) {
  const { id, name, config, state } = sandbox;
  const { t } = useTranslation('stats');
  const { history: latest, isLoaded, error } = useStats(name);
  const [range, setRange] = useState<(typeof ranges)[number]>('minutes');
  const [held, setHeld] = useState<{ history: SampleHistory; atMs: number }>();
  const [cursor, setCursor] = useState<number>();
  const [isTableOpen, setIsTableOpen] = useState(false);
  const nowMs = useNow(held === undefined ? 5_000 : undefined);
  const metrics = useMemo(() => metricsOf(config.cpus), [config.cpus]);
  const history = held?.history ?? latest;
  const { thinned, samples } = history;
  const series = useMemo(
    () => [
      ...(range === 'hour' ? [{ samples: thinned, stepMs: thinnedIntervalSeconds * 1_000 }] : []),
      { samples, stepMs: statsIntervalSeconds * 1_000 },
    ],
    [range, thinned, samples],
  );
  const shown = useMemo(() => series.flatMap((one) => one.samples), [series]);
  const last = samples.at(-1) ?? thinned.at(-1);
  const to = Math.max(last?.atMs ?? 0, held?.atMs ?? nowMs) / 1_000;
  const isNow = cursor === undefined;
  // What it used when it ran last is not what it uses now.
  const present = state === 'running' || held !== undefined ? last : undefined;
  const sample = isNow ? present : sampleAt(shown, cursor);
  const onCursor = useCallback((seconds: number | undefined) => {
    setCursor(seconds);
  }, []);
  if (error !== undefined) return <ErrorNotice {...describeError(error)} />;
  if (!isLoaded) return <p className="quiet">{t('asking', { name })}</p>;
  if (last === undefined) {
    return (
      <EmptyState icon={ChartLine} title={t('emptyTitle')}>
        {t('empty')}
      </EmptyState>
    );
  }
  return (
    <section className="section" aria-label={t('title')}>
      <div className="card-head">
        <Chips
          label={t('range')}
          value={range}
          choices={ranges.map((value) => ({ value, label: t(`ranges.${value}`) }))}
          onChange={setRange}
        />
        <span className="stats-moment quiet">
          {isNow &&
            (held === undefined ? t('now') : t('paused', { time: formatClockTime(held.atMs) }))}
          {!isNow && t('moment', { time: formatClockTime(cursor * 1_000) })}
        </span>
        <Button
          icon={held === undefined ? Pause : Play}
          onClick={() => {
            setHeld(held === undefined ? { history: latest, atMs: Date.now() } : undefined);
          }}
        >
          {held === undefined ? t('pause') : t('resume')}
        </Button>
      </div>
      <div className="metrics">
        {metrics.map((metric) => (
          <MetricCard
            key={metric.key}
            metric={metric}
            series={series}
            sample={sample}
            from={to - rangeSeconds[range]}
            to={to}
            syncKey={`stats-${id}`}
            onCursor={onCursor}
          />
        ))}
      </div>
      <details
        onToggle={(event) => {
          setIsTableOpen(event.currentTarget.open);
        }}
      >
        <summary className="stats-summary">{t('asTable')}</summary>
        {isTableOpen && (
          <div className="table-frame">
            <StatsTable metrics={metrics} samples={shown} />
          </div>
        )}
      </details>
    </section>
  );
}
