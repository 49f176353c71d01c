/** One small function for each device of a machine. */
import type { PlannedDisk, VmPlan } from '../plan.ts';
import { optionList } from './option-arguments.ts';

/**
 * A disk: its file, its format on top, and the device. QEMU locks the file, so that two machines
 * never write to one disk. The host's page cache is shared by all machines that read an image.
 * Discarded blocks are given back to the host; an error goes to the guest and does not stop it.
 */
export function diskArguments(disk: PlannedDisk): string[] {
  const access = { 'read-only': disk.readOnly, discard: disk.readOnly ? 'ignore' : 'unmap' };
  const file = `${disk.node}-file`;
  return [
    '-blockdev',
    optionList('', {
      'node-name': file,
      driver: 'file',
      filename: disk.path,
      aio: 'threads',
      'cache.direct': false,
      'cache.no-flush': false,
      ...access,
    }),
    '-blockdev',
    optionList('', { 'node-name': disk.node, driver: disk.format, file, ...access }),
    '-device',
    optionList('virtio-blk-device', {
      drive: disk.node,
      serial: disk.serial,
      rerror: 'report',
      werror: 'report',
    }),
  ];
}

/** The byte stream to the guest agent. */
export function agentPortArguments(plan: VmPlan, socketPath: string): string[] {
  return [
    '-chardev',
    serverSocket('agent', socketPath),
    '-device',
    'virtio-serial-device,max_ports=2',
    '-device',
    optionList('virtserialport', { chardev: 'agent', name: plan.agentPortName }),
  ];
}

/** The serial port with the kernel's messages; what nobody reads is dropped. */
export function consoleArguments(socketPath: string): string[] {
  return ['-chardev', serverSocket('console', socketPath), '-serial', 'chardev:console'];
}

/** The control socket (QMP). */
export function monitorArguments(socketPath: string): string[] {
  return ['-chardev', serverSocket('monitor', socketPath), '-mon', 'chardev=monitor,mode=control'];
}

/** Randomness of the host for the guest's pool. */
export function entropyArguments(): string[] {
  return ['-object', 'rng-builtin,id=entropy', '-device', 'virtio-rng-device,rng=entropy'];
}

function serverSocket(id: string, path: string): string {
  return optionList('socket', { id, path, server: true, wait: false });
}
