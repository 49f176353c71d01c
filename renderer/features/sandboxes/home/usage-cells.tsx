import { useStore } from 'zustand';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { formatBytes, formatMiB } from '../../../ui/format.ts';
import { formatPercent } from '../../../ui/format-rate.ts';
import { Spark } from '../../../ui/spark.tsx';
import { keptUsage, selectUsage, usageStore } from '../usage/usage-store.ts';

/** What a sandbox uses now, and its processors' last minute; drawn each second, apart from its row. */
export function UsageCells({ sandbox }: { readonly sandbox: Sandbox }) {
  const { name, config } = sandbox;
  const { cpus, memoryMiB } = config;
  const usage = useStore(usageStore, selectUsage(name));
  const last = usage?.at(-1);
  const used = last?.guestMemoryBytes ?? last?.hostMemoryBytes;
  return (
    <>
      <td className="sandbox-cpu">
        {usage !== undefined && last !== undefined && (
          <span className="sandbox-spark">
            <Spark
              values={usage.map((sample) => sample && sample.cpuPercent / cpus)}
              length={keptUsage}
              top={100}
            />
            <span>{formatPercent(Math.min(100, last.cpuPercent / cpus))}</span>
          </span>
        )}
      </td>
      <td className="sandbox-memory">
        {used !== undefined && `${formatBytes(used)} `}
        <span className={used === undefined ? 'quiet' : 'quiet sandbox-memory-total'}>
          {used !== undefined && '/ '}
          {formatMiB(memoryMiB)}
        </span>
      </td>
    </>
  );
}
