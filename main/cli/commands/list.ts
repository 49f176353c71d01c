import type { Sandbox } from '../../contract/sandbox.ts';
import { withHost } from '../connect.ts';
import { formatAge, formatBytes, formatTable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

const MiB = 1024 * 1024;

/** `skerry ls` */
export function listSandboxes({ json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const sandboxes = await host.procedures.sandboxes.list();
    if (json === true) await printJson(sandboxes);
    else await print(sandboxesTable(sandboxes, Date.now()));
    return 0;
  });
}

/** `skerry inspect` */
export function inspect(name: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const sandbox = await host.procedures.sandboxes.inspect({ name });
    if (json === true) await printJson(sandbox);
    else await print(sandboxFacts(sandbox));
    return 0;
  });
}

/** One line per sandbox. */
export function sandboxesTable(sandboxes: readonly Sandbox[], nowMs: number): string {
  return formatTable([
    ['NAME', 'STATE', 'IMAGE', 'CPUS', 'MEMORY', 'UP'],
    ...sandboxes.map(({ name, state, config, startedAtMs }) => [
      name,
      state,
      config.image,
      String(config.cpus),
      formatBytes(config.memoryMiB * MiB),
      state === 'running' && startedAtMs !== undefined ? formatAge(startedAtMs, nowMs) : '-',
    ]),
  ]);
}

/** One line per fact. */
export function sandboxFacts(sandbox: Sandbox): string {
  const { config, bootMs, accelerator, vmPid, startedAtMs, lastError } = sandbox;
  const time = (ms: number): string => new Date(ms).toISOString();
  const facts: (readonly [string, string | undefined])[] = [
    ['Name', sandbox.name],
    ['State', sandbox.state],
    ['Id', sandbox.id],
    ['Image', config.image],
    ['Digest', sandbox.imageDigest],
    ['CPUs', String(config.cpus)],
    ['Memory', formatBytes(config.memoryMiB * MiB)],
    ['Root disk', formatBytes(config.rootDiskMiB * MiB)],
    ['Network', sandbox.network],
    ['Shell', config.shell],
    ['Directory', config.workdir],
    ...Object.entries(config.env).map(
      ([key, value]) => ['Environment', `${key}=${value}`] as const,
    ),
    ['Created', time(sandbox.createdAtMs)],
    ['Started', startedAtMs === undefined ? undefined : time(startedAtMs)],
    ['Boot', bootMs === undefined ? undefined : `${(bootMs / 1000).toFixed(2)} s`],
    ['Accelerator', accelerator],
    ['Process', vmPid === undefined ? undefined : String(vmPid)],
    [
      'Last error',
      lastError === undefined ? undefined : `${lastError.message} (${lastError.code})`,
    ],
  ];
  return formatTable(facts.filter((fact): fact is [string, string] => fact[1] !== undefined));
}
