/** `skerry boot` */
import type { BootTimeline } from '../../contract/boot-timeline.ts';
import { withHost } from '../connect.ts';
import { formatTable, printable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

const barCells = 40;

/** `skerry boot`: the latest start, step by step. */
export function showBoot(name: string, { json }: JsonOption): Promise<number> {
  return withHost(async ({ procedures }) => {
    const boots = await procedures.sandboxes.boots({ name });
    const [latest] = boots;
    if (json === true) await printJson(boots);
    else if (latest === undefined) await print('There is no start on record.\n');
    else await print(timeline(latest));
    return 0;
  });
}

/** A row for each step, with a bar where its time was. */
function timeline({ startedAtMs, totalMs, steps, slowest, failure }: BootTimeline): string {
  const cell = (ms: number): number => Math.round((ms / Math.max(1, totalMs)) * barCells);
  const rows = steps.map(({ key, label, startMs, durationMs, detail }) => {
    const begin = Math.min(barCells - 1, cell(startMs));
    const length = Math.max(1, Math.min(barCells - begin, cell(durationMs)));
    return [
      `${durationMs.toFixed(0)} ms`,
      `${' '.repeat(begin)}${'█'.repeat(length)}`.padEnd(barCells),
      [label, key === slowest ? '← took longest' : '', detail ?? ''].filter(Boolean).join('  '),
    ];
  });
  const when = new Date(startedAtMs).toISOString();
  const how =
    failure === undefined ? `took ${(totalMs / 1000).toFixed(2)} s` : `failed: ${failure}`;
  return `${printable(`The start at ${when} ${how}`)}\n${formatTable(rows)}`;
}
