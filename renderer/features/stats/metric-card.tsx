import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { StatsSample } from '../../../main/contract/stats.ts';
import { formatBytes } from '../../ui/format.ts';
import { graphData } from './graph-data.ts';
import { formatValue, type Metric } from './metrics.ts';

// uPlot comes with the first graph.
const Graph = lazy(async () => ({ default: (await import('./graph.tsx')).Graph }));

/** One graph with its numbers: those of now, or of the moment under the cursor. */
export function MetricCard(props: {
  readonly metric: Metric;
  readonly series: Parameters<typeof graphData>[0];
  /** Whose numbers are shown. */
  readonly sample: StatsSample | undefined;
  readonly from: number;
  readonly to: number;
  readonly syncKey: string;
  readonly onCursor: (seconds: number | undefined) => void;
}) {
  const { metric, series, sample, from, to, syncKey, onCursor } = props;
  const { key, lines, unit } = metric;
  const { t } = useTranslation('stats');
  const data = useMemo(
    () =>
      graphData(
        series,
        lines.map(({ valueOf }) => valueOf),
      ),
    [series, lines],
  );
  const written = lines.map((line) => {
    const value = sample === undefined ? undefined : line.valueOf(sample);
    return {
      ...line,
      name: t(`lines.${line.key}`),
      value: value === undefined ? '–' : formatValue(value, unit),
    };
  });
  const title = t(`graphs.${key}`);
  const said = written.map(({ name, value }) => `${name} ${value}`).join(', ');
  return (
    <section className="card metric" aria-label={title}>
      <div className="metric-head">
        <h2>{title}</h2>
        <ul className="metric-lines">
          {written.map(({ key: line, colour, isDashed, name, value }) => (
            <li key={line}>
              <svg className="metric-swatch" viewBox="0 0 16 4" aria-hidden>
                <line
                  x1="0"
                  x2="16"
                  y1="2"
                  y2="2"
                  stroke={`var(${colour})`}
                  strokeWidth="2.5"
                  strokeDasharray={isDashed === true ? '5 3' : undefined}
                />
              </svg>
              <span className="quiet">{name}</span> <strong>{value}</strong>
            </li>
          ))}
        </ul>
      </div>
      <Suspense fallback={<div className="graph" />}>
        <Graph
          metric={metric}
          data={data}
          label={t('graphLabel', { title, said })}
          top={metric.topOf(sample)}
          from={from}
          to={to}
          syncKey={syncKey}
          onCursor={onCursor}
        />
      </Suspense>
      <Remark metric={metric} sample={sample} />
    </section>
  );
}

/** What has no line of its own. */
function Remark(props: { readonly metric: Metric; readonly sample: StatsSample | undefined }) {
  const { metric, sample } = props;
  const { t } = useTranslation('stats');
  const remark = (() => {
    if (sample === undefined) return undefined;
    const { processes: count, diskUsedBytes, diskTotalBytes, guestMemoryTotalBytes } = sample;
    if (metric.key === 'cpu') {
      return count === undefined ? undefined : t('processes', { count: Math.round(count) });
    }
    if (metric.key === 'memory' && guestMemoryTotalBytes !== undefined) {
      return t('memoryTotal', { total: formatBytes(guestMemoryTotalBytes) });
    }
    if (metric.key === 'disk' && diskUsedBytes !== undefined && diskTotalBytes !== undefined) {
      const [used, total] = [formatBytes(diskUsedBytes), formatBytes(diskTotalBytes)];
      return t('diskUsed', { used, total });
    }
    return undefined;
  })();
  return <p className="quiet metric-remark">{remark ?? '\u00a0'}</p>;
}
