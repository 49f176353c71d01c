/** Starts a program that goes on without this process, and hears whether it fails at once. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** What a program is started with, and how long its start is watched. */
export interface StartOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Working directory. */
  readonly cwd: string;
  /** Longer than a program needs to find that it cannot do its work, in milliseconds. */
  readonly watchMs: number;
}

/**
 * Resolves with nothing where the program still runs after a while or has ended well (it may have
 * passed its work on to another process), or else with words of how it failed. Its output goes
 * nowhere: a pipe of ours would break when this process ends, and a file grow without end.
 */
export async function startApart(
  program: string,
  args: readonly string[],
  { env, cwd, watchMs }: StartOptions,
): Promise<string | undefined> {
  const child = spawn(program, args, { detached: true, stdio: 'ignore', env, cwd });
  const watched = new AbortController();
  const ended = exitOf(child, watched.signal).then(
    ([code, signal]: [number | null, NodeJS.Signals | null]) => {
      if (code === 0) return undefined;
      return signal === null ? `ended with exit code ${String(code)}` : `ended by ${signal}`;
    },
    (error: unknown) => `could not be started: ${String(error)}`,
  );
  const stillRuns = delay(watchMs, undefined, { signal: watched.signal }).catch(() => undefined);
  const failure = await Promise.race([ended, stillRuns]);
  watched.abort();
  // What goes wrong from here on is between the program and its user.
  child.on('error', () => undefined);
  child.unref();
  return failure;
}

function exitOf(
  child: ChildProcess,
  signal: AbortSignal,
): Promise<[number | null, NodeJS.Signals | null]> {
  return once(child, 'exit', { signal }) as Promise<[number | null, NodeJS.Signals | null]>;
}
