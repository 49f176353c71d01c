/** Finds the host process of the state directory, or starts one. */
import { resolvePaths, type SkerryPaths } from '../engine/index.ts';
import { toClientError } from '../server/client/client-error.ts';
import { findHost, type KnownHost } from '../server/client/find-host.ts';
import { connectHost, type HostClient } from '../server/client/host-client.ts';

/** Where this user's Skerry keeps things. */
export function currentPaths(): SkerryPaths {
  return resolvePaths(process.env, process.platform);
}

/** A host process that answers, with a connection to it. */
export interface RunningHost {
  readonly known: KnownHost;
  readonly client: HostClient;
}

/** The host process of the state directory, if one runs. */
export async function findRunningHost(stateDir: string): Promise<RunningHost | undefined> {
  const known = await findHost(stateDir);
  if (known === undefined) return undefined;
  try {
    return { known, client: await connectHost(known.socket) };
  } catch (error) {
    if (toClientError(error).data.code === 'host/unreachable') return undefined;
    throw error;
  }
}

/** A host process that is just ending has the lock and serves no more. */
const maxAttempts = 3;

/** Works with the host process, which is started in the background if none runs, and stays. */
export async function withHost<T>(work: (host: HostClient) => Promise<T>): Promise<T> {
  leaveHttpClientUnloaded();
  const client = await connectOrStart(currentPaths());
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

async function connectOrStart(paths: SkerryPaths): Promise<HostClient> {
  const running = await findRunningHost(paths.stateDir);
  if (running !== undefined) return running.client;
  const { startBackgroundHost } = await import('./start-background-host.ts');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connectHost(await startBackgroundHost(paths));
    } catch (error) {
      const isUnreachable = toClientError(error).data.code === 'host/unreachable';
      if (!isUnreachable || attempt === maxAttempts) throw error;
    }
  }
}

/**
 * Every call is looked at for being a FormData, which none of ours is. The first look at that name
 * makes Node load its whole HTTP client, a third of what a short command does.
 */
function leaveHttpClientUnloaded(): void {
  globalThis.FormData = function NoFormData() {
    throw new Error('The command line sends no forms.');
  } as unknown as typeof FormData;
}
