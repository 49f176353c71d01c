import type { RootFacts } from '../../contract/config/config-report.ts';
import type { Volume } from '../../contract/config/volume.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import { withHost } from '../connect.ts';
import { formatAge, formatBytes, formatTable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

const MiB = 1024 * 1024;

/** Options of `ls`. */
export type ListOptions = JsonOption & { readonly label?: Readonly<Record<string, string>> };

/** `skerry ls` */
export function listSandboxes({ json, label = {} }: ListOptions): Promise<number> {
  const wanted = Object.entries(label);
  return withHost(async (host) => {
    const all = await host.procedures.sandboxes.list();
    const sandboxes = all.filter(({ config }) =>
      wanted.every(
        ([key, value]) => Object.hasOwn(config.labels, key) && config.labels[key] === value,
      ),
    );
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
  const { config, bootMs, accelerator, vmPid, startedAtMs, suspended, lastError } = sandbox;
  const time = (ms: number): string => new Date(ms).toISOString();
  const facts: (readonly [string, string | undefined])[] = [
    ['Name', sandbox.name],
    ['State', sandbox.state],
    ['Id', sandbox.id],
    ['Image', config.image],
    ['Root', sandbox.root === undefined ? undefined : describeRoot(sandbox.root, config.root)],
    ['Digest', sandbox.imageDigest],
    ['Pull', config.pullPolicy],
    ['CPUs', String(config.cpus)],
    ['Memory', formatBytes(config.memoryMiB * MiB)],
    ['Root disk', formatBytes(config.rootDiskMiB * MiB)],
    ['Network', describeNetwork(sandbox)],
    ['Host name', config.hostname],
    ['User', config.user],
    ['Shell', config.shell],
    ['Directory', config.workdir],
    ['Entrypoint', config.entrypoint && JSON.stringify(config.entrypoint)],
    ['Command', config.cmd && JSON.stringify(config.cmd)],
    ...pairs('Environment', config.env),
    ...Object.entries(config.volumes).map(
      ([target, volume]) => ['Volume', describeVolume(target, volume, sandbox.sharedBy)] as const,
    ),
    ['Scripts', Object.keys(config.scripts).join(', ') || undefined],
    ['Patches', config.patches.length === 0 ? undefined : String(config.patches.length)],
    ...pairs('Label', config.labels),
    [
      'Suspends',
      config.suspendAfterIdleMinutes === undefined
        ? undefined
        : `after ${String(config.suspendAfterIdleMinutes)} idle minutes`,
    ],
    ['Created', time(sandbox.createdAtMs)],
    ['Started', startedAtMs === undefined ? undefined : time(startedAtMs)],
    ['Boot', bootMs === undefined ? undefined : `${(bootMs / 1000).toFixed(2)} s`],
    ['Began', sandbox.beganBy],
    [
      'Suspended',
      suspended && `${time(suspended.atMs)}, ${formatBytes(suspended.memoryBytes)} of memory`,
    ],
    ['Accelerator', accelerator],
    ['Process', vmPid === undefined ? undefined : String(vmPid)],
    [
      'Last error',
      lastError === undefined ? undefined : `${lastError.message} (${lastError.code})`,
    ],
  ];
  return formatTable(facts.filter((fact): fact is [string, string] => fact[1] !== undefined));
}

function pairs(label: string, values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, value]) => [label, `${key}=${value}`] as const);
}

/** `public, allow *.example.org, 8080:80 (up)`. */
function describeNetwork({ network, config }: Sandbox): string {
  const { policy, allow, deny, rules, ports, bandwidth } = config.network;
  const words = [
    policy,
    ...allow.map((destination) => `allow ${destination}`),
    ...deny.map((destination) => `deny ${destination}`),
    ...(rules.length === 0 ? [] : [`${String(rules.length)} rules`]),
    ...ports,
    ...(bandwidth.upload === undefined ? [] : [`up ${String(bandwidth.upload)} Mbit/s`]),
    ...(bandwidth.download === undefined ? [] : [`down ${String(bandwidth.download)} Mbit/s`]),
  ];
  return `${words.join(', ')}${network === 'none' ? '' : ` (${network})`}`;
}

function describeRoot(root: RootFacts, options: Sandbox['config']['root']): string {
  switch (root.kind) {
    case 'image':
      return 'an OCI image';
    case 'directory':
      return `the directory ${root.path}, ${options.access === 'ro' ? 'read-only below a disk' : 'changed itself'}`;
    case 'disk': {
      const parts = [`the ${root.format} disk ${root.path}`, formatBytes(root.virtualBytes)];
      if (options.partition !== undefined) parts.push(`partition ${String(options.partition)}`);
      parts.push(options.fork === true ? 'forked' : 'written itself');
      return [...parts, ...root.backingFiles.map((file) => `with ${file}`)].join(', ');
    }
  }
}

function describeVolume(target: string, volume: Volume, sharedBy: Sandbox['sharedBy']): string {
  if (volume.tmpfs !== undefined) {
    return `${target}: ${formatBytes(volume.tmpfs.sizeMiB * MiB)} of memory`;
  }
  const source = volume.bind ?? `volume ${volume.named ?? ''}`;
  const transport = sharedBy === undefined ? '' : ` by ${sharedBy}`;
  return `${target}: ${source}, ${volume.access ?? 'ro'}${transport}`;
}
