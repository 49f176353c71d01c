/** One small function for each device of a machine. */
import type { VmDiskFile, VmShareEntry, VmShares } from '../driver.ts';
import { shareTag, type PlannedDisk, type VmPlan } from '../plan.ts';
import { optionList } from './option-arguments.ts';

/**
 * A disk: for each of its files a node for the file and one for its format on top, and the device.
 * Every format is said and every file that may be opened is named: QEMU probes nothing, and what
 * the content of a disk names counts for nothing. QEMU locks the files, so that two machines never
 * write to one disk. The host's page cache is shared by all machines that read an image.
 * Discarded blocks are given back to the host; an error goes to the guest and does not stop it.
 */
export function diskArguments(disk: PlannedDisk): string[] {
  const below = disk.backing.map((file, index): BlockNode => ({
    ...file,
    node: `${disk.node}-below${String(index + 1)}`,
    readOnly: true,
  }));
  const nodes: readonly BlockNode[] = [disk, ...below];
  // A node is named by the one above it, so that it has to be made first: from the lowest up.
  const blockdevs = nodes.map((node, index) => blockdevArguments(node, nodes[index + 1]));
  return [
    ...blockdevs.reverse().flat(),
    '-device',
    optionList('virtio-blk-device', {
      drive: disk.node,
      serial: disk.serial,
      rerror: 'report',
      werror: 'report',
    }),
  ];
}

interface BlockNode extends VmDiskFile {
  readonly node: string;
  readonly readOnly: boolean;
}

/** In QEMU's JSON form, which alone can say that there is no backing file. */
function blockdevArguments(node: BlockNode, below: BlockNode | undefined): string[] {
  const access = { 'read-only': node.readOnly, discard: node.readOnly ? 'ignore' : 'unmap' };
  const file = `${node.node}-file`;
  const fileNode = {
    'node-name': file,
    driver: 'file',
    filename: node.path,
    aio: 'threads',
    cache: { direct: false, 'no-flush': false },
    ...access,
  };
  const formatNode = {
    'node-name': node.node,
    driver: node.format,
    file,
    ...(node.format === 'raw' ? {} : { backing: below?.node ?? null }),
    ...access,
  };
  return ['-blockdev', JSON.stringify(fileNode), '-blockdev', JSON.stringify(formatNode)];
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
