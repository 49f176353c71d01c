/** The shell of a sandbox, or the one that its image has. */
import type { Session, ShellRequest } from '../../../contract/session.ts';
import type { Agent, AgentSession } from '../../agent/agent.ts';
import { AppError, isAppError } from '../../base/app-error.ts';
import { planShell, type CommandContext } from './guest-environment.ts';

/** Where images have a shell; the last is that of distroless images for finding faults. */
const usualShells = ['/bin/sh', '/bin/bash', '/bin/ash', '/usr/bin/sh', '/busybox/sh'];

/** See the head of this file. */
export interface StartedShell {
  readonly session: AgentSession;
  readonly shell: NonNullable<Session['shell']>;
}

/** @throws AppError `exec/not-found` where the image has no shell at all, or as an exec does */
export async function startShell(
  agent: Agent,
  request: ShellRequest,
  context: CommandContext,
): Promise<StartedShell> {
  const wanted = context.config.shell;
  const others = usualShells.filter((path) => path !== wanted);
  for (const path of [wanted, ...others]) {
    try {
      const session = await agent.exec(planShell(request, context, path));
      return { session, shell: path === wanted ? { path } : { path, wanted } };
    } catch (error) {
      if (!isAppError(error, 'exec/not-found') && !isAppError(error, 'exec/not-executable')) {
        throw error;
      }
    }
  }
  const looked = [wanted, ...others].join(', ');
  throw new AppError('exec/not-found', `The image of "${request.name}" has no shell.`, {
    hint: 'Run a program of the image itself, as "skerry exec NAME -- PROGRAM" does.',
    details: { looked },
  });
}
