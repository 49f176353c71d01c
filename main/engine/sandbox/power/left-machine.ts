/** The machine of a sandbox that an earlier host process has left. */
import { runtimeDirOf, type BootTools } from '../boot-sandbox.ts';
import type { SandboxFiles } from '../sandbox-records.ts';
import type { VmDriver } from '../../vm/driver.ts';

/** Where it is to be found. */
export function leftMachinePlace(
  id: string,
  { consoleLog, monitorLog }: SandboxFiles,
  tools: Pick<BootTools, 'runtimeDir'>,
): Parameters<VmDriver['reattach']>[0] {
  const runtimeDir = runtimeDirOf(tools, id);
  return { id, runtimeDir, consoleLogPath: consoleLog, monitorLogPath: monitorLog };
}

/**
 * Ends it where it is still there: it was saved, has not run since, and is not to.
 * @throws AppError `vm/start-failed` where it runs but cannot be used
 */
export async function endLeftMachine(
  id: string,
  files: SandboxFiles,
  tools: Pick<BootTools, 'runtimeDir' | 'driver'>,
): Promise<void> {
  const left = await tools.driver.reattach(leftMachinePlace(id, files, tools));
  await left?.kill();
}
