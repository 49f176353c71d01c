import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** `skerry push`: prints the digest of what was sent. */
export function push(
  reference: string,
  as: string | undefined,
  { json }: JsonOption,
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const operation = await host.procedures.images.push({ reference, as });
    const { outcome } = await followOperation(host, operation, interrupts);
    if (json === true) await printJson(outcome ?? null);
    else await print(`${outcome?.digest ?? operation.subject}\n`);
    return 0;
  });
}
