import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import type { StatsSample } from '../../../../main/contract/stats.ts';
import { formatBytes, formatMiB } from '../../../ui/format.ts';
import { formatPercent, formatRate } from '../../../ui/format-rate.ts';
import { Spark } from '../../../ui/spark.tsx';
import { keptUsage, selectUsage, usageStore } from '../usage/usage-store.ts';
import { useUsageFeed } from '../usage/use-usage-feed.ts';
import type { OverviewLinks } from './overview-links.ts';

const mebibyte = 1_048_576;

interface Row {
  readonly label: string;
  readonly value: string;
  readonly remark: string;
  readonly colour: string;
  readonly top: number;
  readonly of: (sample: StatsSample) => number;
}

/** What it uses now, with the last minute as small curves. */
export function LiveStrip(props: { readonly sandbox: Sandbox; readonly links: OverviewLinks }) {
  const { sandbox, links } = props;
  const { name, config } = sandbox;
  const { t } = useTranslation('sandboxes');
  useUsageFeed();
  const usage = useStore(usageStore, selectUsage(name)) ?? [];
  const last = usage.at(-1);
  const rows: readonly Row[] = [
    {
      label: t('live.cpu'),
      value: last === undefined ? '–' : formatPercent(Math.min(100, last.cpuPercent / config.cpus)),
      remark: t('cpus', { count: config.cpus }),
      colour: 'accent',
      top: 100,
      of: ({ cpuPercent }) => cpuPercent / config.cpus,
    },
    {
      label: t('live.memory'),
      value: last === undefined ? '–' : formatBytes(last.guestMemoryBytes ?? last.hostMemoryBytes),
      remark: t('live.of', { total: formatMiB(config.memoryMiB) }),
      colour: 'busy',
      top: config.memoryMiB * mebibyte,
      of: ({ guestMemoryBytes, hostMemoryBytes }) => guestMemoryBytes ?? hostMemoryBytes,
    },
    {
      label: t('live.disk'),
      value:
        last === undefined
          ? '–'
          : formatRate(last.diskReadBytesPerSecond + last.diskWriteBytesPerSecond),
      remark:
        last?.diskUsedBytes === undefined
          ? ''
          : t('live.used', { used: formatBytes(last.diskUsedBytes) }),
      colour: 'ok',
      top: mebibyte,
      of: ({ diskReadBytesPerSecond, diskWriteBytesPerSecond }) =>
        diskReadBytesPerSecond + diskWriteBytesPerSecond,
    },
    {
      label: t('live.network'),
      value: last === undefined ? '–' : `↓ ${formatRate(last.networkReceivedBytesPerSecond)}`,
      remark: last === undefined ? '' : `↑ ${formatRate(last.networkSentBytesPerSecond)}`,
      colour: 'cyan',
      top: mebibyte,
      of: ({ networkReceivedBytesPerSecond }) => networkReceivedBytesPerSecond,
    },
  ];
  return (
    <section className="live card" aria-labelledby="live-title">
      <div className="card-head">
        <h2 id="live-title">{t('live.title')}</h2>
        <a href={links.stats}>{t('live.stats')}</a>
      </div>
      <dl>
        {rows.map(({ label, value, remark, colour, top, of }) => (
          <div key={label} className={`live-row live-${colour}`}>
            <dt>{label}</dt>
            <dd>
              <Spark
                values={usage.map((sample) => sample && of(sample))}
                length={keptUsage}
                top={top}
              />
              <span className="live-value">{value}</span>
              <span className="quiet live-remark">{remark}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="live-links">
        <a href={links.logs}>{t('live.logs')}</a>
        <a href={links.files}>{t('live.files')}</a>
      </p>
    </section>
  );
}
