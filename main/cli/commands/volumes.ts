import type { NamedVolume } from '../../contract/volume.ts';
import { withHost } from '../connect.ts';
import { formatAge, formatBytes, formatTable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** `skerry volume ls` */
export function listVolumes({ json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const volumes = await host.procedures.volumes.list();
    if (json === true) await printJson(volumes);
    else await print(volumesTable(volumes, Date.now()));
    return 0;
  });
}

/** `skerry volume inspect` */
export function inspectVolume(name: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const volume = await host.procedures.volumes.inspect({ name });
    if (json === true) await printJson(volume);
    else await print(volumeFacts(volume));
    return 0;
  });
}

/** `skerry volume create` */
export function createVolume(name: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const volume = await host.procedures.volumes.create({ name });
    if (json === true) await printJson(volume);
    else await print(`${volume.name}\n`);
    return 0;
  });
}

/** `skerry volume rm`: one after the other; stops at the first that cannot be removed. */
export function removeVolumes(
  names: readonly string[],
  { force }: { readonly force?: boolean },
): Promise<number> {
  return withHost(async (host) => {
    for (const name of names) {
      await host.procedures.volumes.remove({ name, force: force === true });
    }
    return 0;
  });
}

/** One line per volume. */
export function volumesTable(volumes: readonly NamedVolume[], nowMs: number): string {
  return formatTable([
    ['VOLUME', 'CREATED', 'USED BY'],
    ...volumes.map(({ name, createdAtMs, usedBy }) => [
      name,
      `${formatAge(createdAtMs, nowMs)} ago`,
      usedBy.length === 0 ? '-' : usedBy.join(', '),
    ]),
  ]);
}

/** One line per fact. */
export function volumeFacts({ name, path, createdAtMs, diskBytes, usedBy }: NamedVolume): string {
  return formatTable([
    ['Name', name],
    ['Directory', path],
    ['Created', new Date(createdAtMs).toISOString()],
    ...(diskBytes === undefined ? [] : [['Size', formatBytes(diskBytes)]]),
    ['Used by', usedBy.length === 0 ? 'no sandbox' : usedBy.join(', ')],
  ]);
}
