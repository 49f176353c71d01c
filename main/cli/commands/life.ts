import type { HostClient } from '../../server/client/host-client.ts';
import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { printJson } from '../output.ts';

/** Options of `skerry start`. */
export interface StartOptions extends JsonOption {
  readonly fromDisk?: boolean;
}

/** `skerry start`: of a running sandbox, nothing. */
export function start(name: string, options: StartOptions): Promise<number> {
  const fromDisk = options.fromDisk === true;
  return boot(name, options, (host) => host.procedures.sandboxes.start({ name, fromDisk }));
}

/** `skerry restart` */
export function restart(name: string, options: JsonOption): Promise<number> {
  return boot(name, options, (host) => host.procedures.sandboxes.restart({ name }));
}

/** `skerry stop`: returns when it has stopped. */
export function stop(name: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const sandbox = await host.procedures.sandboxes.stop({ name });
    if (json === true) await printJson(sandbox);
    return 0;
  });
}

/** `skerry rm`: one after the other; stops at the first that cannot be removed. */
export function remove(names: readonly string[], { force }: { force?: boolean }): Promise<number> {
  return withHost(async (host) => {
    for (const name of names) {
      await host.procedures.sandboxes.remove({ name, force: force === true });
    }
    return 0;
  });
}

function boot(
  name: string,
  { json }: JsonOption,
  begin: (host: HostClient) => ReturnType<HostClient['procedures']['sandboxes']['start']>,
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    await followOperation(host, await begin(host), interrupts);
    if (json === true) await printJson(await host.procedures.sandboxes.inspect({ name }));
    return 0;
  });
}
