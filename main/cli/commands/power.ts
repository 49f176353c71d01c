import type { Sandbox } from '../../contract/sandbox.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { printJson } from '../output.ts';

/** `skerry pause` */
export function pause(names: readonly string[], options: JsonOption): Promise<number> {
  return eachOf(names, options, (host, name) => host.procedures.sandboxes.pause({ name }));
}

/** `skerry resume` */
export function resume(names: readonly string[], options: JsonOption): Promise<number> {
  return eachOf(names, options, (host, name) => host.procedures.sandboxes.resume({ name }));
}

/** `skerry suspend`: shows how far it is; Ctrl+C leaves the sandbox running. */
export function suspend(names: readonly string[], options: JsonOption): Promise<number> {
  return eachOf(names, options, async (host, name) => {
    using interrupts = new Interrupts();
    await followOperation(host, await host.procedures.sandboxes.suspend({ name }), interrupts);
    return await host.procedures.sandboxes.inspect({ name });
  });
}

/** One after the other; stops at the first that fails. */
function eachOf(
  names: readonly string[],
  { json }: JsonOption,
  work: (host: HostClient, name: string) => Promise<Sandbox>,
): Promise<number> {
  return withHost(async (host) => {
    const sandboxes: Sandbox[] = [];
    for (const name of names) sandboxes.push(await work(host, name));
    if (json === true) await printJson(sandboxes);
    return 0;
  });
}
