import type { Operation } from '../../contract/operation.ts';
import { toClientError } from '../../server/client/client-error.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { Interrupts } from '../interrupts.ts';
import type { CommandOptions, ConfigOptions } from '../options.ts';
import { isInteractive, runSession, terminalSize } from '../run-session.ts';
import { toConfig } from './create.ts';

/** Two runs at one time may be given the same name. */
const maxNameAttempts = 5;

/** Options of `run`. */
export type RunOptions = ConfigOptions &
  CommandOptions & { readonly rm?: boolean; readonly name?: string };

/** `skerry run`: with `--rm` nothing is left of the sandbox, however the command ends. */
export function run(
  image: string,
  command: readonly string[],
  options: RunOptions,
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { name, operation } = await begin(host, image, options);
    await followOperation(host, operation, interrupts);
    try {
      interrupts.throwIfInterrupted();
      const { tty, user } = options;
      const hasTerminal = tty === true || (command.length === 0 && isInteractive());
      const session = await host.procedures.sandboxes.exec({
        name,
        command: [...command],
        ...(user !== undefined && { user }),
        ...(hasTerminal && { tty: terminalSize() }),
      });
      return await runSession(host, session, interrupts);
    } finally {
      if (options.rm === true) await host.procedures.sandboxes.remove({ name, force: true });
    }
  });
}

async function begin(
  host: HostClient,
  image: string,
  options: RunOptions,
): Promise<{ name: string; operation: Operation }> {
  const { sandboxes } = host.procedures;
  for (let attempt = 1; ; attempt += 1) {
    const name = options.name ?? (await sandboxes.suggest()).name;
    try {
      return { name, operation: await sandboxes.create(toConfig(name, image, options)) };
    } catch (error) {
      const isTaken = toClientError(error).data.code === 'sandbox/name-taken';
      if (!isTaken || options.name !== undefined || attempt === maxNameAttempts) throw error;
    }
  }
}
