/** From a record and its files to a running machine: what differs from one sandbox to another. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Accelerator, Beginning } from '../../contract/sandbox.ts';
import { AppError } from '../base/app-error.ts';
import { lookAtLocalFile } from '../config/local-files.ts';
import { inspectDiskImage } from '../host/disk-image.ts';
import type { GuestAssets } from '../host/guest-assets.ts';
import type { ShareSupport } from '../host/share-probe.ts';
import { removeSeedDisk, writeSeedDisk } from '../image/seed-disk.ts';
import type { PreparedImage } from '../image/types.ts';
import { buildVmdkDescriptor } from '../image/vmdk.ts';
import type { BootSteps } from '../live/boots/boot-steps.ts';
import { linkMtu, macs } from '../net/stack/link-addresses.ts';
import { formatMac } from '../net/wire/address.ts';
import type { OnConsole, Vm, VmShares } from '../vm/driver.ts';
import { beginMachine, type BeginTools } from './begin-machine.ts';
import type { OperationProgress, PlannedStage } from './operation-tracker.ts';
import { nameFailedPatch } from './patch-error.ts';
import {
  needsSeed,
  planBoot,
  seedContents,
  type BootPlan,
  type VolumeSource,
} from './plan-boot.ts';
import { shapeOf, type MachineShape } from './power/machine-shape.ts';
import { presentHost, type VersionTools } from './power/present-host.ts';
import type { RunningMachine } from './running-machine.ts';
import { growTop } from '../snapshot/chain-files.ts';
import type { RootRecord } from '../snapshot/root-record.ts';
import { diskOf } from './disk-of-record.ts';
import { hasUpperDisk } from './has-upper-disk.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import type { SandboxFiles } from './sandbox-records.ts';

/** What booting needs besides the machine's own tools. */
export interface BootTools extends BeginTools, VersionTools {
  readonly runtimeDir: string;
  /** @throws AppError `vm/assets-missing` */
  readonly loadAssets: () => Promise<GuestAssets>;
  readonly chooseAccelerator: () => Promise<Accelerator>;
  /** How directories of the host reach a guest; asked only where some have to. */
  readonly findShareSupport: () => Promise<ShareSupport>;
  readonly findImage: (digest: string) => Promise<PreparedImage | undefined>;
  /** Makes a named volume where there is none and says where its content is. */
  readonly ensureVolume: (name: string) => Promise<string>;
}

/** The stages that every start ends with. */
export const bootStages: readonly PlannedStage[] = [
  { key: 'boot', label: 'Boot' },
  { key: 'agent', label: 'Agent' },
];

const bytesPerMiB = 1024 * 1024;

/** Where the sockets of a sandbox's machine are. */
export function runtimeDirOf(tools: Pick<BootTools, 'runtimeDir'>, id: string): string {
  return path.join(tools.runtimeDir, id);
}

/** What came of a boot. */
export interface BootedSandbox {
  readonly machine: RunningMachine;
  readonly accelerator: Accelerator;
  readonly beganBy: Beginning;
  /** What it was started as. */
  readonly shape: MachineShape;
  /** Absent where nothing of the host is shared. */
  readonly sharedBy?: VmShares['transport'];
}

/** What goes along with a boot. */
export interface BootHooks {
  readonly openNetwork: (vm: Vm) => Promise<void>;
  /** Undoes it, where another machine is tried. */
  readonly closeNetwork: () => Promise<void>;
  readonly onConsole: OnConsole;
  readonly steps: BootSteps;
}

/** Boots a sandbox whose files are there. A failure leaves its files as they were. */
export async function bootSandbox(
  record: SandboxRecord,
  files: SandboxFiles,
  tools: BootTools,
  progress: OperationProgress,
  { steps, ...machineHooks }: BootHooks,
): Promise<BootedSandbox> {
  progress.begin('boot');
  const { config } = record;
  const { signal } = progress;
  const [assets, accelerator, sources] = await Promise.all([
    steps.measure('assets', 'Find kernel and agent', () => tools.loadAssets()),
    steps.measure('accelerator', 'Choose the accelerator', () => tools.chooseAccelerator()),
    steps.measure('sources', 'Look at what is shared', () =>
      findSources(record, tools.ensureVolume),
    ),
    steps.measure('image', 'Describe the image', () => writeRootDescriptor(record, files, tools)),
    steps.measure('seed', 'Write scripts and patches', () => prepareSeed(record, files, signal)),
    steps.measure('disks', 'Check the disks', async () => {
      await Promise.all([growUpperDisk(record, files), checkDiskImage(record.root, signal)]);
    }),
  ]);
  const present = presentHost(assets, accelerator, tools);
  present.catch(() => undefined);
  const plan = planBoot(record, files, sources);
  const shares = await steps.measure('shares', 'Find what shares directories', () =>
    planShares(plan, tools),
  );
  const runtimeDir = runtimeDirOf(tools, record.id);
  const initramfs = record.root.kind === 'disk' ? 'disk' : 'image';
  try {
    const { machine, beganBy, spec } = await beginMachine(
      {
        assets,
        needs: {
          cpus: config.cpus,
          memoryMiB: config.memoryMiB,
          accelerator,
          initramfs,
          disks: plan.disks,
          shares,
          network: { mac: formatMac(macs.guest), mtu: linkMtu },
        },
        place: {
          id: record.id,
          runtimeDir,
          consoleLogPath: files.consoleLog,
          monitorLogPath: files.monitorLog,
        },
        setup: {
          ...plan.setup,
          ...(shares === undefined ? {} : { shareTransport: shares.transport }),
        },
        prepare: async () => {
          await rm(runtimeDir, { recursive: true, force: true });
          await mkdir(runtimeDir, { recursive: true, mode: 0o700 });
        },
      },
      tools,
      {
        ...{ ...machineHooks, steps, signal },
        onBooted: () => {
          progress.finish('boot', accelerator === 'tcg' ? 'emulated' : undefined);
          progress.begin('agent');
        },
      },
    );
    progress.finish('agent');
    const sharedBy = shares?.transport;
    const { kernelArguments: _arguments, ...host } = await present;
    const shape = shapeOf(spec, files.dir, {
      ...host,
      initramfs,
      isFromTemplate: beganBy === 'warm',
    });
    return {
      ...{ machine, accelerator, beganBy, shape },
      ...(sharedBy === undefined ? {} : { sharedBy }),
    };
  } catch (error) {
    throw nameFailedPatch(error, config.patches);
  }
}

