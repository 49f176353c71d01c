import { checkRequest } from '../check-request.ts';
import { withHost } from '../connect.ts';
import { UsageError } from '../exit-code.ts';
import { followOperation } from '../follow-operation.ts';
import { overPreset, readRequest, type SourceOptions } from '../gather-request.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';
import { dryRun, type ConfigFormat } from './dry-run.ts';

/** Options of `create`. */
export type CreateOptions = SourceOptions &
  JsonOption & { readonly dryRun?: boolean; readonly format?: ConfigFormat };

/** `skerry create`: returns when the sandbox runs and its agent is ready. */
export async function create(name: string | undefined, options: CreateOptions): Promise<number> {
  const written = await readRequest(options, name);
  if (options.dryRun === true) {
    const format = options.format ?? (options.json === true ? 'json' : 'yaml');
    return dryRun(written, options.preset, format);
  }
  if (options.format !== undefined) throw new UsageError('--format goes with --dry-run.');
  if (written['name'] === undefined) {
    throw new UsageError('A sandbox needs a name: skerry create NAME, or a file with one.');
  }
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { sandboxes } = host.procedures;
    const described = await overPreset(host, options.preset, written);
    if (!Object.hasOwn(described, 'image')) {
      throw new UsageError('A sandbox needs an image: --image, or a file or preset with one.');
    }
    const request = checkRequest(described);
    await followOperation(host, await sandboxes.create(request), interrupts);
    const sandbox = await sandboxes.inspect({ name: request.name });
    if (options.json === true) await printJson(sandbox);
    else await print(`${sandbox.name}\n`);
    return 0;
  });
}
