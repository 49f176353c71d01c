import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** `skerry duplicate`: returns when the new sandbox runs. */
export function duplicate(
  name: string,
  as: string,
  { withDisk, json }: JsonOption & { readonly withDisk?: boolean },
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { sandboxes } = host.procedures;
    const operation = await sandboxes.duplicate({ name, as, withDisk: withDisk === true });
    await followOperation(host, operation, interrupts);
    if (json === true) await printJson(await sandboxes.inspect({ name: as }));
    else await print(`${as}\n`);
    return 0;
  });
}
