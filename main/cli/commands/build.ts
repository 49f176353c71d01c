import path from 'node:path';
import type { ImageProgram } from '../../contract/image-transfer.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { printable } from '../format.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson, write } from '../output.ts';
import { createLineProgress } from '../progress.ts';

/** Options of `build`. */
export interface BuildOptions extends JsonOption {
  readonly tag: string;
  readonly file?: string;
  readonly target?: string;
  readonly buildArg?: Readonly<Record<string, string>>;
  /** False with `--no-cache`. */
  readonly cache: boolean;
  readonly with?: ImageProgram;
}

/** `skerry build`: what the program says goes to stderr, the digest to stdout. */
export async function buildImage(context: string, options: BuildOptions): Promise<number> {
  using interrupts = new Interrupts();
  return await withHost(async (host) => {
    const { tag, file, target, buildArg, cache, with: program, json } = options;
    const operation = await host.procedures.images.build({
      context: path.resolve(context),
      tag,
      ...(file !== undefined && { file: path.resolve(file) }),
      ...(target !== undefined && { target }),
      ...(buildArg !== undefined && { buildArgs: { ...buildArg } }),
      noCache: !cache,
      ...(program !== undefined && { program }),
    });
    const progress = createLineProgress(process.stderr);
    const [{ outcome }] = await Promise.all([
      followOperation(host, operation, interrupts, progress),
      printOutput(host, operation.id),
    ]);
    if (json === true) await printJson(outcome ?? {});
    else await print(`${outcome?.digest ?? tag}\n`);
    return 0;
  });
}

/** Shows the output of an operation until it has ended. What goes wrong is the operation's to say. */
async function printOutput(host: HostClient, id: string): Promise<void> {
  try {
    for await (const text of await host.procedures.operations.output({ id })) {
      await write(process.stderr, printable(text));
    }
  } catch {
    // The operation goes on, or has told why not.
  }
}
