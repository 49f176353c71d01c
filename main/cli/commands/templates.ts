import type { Template } from '../../contract/template.ts';
import { withHost } from '../connect.ts';
import { formatAge, formatBytes, formatTable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** `skerry templates`: machines that are kept booted. */
export function listTemplates({ json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const templates = await host.procedures.host.templates();
    if (json === true) await printJson(templates);
    else await print(templatesTable(templates, Date.now()));
    return 0;
  });
}

/** `skerry templates clear` */
export function clearTemplates(): Promise<number> {
  return withHost(async (host) => {
    await host.procedures.host.clearTemplates();
    return 0;
  });
}

/** One line per template. */
export function templatesTable(templates: readonly Template[], nowMs: number): string {
  return formatTable([
    ['CPUS', 'MEMORY', 'ACCELERATOR', 'KERNEL', 'SIZE', 'USED'],
    ...templates.map(({ cpus, memoryMiB, accelerator, kernelRelease, bytes, usedAtMs }) => [
      String(cpus),
      `${String(memoryMiB)} MiB`,
      accelerator,
      kernelRelease,
      formatBytes(bytes),
      `${formatAge(usedAtMs, nowMs)} ago`,
    ]),
  ]);
}