/**
 * Where the root directory and the content of each volume are now.
 * @throws AppError `root/not-found`, `volume/source-missing`
 */
async function findSources(
  { config, root }: SandboxRecord,
  ensureVolume: BootTools['ensureVolume'],
): Promise<Map<string, VolumeSource>> {
  const sources = new Map<string, VolumeSource>();
  if (root.kind === 'directory') {
    const found = await lookAtLocalFile(root.path);
    if (typeof found === 'string') throw new AppError('root/not-found', found);
    if (found.kind !== 'directory') {
      throw new AppError('root/not-found', `${root.path} is no directory any more.`);
    }
    sources.set('/', { path: found.realPath, isFile: false });
  }
  for (const [target, volume] of Object.entries(config.volumes)) {
    if (volume.named !== undefined) {
      sources.set(target, { path: await ensureVolume(volume.named), isFile: false });
    } else if (volume.bind !== undefined) {
      const found = await lookAtLocalFile(volume.bind);
      if (typeof found === 'string' || found.kind === 'other') {
        const why = typeof found === 'string' ? found : 'It is neither a directory nor a file.';
        const message = `The source of ${target}, ${volume.bind}, cannot be mounted. ${why}`;
        throw new AppError('volume/source-missing', message);
      }
      sources.set(target, { path: found.realPath, isFile: found.kind === 'file' });
    }
  }
  return sources;
}

/** What says where the parts of the image are, which may be elsewhere now. @throws AppError `image/not-found` */
export async function writeRootDescriptor(
  { root }: SandboxRecord,
  files: SandboxFiles,
  tools: BootTools,
): Promise<void> {
  if (root.kind !== 'image') return;
  const image = await tools.findImage(root.digest);
  if (image === undefined) {
    throw new AppError(
      'image/not-found',
      `The image ${root.reference} (${root.digest}) is no longer in the store.`,
      { hint: `Pull ${root.reference} again.` },
    );
  }
  await writeFile(files.rootDescriptor, buildVmdkDescriptor(image.extents));
}

/**
 * A disk names no other files than when the sandbox was made: whoever could write the file since,
 * the guest of another sandbox among them, cannot make QEMU open one more.
 */
export async function checkDiskImage(root: RootRecord, signal: AbortSignal): Promise<void> {
  if (root.kind !== 'disk') return;
  const { path: file, format } = root;
  const { backing, otherFiles } = await inspectDiskImage(file, { format, signal });
  const now = [...backing.map((below) => below.path), ...otherFiles];
  const before = [...root.backing.map((below) => below.path), ...root.otherFiles];
  if (now.length === before.length && now.every((below, index) => below === before[index])) return;
  const message = `${file} names other files than when the sandbox was made: ${now.join(', ') || 'none'}.`;
  throw new AppError('root/backing-refused', message, {
    hint: 'If you trust them, make a sandbox of the disk anew.',
  });
}

/** The disk of a first start was made with the sandbox: what patches copy is read once. */
async function prepareSeed(
  record: SandboxRecord,
  { seed }: SandboxFiles,
  signal: AbortSignal,
): Promise<void> {
  if (!record.isPatched) return;
  if (needsSeed(record)) await writeSeedDisk(seed, seedContents(record), signal);
  else await removeSeedDisk(seed);
}

/** A larger disk in the configuration is a larger file now, which the guest grows into. */
async function growUpperDisk(record: SandboxRecord, { dir }: SandboxFiles): Promise<void> {
  const chain = diskOf(record);
  if (chain === undefined || !hasUpperDisk(record.config, record.root)) return;
  await growTop(dir, chain, record.config.rootDiskMiB * bytesPerMiB);
}

async function planShares(
  plan: BootPlan,
  { findShareSupport }: BootTools,
): Promise<VmShares | undefined> {
  if (plan.shares.length === 0) return undefined;
  const support = await findShareSupport();
  const { transport, evidence, fix, tools } = support;
  const hint = fix === undefined ? {} : { hint: `To mend it: ${fix}` };
  if (transport === undefined) throw new AppError('share/unavailable', evidence, hint);
  return { transport, entries: plan.shares, ...(tools === undefined ? {} : { tools }) };
}
