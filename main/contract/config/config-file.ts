/**
 * The file form of a configuration: what `skerry create --file` reads, `skerry export` writes and
 * the published JSON Schema describes. It differs from what goes over the contract in the names of
 * sizes alone. Pure; the text around it is `config-text.ts`.
 */
import { z } from 'zod';
import { fileFieldOf, fileNames } from './file-fields.ts';
import { sandboxConfigFields, type CreateRequest, type SandboxConfig } from '../sandbox-config.ts';

const { name, image, memoryMiB, rootDiskMiB, ...sameFields } = sandboxConfigFields;

/** The file form; a name or image that it leaves out is given where it is used. */
export const configFileSchema = z.strictObject({
  name: name.optional(),
  image: image.optional(),
  /** Guest memory in MiB. */
  memory: memoryMiB,
  /** Size of the writable disk in MiB. */
  rootDisk: rootDiskMiB,
  ...sameFields,
  /** Takes the place of the sandbox of this name, which is stopped and removed. */
  replace: z
    .boolean()
    .default(false)
    .describe('Takes the place of the sandbox of this name, which is stopped and removed.'),
});

/** What {@link requestOfFile} returns: what a file says, not yet checked, or what is wrong with it. */
export type ConfigTextResult =
  | { readonly ok: true; readonly request: Partial<CreateRequest> }
  | { readonly ok: false; readonly problem: string };

/** What a file holds. */
export type ConfigFile = z.input<typeof configFileSchema>;

/**
 * A file's content as a request that may lack its name and image. Knows nothing of what is valid,
 * beyond that a field has one name in a file.
 */
export function requestOfFile(file: Readonly<Record<string, unknown>>): ConfigTextResult {
  const request: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(file)) {
    if (Object.hasOwn(fileNames, field)) {
      const problem = `There is no field "${field}" in a file; it is "${fileFieldOf(field)}" there.`;
      return { ok: false, problem };
    }
    const [name = field] = Object.entries(fileNames).find(([, inFile]) => inFile === field) ?? [];
    request[name] = value;
  }
  return { ok: true, request };
}

/**
 * The file form of a configuration, in the order in which people read one. What is empty is left
 * out; everything else is there, defaults too, so that a later default changes nothing.
 */
export function fileOfConfig(config: SandboxConfig): ConfigFile {
  const { network } = config;
  const filled = <T extends object>(key: string, value: T): Record<string, T> =>
    Object.keys(value).length === 0 ? {} : { [key]: value };
  const set = <T>(key: string, value: T | undefined): Record<string, T> =>
    value === undefined ? {} : { [key]: value };
  return {
    name: config.name,
    image: config.image,
    ...filled('root', config.root),
    cpus: config.cpus,
    memory: config.memoryMiB,
    rootDisk: config.rootDiskMiB,
    ...set('workdir', config.workdir),
    shell: config.shell,
    ...set('user', config.user),
    ...set('hostname', config.hostname),
    ...set('entrypoint', config.entrypoint),
    ...set('cmd', config.cmd),
    ...filled('env', config.env),
    ...filled('volumes', config.volumes),
    network: {
      policy: network.policy,
      ...filled('allow', network.allow),
      ...filled('deny', network.deny),
      ...filled('rules', network.rules),
      ...filled('ports', network.ports),
      ...filled('bandwidth', network.bandwidth),
    },
    ...filled('scripts', config.scripts),
    ...filled('patches', config.patches.map(withoutDefaults)),
    ...filled('labels', config.labels),
    pullPolicy: config.pullPolicy,
    ...set('suspendAfterIdleMinutes', config.suspendAfterIdleMinutes),
  };
}

function withoutDefaults<T extends object>(patch: T): T {
  if (!('replace' in patch) || patch.replace !== false) return patch;
  const { replace: _default, ...rest } = patch;
  return rest as T;
}
