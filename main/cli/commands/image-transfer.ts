import path from 'node:path';
import type { ArchiveFormat, ImageProgram } from '../../contract/image-transfer.ts';
import type { Operation, Outcome } from '../../contract/operation.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { printable } from '../format.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';
import { checkStdoutTakesBytes, makeSpool, printFile, spoolStdin, streamName } from '../spool.ts';

/** Options of `images import`. */
export interface ImportOptions extends JsonOption {
  readonly as?: string;
}

/** Options of `images export`. */
export interface ExportOptions extends JsonOption {
  readonly output: string;
  readonly format: ArchiveFormat;
  readonly force?: boolean;
}

/** `skerry images import`: prints the names that are in the store then. */
export async function importImages(file: string, options: ImportOptions): Promise<number> {
  using interrupts = new Interrupts();
  if (file !== streamName) {
    return await withHost((host) => importFile(host, path.resolve(file), options, interrupts));
  }
  await using spool = await makeSpool();
  const spooled = path.join(spool.path, 'stdin');
  await spoolStdin(spooled, interrupts);
  return await withHost((host) => importFile(host, spooled, options, interrupts));
}

/** `skerry images import --from`: the image of another program, by the name that it has there. */
export async function importFromProgram(
  program: ImageProgram,
  reference: string,
  options: JsonOption,
): Promise<number> {
  using interrupts = new Interrupts();
  return await withHost(async (host) => {
    const operation = await host.procedures.images.importFrom({ program, reference });
    return await followImport(host, operation, options, interrupts);
  });
}

/** `skerry images export`: prints the path of the file, or the archive. */
export async function exportImages(
  references: string[],
  { output, format, force, json }: ExportOptions,
): Promise<number> {
  using interrupts = new Interrupts();
  const write = (target: string): Promise<Outcome> =>
    withHost(async (host) => {
      const request = { references, path: target, format, replace: force === true };
      const operation = await host.procedures.images.export(request);
      return (await followOperation(host, operation, interrupts)).outcome ?? {};
    });
  if (output !== streamName) {
    const target = path.resolve(output);
    const outcome = await write(target);
    if (json === true) await printJson(outcome);
    else await print(`${target}\n`);
    return 0;
  }
  checkStdoutTakesBytes();
  await using spool = await makeSpool();
  const spooled = path.join(spool.path, 'archive.tar');
  await write(spooled);
  await printFile(spooled, interrupts);
  return 0;
}

async function importFile(
  host: HostClient,
  file: string,
  { as, ...options }: ImportOptions,
  interrupts: Interrupts,
): Promise<number> {
  const request = { path: file, ...(as !== undefined && { as }) };
  const operation = await host.procedures.images.import(request);
  return await followImport(host, operation, options, interrupts);
}

async function followImport(
  host: HostClient,
  operation: Operation,
  { json }: JsonOption,
  interrupts: Interrupts,
): Promise<number> {
  const { outcome } = await followOperation(host, operation, interrupts);
  if (json === true) await printJson(outcome ?? {});
  else await print((outcome?.references ?? []).map((name) => `${printable(name)}\n`).join(''));
  return 0;
}
