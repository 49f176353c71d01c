/** From a record and its files to a running machine: what differs from one sandbox to another. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Accelerator } from '../../contract/sandbox.ts';
import { AppError } from '../base/app-error.ts';
import type { GuestAssets } from '../host/guest-assets.ts';
import type { PreparedImage } from '../image/types.ts';
import { buildVmdkDescriptor } from '../image/vmdk.ts';
import type { VmDisk } from '../vm/driver.ts';
import type { OperationProgress, PlannedStage } from './operation-tracker.ts';
import { RunningMachine, type MachineTools } from './running-machine.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import type { SandboxFiles } from './sandbox-records.ts';

/** What booting needs besides the machine's own tools. */
export interface BootTools extends MachineTools {
  readonly runtimeDir: string;
  /** @throws AppError `vm/assets-missing` */
  readonly loadAssets: () => Promise<GuestAssets>;
  readonly chooseAccelerator: () => Promise<Accelerator>;
  readonly findImage: (digest: string) => Promise<PreparedImage | undefined>;
}

/** The stages that every start ends with. */
export const bootStages: readonly PlannedStage[] = [
  { key: 'boot', label: 'Boot' },
  { key: 'agent', label: 'Agent' },
];

const lowerSerial = 'root';
const upperSerial = 'upper';

/** Where the sockets of a sandbox's machine are. */
export function runtimeDirOf(tools: BootTools, id: string): string {
  return path.join(tools.runtimeDir, id);
}

/** Boots a sandbox whose files are there. A failure leaves its files as they were. */
export async function bootSandbox(
  record: SandboxRecord,
  files: SandboxFiles,
  tools: BootTools,
  progress: OperationProgress,
): Promise<{ machine: RunningMachine; accelerator: Accelerator }> {
  progress.begin('boot');
  const [assets, accelerator, image] = await Promise.all([
    tools.loadAssets(),
    tools.chooseAccelerator(),
    tools.findImage(record.image.digest),
  ]);
  if (image === undefined) {
    throw new AppError(
      'image/not-found',
      `The image ${record.image.reference} (${record.image.digest}) is no longer in the store.`,
      { hint: `Pull ${record.image.reference} again.` },
    );
  }
  const runtimeDir = runtimeDirOf(tools, record.id);
  await Promise.all([
    rm(runtimeDir, { recursive: true, force: true }).then(() =>
      mkdir(runtimeDir, { recursive: true, mode: 0o700 }),
    ),
    writeFile(files.rootDescriptor, buildVmdkDescriptor(image.extents)),
  ]);
  const machine = await RunningMachine.boot(
    {
      id: record.id,
      cpus: record.config.cpus,
      memoryMiB: record.config.memoryMiB,
      accelerator,
      kernelPath: assets.kernelPath,
      initramfsPath: assets.initramfsPath,
      kernelArguments: assets.kernelArguments,
      disks: disks(files),
      runtimeDir,
      consoleLogPath: files.consoleLog,
      monitorLogPath: files.monitorLog,
    },
    { hostname: guestHostname(record.config.name), root: { lowerSerial, upperSerial } },
    tools,
    {
      signal: progress.signal,
      onBooted: () => {
        progress.finish('boot', accelerator === 'tcg' ? 'emulated' : undefined);
        progress.begin('agent');
      },
    },
  );
  progress.finish('agent');
  return { machine, accelerator };
}

function disks(files: SandboxFiles): VmDisk[] {
  return [
    { serial: lowerSerial, path: files.rootDescriptor, format: 'vmdk', readOnly: true },
    { serial: upperSerial, path: files.upperDisk, format: 'raw', readOnly: false },
  ];
}

/** RFC 1123 labels have letters, digits and hyphens; `_` is what names have besides. Linux takes 64. */
export function guestHostname(name: string): string {
  return name.replaceAll('_', '-').replace(/[.-]+$/, '') || 'sandbox';
}
