import { availableParallelism, release, totalmem } from 'node:os';
import type { HostReport } from '../../contract/host.ts';
import { loadGuestAssets } from './guest-assets-folder.ts';
import { examineHost } from './host-checks.ts';
import type { SkerryPaths } from './paths.ts';
import { readStateOwner } from './state-lock.ts';

/** What this machine can do, and who serves the state directory. Needs no engine and starts none. */
export async function reportHost(paths: SkerryPaths, version: string): Promise<HostReport> {
  const { stateDir, cacheDir } = paths;
  const [examination, owner] = await Promise.all([
    examineHost({ stateDir, cacheDir, loadAssets: () => loadGuestAssets(cacheDir) }),
    readStateOwner(stateDir),
  ]);
  return {
    version,
    platform: `${process.platform} ${release()} ${process.arch}`,
    cpus: availableParallelism(),
    memoryMiB: Math.floor(totalmem() / 1024 / 1024),
    ...examination,
    stateDir,
    host: owner === undefined ? null : { pid: owner.pid, socket: owner.socket },
  };
}
