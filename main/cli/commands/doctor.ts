import type { HostReport } from '../../contract/host.ts';
import { currentPaths, findRunningHost } from '../connect.ts';
import { formatTable, printable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';
import { readVersion } from '../../server/version.ts';

/** `skerry doctor`: asks the host process that runs, or else the machine itself. */
export async function doctor({ json }: JsonOption): Promise<number> {
  const report = await makeReport();
  await (json === true ? printJson(report) : print(describeReport(report)));
  return report.checks.some(({ result }) => result === 'fail') ? 1 : 0;
}

async function makeReport(): Promise<HostReport> {
  const paths = currentPaths();
  const running = await findRunningHost(paths.stateDir);
  if (running === undefined) {
    const { reportHost } = await import('../../engine/index.ts');
    return { ...(await reportHost({ paths, version: readVersion() })), host: null };
  }
  try {
    const report = await running.client.procedures.host.report();
    return { ...report, host: { pid: running.known.pid, socket: running.known.socket } };
  } finally {
    running.client.close();
  }
}

/** The report for people: the machine, then each check with what mends it. */
export function describeReport(report: HostReport): string {
  const { accelerator, acceleratorNote, host } = report;
  const note = acceleratorNote === undefined ? '' : `: ${acceleratorNote}`;
  const facts = formatTable([
    ['Skerry', report.version],
    ['Machine', `${report.platform}, ${String(report.cpus)} CPUs, ${String(report.memoryMiB)} MiB`],
    ['Accelerator', `${accelerator}${note}`],
    ['State', report.stateDir],
    ['Host process', host === null ? 'none runs' : `${String(host.pid)} at ${host.socket}`],
  ]);
  const marks = { pass: '✓', warn: '!', fail: '✗' } as const;
  const width = Math.max(0, ...report.checks.map(({ title }) => title.length));
  const checks = report.checks.map(({ result, title, evidence, fix }) => {
    const line = `${marks[result]} ${printable(title).padEnd(width)}  ${printable(evidence)}\n`;
    const indent = ' '.repeat(width + 4);
    return fix === undefined ? line : `${line}${indent}→ ${printable(fix)}\n`;
  });
  return `${facts}\n${checks.join('')}`;
}
