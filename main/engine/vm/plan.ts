/**
 * From what a sandbox asks for to the devices its machine has, checked. Knows no QEMU and no
 * files: it is pure, so that what a driver builds from it can be tested without a machine.
 */
import type { Accelerator } from '../../contract/sandbox.ts';
import { AppError } from '../base/app-error.ts';
import type { VmDisk, VmSpec } from './driver.ts';

/** Processors that machines are planned for, as Node names them. */
export type VmArch = 'x64' | 'arm64';

/** virtio-blk reports a serial of this many bytes and no more; virtio 1.2, section 5.2.6. */
const maxSerialBytes = 20;
/** What was seen to fit among the virtio-mmio slots of a microvm, other devices included. */
const maxDisks = 14;
/** Shortest COMMAND_LINE_SIZE among the kernels that are used: x86 has 2048, with its NUL. */
const maxCommandLineBytes = 2047;
/** The vCPU limit of QEMU's microvm is 288; nobody plans for more than the contract allows. */
const maxCpus = 64;

/** A disk in its place; `node` names its block device in the machine. */
export interface PlannedDisk extends VmDisk {
  readonly node: string;
}

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
  /** Name of the port of the guest agent, in /sys/class/virtio-ports/NAME/name of the guest. */
  readonly agentPortName: string;
}

/**
 * Plans a machine.
 * @throws AppError `vm/start-failed` naming the value that cannot be used
 */
export function planVm(spec: VmSpec, arch: VmArch): VmPlan {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(spec.id)) {
    refuse(`The id "${spec.id}" has characters that a machine's name cannot have.`);
  }
  checkWhole('number of CPUs', spec.cpus, 1, maxCpus);
  checkWhole('memory in MiB', spec.memoryMiB, 32, 4 * 1024 * 1024);
  checkPath('kernel', spec.kernelPath);
  checkPath('initramfs', spec.initramfsPath);
  return {
    arch,
    name: `skerry-${spec.id}`,
    cpus: spec.cpus,
    memoryMiB: spec.memoryMiB,
    accelerator: spec.accelerator,
    kernelPath: spec.kernelPath,
    initramfsPath: spec.initramfsPath,
    commandLine: planCommandLine(spec, arch),
    disks: planDisks(spec.disks),
    agentPortName: 'skerry.agent',
  };
}

function planDisks(disks: readonly VmDisk[]): PlannedDisk[] {
  if (disks.length > maxDisks) {
    refuse(`A machine has at most ${String(maxDisks)} disks; ${String(disks.length)} were given.`);
  }
  const serials = new Set<string>();
  return disks.map((disk, index) => {
    if (!/^[A-Za-z0-9._-]+$/.test(disk.serial) || disk.serial.length > maxSerialBytes) {
      refuse(
        `The disk serial "${disk.serial}" must have 1 to ${String(maxSerialBytes)} letters, digits, ".", "_" or "-".`,
      );
    }
    if (serials.has(disk.serial)) refuse(`Two disks have the serial "${disk.serial}".`);
    serials.add(disk.serial);
    checkPath(`disk "${disk.serial}"`, disk.path);
    if (disk.format === 'vmdk' && !disk.readOnly) {
      refuse(`The disk "${disk.serial}" is a VMDK, which is attached read-only or not at all.`);
    }
    return { ...disk, node: `disk${String(index)}` };
  });
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
