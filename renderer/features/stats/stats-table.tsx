import { useTranslation } from 'react-i18next';
import type { StatsSample } from '../../../main/contract/stats.ts';
import { formatClockTime } from '../../ui/format-clock.ts';
import { formatValue, type Metric } from './metrics.ts';
import { averageOf } from './sample-history.ts';

/** Rows, at most. */
const maxRows = 60;

/** The samples as numbers: averages of a few, the latest first. */
export function StatsTable(props: {
  readonly metrics: readonly Metric[];
  /** Oldest first. */
  readonly samples: readonly StatsSample[];
}) {
  const { metrics, samples } = props;
  const { t } = useTranslation('stats');
  const size = Math.max(1, Math.ceil(samples.length / maxRows));
  const rows = Array.from({ length: Math.ceil(samples.length / size) }, (_, index) =>
    averageOf(samples.slice(index * size, (index + 1) * size)),
  )
    .flat()
    .toReversed();
  const lines = metrics.flatMap(({ lines: of, unit }) => of.map((line) => ({ ...line, unit })));
  return (
    <table className="table stats-table" aria-label={t('tableLabel')}>
      <thead>
        <tr>
          <th scope="col">{t('time')}</th>
          {lines.map(({ key }) => (
            <th key={key} scope="col">
              {t(`lines.${key}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((sample) => (
          <tr key={sample.atMs}>
            <th scope="row">{formatClockTime(sample.atMs)}</th>
            {lines.map(({ key, unit, valueOf }) => {
              const value = valueOf(sample);
              return <td key={key}>{value === undefined ? '–' : formatValue(value, unit)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
