import { withHost } from '../connect.ts';
import { Interrupts } from '../interrupts.ts';
import type { CommandOptions } from '../options.ts';
import { isInteractive, runSession, terminalSize } from '../run-session.ts';

/** `skerry exec`: without a command, what the image runs. */
export function exec(
  name: string,
  command: readonly string[],
  { tty, env, workdir, user }: CommandOptions,
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const session = await host.procedures.sandboxes.exec({
      name,
      command: [...command],
      ...(env !== undefined && { env }),
      ...(workdir !== undefined && { workdir }),
      ...(user !== undefined && { user }),
      ...(tty === true && { tty: terminalSize() }),
    });
    return await runSession(host, session, interrupts);
  });
}

/** `skerry shell`: a terminal where there is one, else a shell that reads our stdin. */
export function shell(name: string, script: readonly string[]): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const session = await host.procedures.sandboxes.shell({
      name,
      ...(script.length > 0 && { script: script.join(' ') }),
      ...(isInteractive() && { tty: terminalSize() }),
    });
    return await runSession(host, session, interrupts);
  });
}
