import type { VmPlan } from '../plan.ts';
import {
  agentPortArguments,
  consoleArguments,
  diskArguments,
  entropyArguments,
  monitorArguments,
  networkArguments,
  shareArguments,
} from './device-arguments.ts';
import {
  bootArguments,
  cpuArguments,
  isolationArguments,
  machineArguments,
  memoryArguments,
  nameArguments,
} from './machine-arguments.ts';

/** What the arguments depend on besides the machine itself. */
export interface QemuArgumentsContext {
  readonly sockets: {
    readonly monitor: string;
    readonly console: string;
    readonly agent: string;
    /** The daemon's, which accepts connections already; used where something is shared by it. */
    readonly shares: string;
    /** Made later than the others; used where the machine has a network. */
    readonly network: string;
  };
  /** Linux has seccomp and memfd; other hosts have neither. */
  readonly linux: boolean;
}

/**
 * QEMU's whole command line, without the program. The machine is made but does not run (`-S`).
 * Invariant: its sockets are made in this order, so that one that exists proves that those before
 * it accept connections already.
 */
export function buildQemuArguments(
  plan: VmPlan,
  { sockets, linux }: QemuArgumentsContext,
): string[] {
  return [
    ...isolationArguments(linux),
    ...nameArguments(plan),
    ...machineArguments(plan),
    ...memoryArguments(plan, linux),
    ...cpuArguments(plan),
    ...monitorArguments(sockets.monitor),
    ...consoleArguments(sockets.console),
    ...agentPortArguments(plan, sockets.agent),
    ...plan.disks.flatMap(diskArguments),
    ...shareArguments(plan.shares, sockets.shares),
    ...networkArguments(plan, sockets.network),
    ...entropyArguments(),
    ...bootArguments(plan),
    '-S',
  ];
}
