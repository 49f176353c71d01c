import type { SandboxConfigInput } from '../../contract/sandbox-config.ts';
import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { Interrupts } from '../interrupts.ts';
import { print, printJson } from '../output.ts';
import type { ConfigOptions, JsonOption } from '../options.ts';

/** `skerry create`: returns when the sandbox runs and its agent is ready. */
export function create(
  name: string,
  options: ConfigOptions & JsonOption & { readonly image: string },
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { sandboxes } = host.procedures;
    const config = toConfig(name, options.image, options);
    await followOperation(host, await sandboxes.create(config), interrupts);
    if (options.json === true) await printJson(await sandboxes.inspect({ name }));
    else await print(`${name}\n`);
    return 0;
  });
}

/** The configuration that the options describe; what they leave out, the engine fills in. */
export function toConfig(name: string, image: string, options: ConfigOptions): SandboxConfigInput {
  const { cpus, memory, disk, env, workdir, shell } = options;
  return {
    name,
    image,
    ...(env !== undefined && { env }),
    ...(cpus !== undefined && { cpus }),
    ...(memory !== undefined && { memoryMiB: memory }),
    ...(disk !== undefined && { rootDiskMiB: disk }),
    ...(workdir !== undefined && { workdir }),
    ...(shell !== undefined && { shell }),
  };
}
