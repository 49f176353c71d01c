import path from 'node:path';
import type { RegistrySettings, RegistryTest } from '../../contract/registry.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { withHost } from '../connect.ts';
import { UsageError } from '../exit-code.ts';
import { formatTable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** What `skerry registry set` changes; the file and the mirrors are `false` where they are to go. */
export interface SetRegistryOptions extends JsonOption {
  readonly insecure?: boolean;
  readonly secure?: boolean;
  readonly caFile?: string | false;
  readonly mirror?: readonly string[];
  readonly mirrors?: boolean;
}

/** Options of `skerry registry test`. */
export interface TestRegistryOptions {
  readonly repository?: string;
}

/** `skerry registry set` */
export async function setRegistry(name: string, options: SetRegistryOptions): Promise<number> {
  if (options.insecure === true && options.secure === true) {
    throw new UsageError('A registry is insecure or secure, and not both.');
  }
  if (options.mirror !== undefined && options.mirrors === false) {
    throw new UsageError('Name mirrors with --mirror, or have none with --no-mirrors.');
  }
  return await withHost(async (host) => {
    const settings = changed(await settingsOf(host, name), options, process.cwd());
    const registry = await host.procedures.registries.configure({ registry: name, settings });
    if (options.json === true) await printJson(registry);
    else await print(settingsFacts(registry.name, registry.settings));
    return 0;
  });
}

/** `skerry registry rm` */
export function removeRegistry(name: string): Promise<number> {
  return withHost(async (host) => {
    await host.procedures.registries.remove({ registry: name });
    return 0;
  });
}

/** `skerry registry test`: 1 where a step fails. */
export function testRegistry(
  name: string,
  { repository, json }: TestRegistryOptions & JsonOption,
): Promise<number> {
  return withHost(async (host) => {
    const result = await host.procedures.registries.test({ registry: name, repository });
    if (json === true) await printJson(result);
    else await print(stepLines(result));
    return result.steps.some((step) => step.result === 'fail') ? 1 : 0;
  });
}

async function settingsOf(host: HostClient, name: string): Promise<RegistrySettings | undefined> {
  const registries = await host.procedures.registries.list();
  return registries.find((registry) => registry.name === name.toLowerCase())?.settings;
}

function changed(
  old: RegistrySettings | undefined,
  options: SetRegistryOptions,
  directory: string,
): RegistrySettings {
  const { insecure, secure, caFile = old?.caFile, mirror, mirrors } = options;
  return {
    isInsecure: insecure === true || (secure !== true && old?.isInsecure === true),
    mirrors: mirror === undefined ? (mirrors === false ? [] : (old?.mirrors ?? [])) : [...mirror],
    ...(typeof caFile === 'string' && {
      caFile: caFile.startsWith('~') ? caFile : path.resolve(directory, caFile),
    }),
  };
}

function settingsFacts(name: string, { isInsecure, caFile, mirrors }: RegistrySettings): string {
  return formatTable([
    ['Registry', name],
    ['Insecure', isInsecure ? 'yes' : 'no'],
    ['Authorities', caFile ?? 'those of this machine'],
    ['Mirrors', mirrors.length === 0 ? 'none' : mirrors.join(', ')],
  ]);
}

const marks = { pass: 'ok', fail: 'FAILED', skip: '-' } as const;

function stepLines({ steps }: RegistryTest): string {
  const hint = steps.at(-1)?.hint;
  const table = formatTable(
    steps.map(({ step, result, evidence }) => [step, marks[result], evidence]),
  );
  return hint === undefined ? table : `${table}→ ${hint}\n`;
}
