/** One small function for each device of a machine. */
import type { VmShareEntry, VmShares } from '../driver.ts';
import { shareTag, type PlannedDisk, type VmPlan } from '../plan.ts';
import { diskNodes } from './block-nodes.ts';
import { optionList } from './option-arguments.ts';

/** A disk. An error goes to the guest and does not stop it. */
export function diskArguments(disk: PlannedDisk): string[] {
  return [
    // QEMU's JSON form, which alone can say that there is no backing file.
    ...diskNodes(disk).flatMap((node) => ['-blockdev', JSON.stringify(node)]),
    '-device',
    optionList('virtio-blk-device', {
      id: diskDeviceId(disk.serial),
      drive: disk.node,
      serial: disk.serial,
      rerror: 'report',
      werror: 'report',
    }),
  ];
}

/** By which a running machine finds the device of a disk. */
export function diskDeviceId(serial: string): string {
  return `disk-${serial}`;
}

/** What is shared: by the daemon's socket, or by QEMU itself, a device for each directory. */
export function shareArguments(shares: VmShares | undefined, socketPath: string): string[] {
  if (shares === undefined) return [];
  if (shares.transport === '9p') return shares.entries.flatMap(ninepArguments);
  return [
    '-chardev',
    optionList('socket', { id: 'shares', path: socketPath }),
    '-device',
    optionList('vhost-user-fs-device', { chardev: 'shares', tag: shareTag, 'queue-size': 1024 }),
  ];
}

/** Files have the owners that QEMU's user may give them; several filesystems look like one. */
function ninepArguments({ name, path, readOnly }: VmShareEntry, index: number): string[] {
  const id = `share${String(index)}`;
  return [
    '-fsdev',
    optionList('local', {
      id,
      path,
      security_model: 'none',
      readonly: readOnly,
      multidevs: 'remap',
    }),
    '-device',
    optionList('virtio-9p-device', { fsdev: id, mount_tag: name }),
  ];
}

/** By which QEMU names the agent's port in its events, and the host's end of it. */
export const agentPort = 'agent';

/** The byte stream to the guest agent. Without an id, QEMU does not say that the guest opens it. */
export function agentPortArguments(plan: VmPlan, socketPath: string): string[] {
  return [
    '-chardev',
    serverSocket(agentPort, socketPath),
    '-device',
    'virtio-serial-device,max_ports=2',
    '-device',
    optionList('virtserialport', { id: agentPort, chardev: agentPort, name: plan.agentPortName }),
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

/**
 * The network: frames to whoever connects to the socket. QEMU listens, so that the next host process
 * can take the link up. The large MTU makes few frames of much data.
 */
export function networkArguments({ network }: VmPlan, socketPath: string): string[] {
  if (network === undefined) return [];
  return [
    '-netdev',
    optionList('stream', { id: 'net', server: true, 'addr.type': 'unix', 'addr.path': socketPath }),
    '-device',
    optionList('virtio-net-device', { netdev: 'net', mac: network.mac, host_mtu: network.mtu }),
  ];
}

/** Randomness of the host for the guest's pool. */
export function entropyArguments(): string[] {
  return ['-object', 'rng-builtin,id=entropy', '-device', 'virtio-rng-device,rng=entropy'];
}

function serverSocket(id: string, path: string): string {
  return optionList('socket', { id, path, server: true, wait: false });
}
