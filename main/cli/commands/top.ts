/** `skerry top` */
import { setTimeout as delay } from 'node:timers/promises';
import type { Process } from '../../contract/stats.ts';
import { withHost } from '../connect.ts';
import { followStream } from '../follow-stream.ts';
import { formatBytes, formatTable } from '../format.ts';
import { print, printJson } from '../output.ts';
import { printPage } from '../screen.ts';
import type { StreamOptions } from './stats.ts';

const intervalMs = 2000;

interface Listing {
  readonly processes: readonly Process[];
  readonly atMs: number;
}

/** `skerry top`: again and again on a terminal, once elsewhere. */
export function showProcesses(name: string, options: StreamOptions): Promise<number> {
  const { json, stream = true } = options;
  return withHost(async ({ procedures }) => {
    if (json === true || !stream || !process.stdout.isTTY) {
      const processes = await procedures.stats.processes({ name });
      await (json === true ? printJson(processes) : print(processTable(processes)));
      return 0;
    }
    let before: Listing | undefined;
    const listings = async function* (signal: AbortSignal): AsyncGenerator<Listing, void, void> {
      for (;;) {
        const processes = await procedures.stats.processes({ name }, { signal });
        yield { processes, atMs: Date.now() };
        await delay(intervalMs, undefined, { signal });
      }
    };
    await followStream(
      ({ signal }) => Promise.resolve(listings(signal)),
      async (now) => {
        const rows = Math.max(2, process.stdout.rows - 1);
        const page = processTable(now.processes, busyPercents(now, before)).split('\n');
        before = now;
        await printPage(`${page.slice(0, rows).join('\n')}\n`);
        return 'go on';
      },
    );
    return 0;
  });
}

/** By pid, of one processor, since the listing before. */
export function busyPercents(now: Listing, before: Listing | undefined): Map<number, number> {
  const cpuMs = new Map(before?.processes.map((each) => [each.pid, each.cpuMs]));
  const passedMs = Math.max(1, now.atMs - (before?.atMs ?? now.atMs));
  return new Map(
    now.processes.flatMap((each) => {
      const earlier = cpuMs.get(each.pid);
      if (earlier === undefined) return [];
      return [[each.pid, (Math.max(0, each.cpuMs - earlier) / passedMs) * 100] as const];
    }),
  );
}

/** The busiest first: of late where that is known, and else since each began. */
function processTable(
  processes: readonly Process[],
  percents: ReadonlyMap<number, number> = new Map(),
): string {
  const busy = (each: Process): number => percents.get(each.pid) ?? 0;
  const sorted = processes.toSorted((a, b) => busy(b) - busy(a) || b.cpuMs - a.cpuMs);
  return formatTable([
    ['PID', 'PPID', 'UID', 'S', 'CPU', 'TIME', 'MEMORY', 'COMMAND'],
    ...sorted.map((each) => [
      String(each.pid),
      String(each.parentPid),
      String(each.userId),
      each.state,
      percents.size === 0 ? '-' : `${busy(each).toFixed(1)} %`,
      `${(each.cpuMs / 1000).toFixed(2)} s`,
      formatBytes(each.residentBytes),
      each.command,
    ]),
  ]);
}
