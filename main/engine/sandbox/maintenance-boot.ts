/**
 * A machine of a sandbox that is stopped, for work on its disk: its root is assembled, nothing of it
 * runs, and it has no network, no volumes and no scripts. The sandbox counts as stopped all the while.
 */
import type { Agent } from '../agent/agent.ts';
import { unmeasured } from '../live/boots/boot-steps.ts';
import { bootSandbox, type BootTools } from './boot-sandbox.ts';
import type { OperationProgress } from './operation-tracker.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import type { SandboxFiles } from './sandbox-records.ts';

/** Long enough for a guest in which nothing runs to write its disk out. */
const graceMs = 30_000;

/** Reports the stages of a boot. A failure leaves no machine. */
export async function bootForMaintenance(
  record: SandboxRecord,
  files: SandboxFiles,
  tools: BootTools,
  progress: OperationProgress,
): Promise<{ readonly agent: Agent; stop(): Promise<void> }> {
  const config = { ...record.config, volumes: {}, scripts: {} };
  const isolated = { ...record, config };
  const { machine } = await bootSandbox(isolated, files, tools, progress, {
    openNetwork: () => Promise.resolve(),
    closeNetwork: () => Promise.resolve(),
    onConsole: () => undefined,
    steps: unmeasured,
  });
  let stopped: Promise<unknown> | undefined;
  return {
    agent: machine.agent,
    stop: async () => {
      stopped ??= machine.stop(graceMs);
      await stopped;
    },
  };
}
