import type { Preset } from '../../contract/preset.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { checkConfig } from '../check-request.ts';
import { withHost } from '../connect.ts';
import { UsageError } from '../exit-code.ts';
import { formatTable } from '../format.ts';
import { readConfigFile } from '../gather-request.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** Options of `preset save`. */
export interface SaveOptions {
  readonly from?: string;
  readonly file?: string;
  readonly description?: string;
}

/** `skerry presets` */
export function listPresets({ json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const presets = await host.procedures.presets.list();
    if (json === true) await printJson(presets);
    else await print(presetsTable(presets));
    return 0;
  });
}

/** `skerry preset save`: of a sandbox, or of a file. */
export async function savePreset(name: string, options: SaveOptions): Promise<number> {
  const { from, file, description } = options;
  if ((from === undefined) === (file === undefined)) {
    throw new UsageError('A preset is saved of one thing: --from SANDBOX, or --file FILE.');
  }
  const written = file === undefined ? undefined : await readConfigFile(file);
  return withHost(async (host) => {
    const config = written ?? (await configOf(host, from ?? ''));
    await host.procedures.presets.save({
      name,
      // A preset is used under other names; its own stands in for them.
      config: checkConfig({ name, ...config }),
      ...(description !== undefined && { description }),
    });
    return 0;
  });
}

/** `skerry preset rm`: one of the user's own. */
export function removePreset(name: string): Promise<number> {
  return withHost(async (host) => {
    await host.procedures.presets.remove({ name });
    return 0;
  });
}

async function configOf(host: HostClient, sandbox: string): Promise<SandboxConfig> {
  return (await host.procedures.sandboxes.inspect({ name: sandbox })).config;
}

/** One line per preset. */
export function presetsTable(presets: readonly Preset[]): string {
  return formatTable([
    ['PRESET', 'TITLE', 'FROM', 'DESCRIPTION'],
    ...presets.map(({ name, title, origin, description }) => [
      name,
      title,
      origin === 'shipped' ? 'Skerry' : 'you',
      description,
    ]),
  ]);
}
