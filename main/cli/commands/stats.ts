/** `skerry stats` */
import type { StatsOverview, StatsSample } from '../../contract/stats.ts';
import { withHost } from '../connect.ts';
import { followStream } from '../follow-stream.ts';
import { formatBytes, formatTable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';
import { printPage } from '../screen.ts';

/** Options of what goes on until Ctrl+C. */
export interface StreamOptions extends JsonOption {
  /** False with `--no-stream`. */
  readonly stream?: boolean;
}

/** A host that has just begun has no sample yet, and one of a process that cannot be read never. */
const waitedOverviews = 3;

/** `skerry stats`: of all that run, or of those that are named. */
export function showStats(names: readonly string[], options: StreamOptions): Promise<number> {
  const { json, stream = true } = options;
  return withHost(async ({ procedures }) => {
    const all = await procedures.sandboxes.list();
    const named = await Promise.all(names.map((name) => procedures.sandboxes.inspect({ name })));
    const wanted = (names.length === 0 ? all : named)
      .filter(({ state }) => state === 'running')
      .map(({ name }) => name);
    const isWanted = (name: string): boolean => names.length === 0 || names.includes(name);
    const pick = (overview: StatsOverview): StatsOverview =>
      Object.fromEntries(Object.entries(overview).filter(([name]) => isWanted(name)));
    if (!stream && wanted.length === 0) {
      await (json === true ? printJson({}) : print(statsTable({})));
      return 0;
    }
    let count = 0;
    await followStream(
      (signal) => procedures.stats.watchAll(undefined, signal),
      async (overview) => {
        const picked = pick(overview);
        count += 1;
        if (stream) {
          await (json === true
            ? print(`${JSON.stringify(picked)}\n`)
            : printPage(statsTable(picked)));
          return 'go on';
        }
        const isWhole = wanted.every((name) => Object.hasOwn(picked, name));
        if (!isWhole && count < waitedOverviews) return 'go on';
        await (json === true ? printJson(picked) : print(statsTable(picked)));
        return 'stop';
      },
    );
    return 0;
  });
}

/** One line per sandbox, by name. */
function statsTable(overview: StatsOverview): string {
  const rows = Object.entries(overview).sort(([a], [b]) => (a < b ? -1 : 1));
  return formatTable([
    ['NAME', 'CPU', 'MEMORY', 'OF', 'HOST', 'READ', 'WRITTEN', 'RECEIVED', 'SENT', 'PROCESSES'],
    ...rows.map(([name, sample]) => [name, ...statsCells(sample)]),
  ]);
}

function statsCells(sample: StatsSample): string[] {
  const known = (bytes: number | undefined): string =>
    bytes === undefined ? '-' : formatBytes(bytes);
  const rate = (bytes: number): string => `${formatBytes(bytes)}/s`;
  return [
    `${sample.cpuPercent.toFixed(sample.cpuPercent < 10 ? 1 : 0)} %`,
    known(sample.guestMemoryBytes),
    known(sample.guestMemoryTotalBytes),
    formatBytes(sample.hostMemoryBytes),
    rate(sample.diskReadBytesPerSecond),
    rate(sample.diskWriteBytesPerSecond),
    rate(sample.networkReceivedBytesPerSecond),
    rate(sample.networkSentBytesPerSecond),
    sample.processes === undefined ? '-' : String(sample.processes),
  ];
}
