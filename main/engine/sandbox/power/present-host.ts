/** What this host starts machines with now, as far as a saved machine depends on it. */
import { cpus } from 'node:os';
import type { Accelerator } from '../../../contract/sandbox.ts';
import { protocolVersion } from '../../agent/host-messages.ts';
import type { GuestAssets } from '../../host/guest-assets.ts';
import type { PresentHost } from './saved-machine.ts';

/** Where a driver's version is from. */
export interface VersionTools {
  /** Of what starts machines. @throws AppError `vm/qemu-missing` */
  readonly driverVersion: () => Promise<string>;
}

/** @throws AppError `vm/qemu-missing` */
export async function presentHost(
  assets: GuestAssets,
  accelerator: Accelerator,
  tools: VersionTools,
): Promise<PresentHost> {
  const hostCpu = accelerator === 'tcg' ? undefined : cpus()[0]?.model.slice(0, 256);
  return {
    accelerator,
    driverVersion: await tools.driverVersion(),
    ...(hostCpu === undefined ? {} : { hostCpu }),
    assetsKey: assets.manifest.key,
    agentProtocol: protocolVersion,
    kernelArguments: [...assets.kernelArguments],
  };
}
