import type { Operation } from '../../contract/operation.ts';
import { toClientError } from '../../server/client/client-error.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { checkRequest } from '../check-request.ts';
import { withHost } from '../connect.ts';
import { UsageError } from '../exit-code.ts';
import { followOperation } from '../follow-operation.ts';
import { overPreset, readRequest, type SourceOptions } from '../gather-request.ts';
import { Interrupts } from '../interrupts.ts';
import { isInteractive, runSession, terminalSize } from '../run-session.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Two runs at one time may be given the same name. */
const maxNameAttempts = 5;

/** Options of `run`. */
export type RunOptions = SourceOptions & {
  readonly rm?: boolean;
  readonly name?: string;
  readonly tty?: boolean;
};

/** `skerry run`: with `--rm` nothing is left of the sandbox, however the command ends. */
export async function run(
  image: string | undefined,
  command: readonly string[],
  options: RunOptions,
): Promise<number> {
  const named = { ...options, ...(image !== undefined && { image }) };
  const written = await readRequest(named, options.name);
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const request = await overPreset(host, options.preset, written);
    if (!Object.hasOwn(request, 'image')) {
      throw new UsageError(
        'A sandbox needs an image: skerry run IMAGE, or a file or preset with one.',
      );
    }
    const { name, operation } = await begin(host, request);
    await followOperation(host, operation, interrupts);
    try {
      interrupts.throwIfInterrupted();
      const hasTerminal = options.tty === true || (command.length === 0 && isInteractive());
      const session = await host.procedures.sandboxes.exec({
        name,
        command: [...command],
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
  request: Fields,
): Promise<{ name: string; operation: Operation }> {
  const { sandboxes } = host.procedures;
  const isNamed = Object.hasOwn(request, 'name');
  for (let attempt = 1; ; attempt += 1) {
    const named = isNamed ? request : { ...request, name: (await sandboxes.suggest()).name };
    const complete = checkRequest(named);
    try {
      return { name: complete.name, operation: await sandboxes.create(complete) };
    } catch (error) {
      const isTaken = toClientError(error).data.code === 'sandbox/name-taken';
      if (!isTaken || isNamed || attempt === maxNameAttempts) throw error;
    }
  }
}
