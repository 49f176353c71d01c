/**
 * From what a sandbox asks for to the devices its machine has, checked. Knows no QEMU and no
 * files: it is pure, so that what a driver builds from it can be tested without a machine.
 */
import type { Accelerator } from '../../contract/sandbox.ts';
import { AppError } from '../base/app-error.ts';
import type {
  SavedVm,
  VmDisk,
  VmDiskFile,
  VmFileDisk,
  VmNetwork,
  VmShareEntry,
  VmShares,
  VmSpec,
} from './driver.ts';

/** Processors that machines are planned for, as Node names them. */
export type VmArch = 'x64' | 'arm64';

/** virtio-blk reports a serial of this many bytes and no more; virtio 1.2, section 5.2.6. */
const maxSerialBytes = 20;
/** Depth of what may be below a disk. */
const maxBackingFiles = 80;
/** mount_tag of virtio-9p; QEMU, hw/9pfs/9p.h. */
const maxShareNameBytes = 31;
/** As share-mount.c has it. */
const maxShares = 128;
/** virtio-mmio slots of `microvm` with its second IOAPIC, and of `virt`. */
const virtioSlots: Readonly<Record<VmArch, number>> = { x64: 24, arm64: 32 };
/** The agent's port, the source of randomness, the network. */
const otherVirtioDevices = 3;
/** Shortest COMMAND_LINE_SIZE among the kernels that are used: x86 has 2048, with its NUL. */
const maxCommandLineBytes = 2047;
/** The vCPU limit of QEMU's microvm is 288; nobody plans for more than the contract allows. */
const maxCpus = 64;

/** A disk in its place; `node` names its block device in the machine. */
export type PlannedDisk = VmDisk & { readonly node: string };

/**
 * Where the memory of a machine is. `own`: nobody else's. `kept`: in a new file, which it leaves
 * behind when it is saved. `copied`: begins as the file says, which is never written.
 */
export type PlannedMemory =
  { readonly kind: 'own' } | { readonly kind: 'kept' | 'copied'; readonly path: string };

/** Everything a machine has, checked. */
export interface VmPlan {
  readonly arch: VmArch;
  /** For process lists. */
  readonly name: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly accelerator: Accelerator;
  readonly kernelPath: string;
  readonly initramfsPath: string;
  readonly commandLine: string;
  readonly disks: readonly PlannedDisk[];
  readonly shares: VmShares | undefined;
  readonly network: VmNetwork | undefined;
  readonly memory: PlannedMemory;
  /** Where it was saved from which it goes on. */
  readonly from: SavedVm | undefined;
  /** Name of the port of the guest agent, in /sys/class/virtio-ports/NAME/name of the guest. */
  readonly agentPortName: string;
}

/** Tag of the virtiofs device that has all entries. */
export const shareTag = 'skerry';

/**
 * Plans a machine.
 * @throws AppError `vm/start-failed` naming the value that cannot be used, `share/unavailable` for
 *   a single file by 9p, `vm/unsupported` for what cannot be together
 */
export function planVm(spec: VmSpec, arch: VmArch): VmPlan {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(spec.id)) {
    refuse(`The id "${spec.id}" has characters that a machine's name cannot have.`);
  }
  checkWhole('number of CPUs', spec.cpus, 1, maxCpus);
  checkWhole('memory in MiB', spec.memoryMiB, 32, 4 * 1024 * 1024);
  checkPath('kernel', spec.kernelPath);
  checkPath('initramfs', spec.initramfsPath);
  const disks = planDisks(spec.disks);
  const shares = planShares(spec.shares);
  checkSlots(disks.length, shares, arch);
  return {
    arch,
    name: `skerry-${spec.id}`,
    cpus: spec.cpus,
    memoryMiB: spec.memoryMiB,
    accelerator: spec.accelerator,
    kernelPath: spec.kernelPath,
    initramfsPath: spec.initramfsPath,
    commandLine: planCommandLine(spec, arch),
    disks,
    shares,
    network: planNetwork(spec.network),
    memory: planMemory(spec, shares),
    from: spec.from,
    agentPortName: 'skerry.agent',
  };
}

/** The disks in their places, in their order. @throws as {@link planVm} */
export function planDisks(disks: readonly VmDisk[]): PlannedDisk[] {
  const serials = new Set<string>();
  return disks.map((disk, index) => {
    if (!/^[A-Za-z0-9._-]+$/.test(disk.serial) || disk.serial.length > maxSerialBytes) {
      refuse(
        `The disk serial "${disk.serial}" must have 1 to ${String(maxSerialBytes)} letters, digits, ".", "_" or "-".`,
      );
    }
    if (serials.has(disk.serial)) refuse(`Two disks have the serial "${disk.serial}".`);
    serials.add(disk.serial);
    const node = `disk${String(index)}`;
    if (disk.format === 'none') return { ...disk, node };
    checkPath(`disk "${disk.serial}"`, disk.path);
    if (disk.format === 'vmdk' && !disk.readOnly) {
      refuse(`The disk "${disk.serial}" is a VMDK, which is attached read-only or not at all.`);
    }
    checkBacking(disk, disk.backing ?? []);
    return { ...disk, node };
  });
}

