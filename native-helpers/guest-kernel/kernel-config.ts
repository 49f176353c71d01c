/**
 * The configuration of the own kernel: fragments of ours (`config/`), and what the kernel's own
 * rules made of them. Format: Documentation/kbuild/kconfig.rst of the kernel.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Names without `CONFIG_`; a value is `y`, a number or a string in quotes, `n` where it is off. */
export type KernelConfig = ReadonlyMap<string, string>;

/** What guests can do with a kernel, as far as sandboxes differ by it. */
export interface KernelFeatures {
  readonly virtiofs: boolean;
  readonly ninep: boolean;
  readonly network: boolean;
  readonly xfs: boolean;
  readonly btrfs: boolean;
  /** VPNs that are programs. */
  readonly tun: boolean;
  readonly wireguard: boolean;
  /** Docker, kind and the like: bridges, pairs of interfaces, address translation, limits. */
  readonly containers: boolean;
}

const configDir = path.join(import.meta.dirname, 'config');

/** Options that programs for containers need; by Docker's and kind's own lists of them. */
const containerOptions = [
  ...['NAMESPACES', 'NET_NS', 'PID_NS', 'IPC_NS', 'UTS_NS', 'CGROUPS', 'CGROUP_BPF', 'CGROUP_PIDS'],
  ...['MEMCG', 'CPUSETS', 'CGROUP_SCHED', 'CGROUP_FREEZER', 'CGROUP_DEVICE', 'BLK_CGROUP'],
  ...['KEYS', 'SECCOMP_FILTER', 'POSIX_MQUEUE', 'OVERLAY_FS', 'VETH', 'BRIDGE', 'BRIDGE_NETFILTER'],
  ...['NF_NAT', 'NF_TABLES', 'NFT_MASQ', 'IP_NF_NAT', 'IP_NF_FILTER', 'IP_NF_TARGET_MASQUERADE'],
  ...['NETFILTER_XT_MATCH_ADDRTYPE', 'NETFILTER_XT_MATCH_CONNTRACK', 'NETFILTER_XT_MATCH_COMMENT'],
];

/** The fragments of an architecture as Node names it, one after the other. */
export async function readFragment(arch: string): Promise<string> {
  const parts = ['common', arch].map((name) =>
    readFile(path.join(configDir, `${name}.config`), 'utf8'),
  );
  return (await Promise.all(parts)).join('\n');
}

/** @throws Error naming a line that is neither an option nor a comment, or an option said twice */
export function parseKernelConfig(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split('\n')) {
    const off = /^# CONFIG_(\w+) is not set$/.exec(line);
    const on = /^CONFIG_(\w+)=(\S.*)$/.exec(line);
    const name = on?.[1] ?? off?.[1];
    if (name === undefined) {
      if (line !== '' && !line.startsWith('#')) throw new Error(`No option of a kernel: ${line}`);
      continue;
    }
    if (options.has(name)) throw new Error(`CONFIG_${name} is there twice.`);
    options.set(name, on?.[2] ?? 'n');
  }
  return options;
}

/** The lines of `wanted` that `config` does not have, each with what it has instead. */
export function differencesOf(wanted: KernelConfig, config: KernelConfig): string[] {
  return [...wanted]
    .filter(([name, value]) => (config.get(name) ?? 'n') !== value)
    .map(([name, value]) => `CONFIG_${name}=${value} became ${config.get(name) ?? 'n'}`);
}

/** What a kernel of this configuration can do. */
export function featuresOf(config: KernelConfig): KernelFeatures {
  const has = (...names: readonly string[]): boolean =>
    names.every((name) => config.get(name) === 'y');
  return {
    virtiofs: has('VIRTIO_FS'),
    ninep: has('9P_FS', 'NET_9P_VIRTIO'),
    network: has('VIRTIO_NET'),
    xfs: has('XFS_FS'),
    btrfs: has('BTRFS_FS'),
    tun: has('TUN'),
    wireguard: has('WIREGUARD'),
    containers: has(...containerOptions),
  };
}
