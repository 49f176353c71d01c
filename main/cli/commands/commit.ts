import type { Operation } from '../../contract/operation.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { printable } from '../format.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson, write } from '../output.ts';

/** Options of `skerry commit`. */
export interface CommitOptions extends JsonOption {
  readonly message?: string;
  readonly author?: string;
}

/** `skerry commit`: prints the digest of the new image. */
export function commit(
  sandbox: string,
  reference: string,
  { json, message, author }: CommitOptions,
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { images } = host.procedures;
    const operation = await images.commit({
      sandbox,
      reference,
      ...(message === undefined ? {} : { message }),
      ...(author === undefined ? {} : { author }),
    });
    const ended = await followOperation(host, operation, interrupts);
    await tellOutput(host, ended);
    const { digest, references } = ended.outcome ?? {};
    const name = references?.[0] ?? reference;
    if (json === true) await printJson({ reference: name, digest });
    else await print(`${digest ?? name}\n`);
    return 0;
  });
}

/** What was left out, in the words of the guest. */
async function tellOutput(host: HostClient, { id, hasOutput }: Operation): Promise<void> {
  if (hasOutput !== true) return;
  for await (const text of await host.procedures.operations.output({ id })) {
    await write(process.stderr, printable(text));
  }
}