/** A raw file ends a chain, and so does a VMDK as Skerry reads it. */
function checkBacking(disk: VmFileDisk, backing: readonly VmDiskFile[]): void {
  if (backing.length > maxBackingFiles) {
    refuse(
      `The disk "${disk.serial}" has ${String(backing.length)} files below it; at most ${String(maxBackingFiles)} are opened.`,
    );
  }
  for (const [index, file] of backing.entries()) {
    checkPath(`file below the disk "${disk.serial}"`, file.path);
    const above = backing[index - 1] ?? disk;
    if (above.format === 'qcow2') continue;
    refuse(`${above.path} has the format ${above.format}, which has no files below it.`);
  }
}

function planShares(shares: VmShares | undefined): VmShares | undefined {
  if (shares === undefined || shares.entries.length === 0) return undefined;
  const { entries, transport } = shares;
  if (entries.length > maxShares) {
    refuse(
      `A machine has at most ${String(maxShares)} shared directories; ${String(entries.length)} were given.`,
    );
  }
  const names = new Set<string>();
  for (const entry of entries) {
    checkShareName(entry.name);
    if (names.has(entry.name)) refuse(`Two shared directories have the name "${entry.name}".`);
    names.add(entry.name);
    checkPath(`shared directory "${entry.name}"`, entry.path);
    if (transport === '9p') checkNinepEntry(entry);
  }
  return shares;
}

function planMemory({ from, memoryPath }: VmSpec, shares: VmShares | undefined): PlannedMemory {
  if (from !== undefined) {
    checkPath('state of a saved machine', from.statePath);
    // The daemon has a state of its own, and maps memory that the machine may not have.
    if (shares?.transport === 'virtiofs') {
      throw new AppError(
        'vm/unsupported',
        'A machine that goes on from a saved one cannot have directories by virtiofs.',
      );
    }
  }
  if (memoryPath !== undefined) {
    checkPath('memory', memoryPath);
    if (from === undefined) return { kind: 'kept', path: memoryPath };
    throw new AppError(
      'vm/unsupported',
      'A machine that goes on from a saved one cannot keep its memory in a new file.',
    );
  }
  if (from?.memoryPath === undefined) return { kind: 'own' };
  checkPath('memory of a saved machine', from.memoryPath);
  return { kind: 'copied', path: from.memoryPath };
}

function planNetwork(network: VmNetwork | undefined): VmNetwork | undefined {
  if (network === undefined) return undefined;
  // Unicast and locally administered: IEEE 802, section 8.2.
  if (!/^[0-9a-f][26ae](?::[0-9a-f]{2}){5}$/.test(network.mac)) {
    refuse(`The MAC address ${JSON.stringify(network.mac)} is none that a machine can be given.`);
  }
  checkWhole('MTU', network.mtu, 1280, 65_535);
  return network;
}

function checkShareName(name: string): void {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name) && name.length <= maxShareNameBytes) return;
  refuse(
    `The name of a shared directory, ${JSON.stringify(name)}, must have 1 to ${String(maxShareNameBytes)} letters, digits, ".", "_" or "-", and no "." in front.`,
  );
}

function checkNinepEntry({ path, isFile }: VmShareEntry): void {
  if (!isFile) return;
  throw new AppError(
    'share/unavailable',
    `${path} is a single file; by 9p, directories alone can be shared.`,
    { hint: 'Share its directory, or use a host that has virtiofs; `skerry doctor` says more.' },
  );
}

function checkSlots(disks: number, shares: VmShares | undefined, arch: VmArch): void {
  const shareDevices = shares?.transport === '9p' ? shares.entries.length : shares ? 1 : 0;
  const free = virtioSlots[arch] - otherVirtioDevices;
  if (disks + shareDevices <= free) return;
  refuse(
    `A machine has room for ${String(free)} disks and shared devices together; ${String(disks)} and ${String(shareDevices)} were given.`,
  );
}

function planCommandLine(spec: VmSpec, arch: VmArch): string {
  const words = [
    `console=${arch === 'x64' ? 'ttyS0' : 'ttyAMA0'}`,
    // A panic ends the machine at once, and the console says why.
    'panic=-1',
    ...spec.kernelArguments,
  ];
  for (const word of words) {
    if (!/^[\x21-\x7e]+$/.test(word) || word.includes('"')) {
      refuse(`The kernel argument ${JSON.stringify(word)} has a character that it cannot have.`);
    }
  }
  const commandLine = words.join(' ');
  if (commandLine.length > maxCommandLineBytes) {
    refuse(
      `The kernel arguments have ${String(commandLine.length)} characters; at most ${String(maxCommandLineBytes)} fit.`,
    );
  }
  return commandLine;
}

function checkWhole(what: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  refuse(`The ${what} must be from ${String(min)} to ${String(max)}, not ${String(value)}.`);
}

function checkPath(what: string, path: string): void {
  if (path.startsWith('/') && !path.includes('\0') && path.length <= 4096) return;
  refuse(`The path of the ${what}, ${JSON.stringify(path)}, is not an absolute path.`);
}

function refuse(message: string): never {
  throw new AppError('vm/start-failed', message, { hint: 'Correct the value that is named.' });
}
