import { describe, expect, it } from 'vitest';
import { differencesOf, featuresOf, parseKernelConfig, readFragment } from './kernel-config.ts';

describe('parseKernelConfig', () => {
  it('reads what is on, what is off and what has a value', () => {
    const text = '# A word\n\nCONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C_1="x y"\nCONFIG_D=64\n';
    expect([...parseKernelConfig(text)]).toEqual([
      ['A', 'y'],
      ['B', 'n'],
      ['C_1', '"x y"'],
      ['D', '64'],
    ]);
  });

  it('refuses what would be passed over', () => {
    expect(() => parseKernelConfig('CONFIG_A')).toThrow('CONFIG_A');
    expect(() => parseKernelConfig('A=y')).toThrow('A=y');
    expect(() => parseKernelConfig('CONFIG_A=y\n# CONFIG_A is not set')).toThrow(
      'CONFIG_A is there twice',
    );
  });
});

describe('differencesOf', () => {
  it('names what the kernel did not take, and what it took instead', () => {
    const wanted = parseKernelConfig('CONFIG_A=y\nCONFIG_B=y\nCONFIG_C=64\n# CONFIG_D is not set');
    const config = parseKernelConfig('CONFIG_A=y\nCONFIG_C=8\nCONFIG_D=y\nCONFIG_E=y');
    expect(differencesOf(wanted, config)).toEqual([
      'CONFIG_B=y became n',
      'CONFIG_C=64 became 8',
      'CONFIG_D=n became y',
    ]);
  });

  it('has nothing to say of what is off and not mentioned', () => {
    expect(differencesOf(parseKernelConfig('# CONFIG_A is not set'), new Map())).toEqual([]);
  });
});

/**
 * What Docker's own check of a kernel asks for (contrib/check-config.sh), in its order: what it
 * cannot do without, then what it can use. Left out: what later kernels have no more, security
 * modules, and the storage drivers that Docker itself has given up.
 */
const dockerNeeds = [
  ...['NAMESPACES', 'NET_NS', 'PID_NS', 'IPC_NS', 'UTS_NS', 'CGROUPS', 'CGROUP_CPUACCT'],
  ...['CGROUP_DEVICE', 'CGROUP_FREEZER', 'CGROUP_SCHED', 'CPUSETS', 'MEMCG', 'KEYS', 'VETH'],
  ...['BRIDGE', 'BRIDGE_NETFILTER', 'IP_NF_FILTER', 'IP_NF_MANGLE', 'IP_NF_TARGET_MASQUERADE'],
  ...['IP6_NF_FILTER', 'IP6_NF_MANGLE', 'IP6_NF_TARGET_MASQUERADE', 'IP6_NF_RAW', 'IP6_NF_NAT'],
  ...['NETFILTER_XT_MATCH_ADDRTYPE', 'NETFILTER_XT_MATCH_CONNTRACK', 'NETFILTER_XT_MATCH_IPVS'],
  ...['NETFILTER_XT_MARK', 'IP_NF_RAW', 'IP_NF_NAT', 'NF_NAT', 'POSIX_MQUEUE', 'CGROUP_BPF'],
];
const dockerUses = [
  ...['USER_NS', 'SECCOMP', 'SECCOMP_FILTER', 'CGROUP_PIDS', 'BLK_CGROUP', 'BLK_DEV_THROTTLING'],
  ...['CGROUP_PERF', 'CGROUP_HUGETLB', 'NET_CLS_CGROUP', 'CGROUP_NET_PRIO', 'CFS_BANDWIDTH'],
  ...['FAIR_GROUP_SCHED', 'IP_NF_TARGET_REDIRECT', 'IP_VS', 'IP_VS_NFCT', 'IP_VS_PROTO_TCP'],
  ...['IP_VS_PROTO_UDP', 'IP_VS_RR', 'EXT4_FS', 'EXT4_FS_POSIX_ACL', 'EXT4_FS_SECURITY'],
  ...['VXLAN', 'BRIDGE_VLAN_FILTERING', 'CRYPTO', 'CRYPTO_AEAD', 'CRYPTO_GCM', 'CRYPTO_SEQIV'],
  ...['CRYPTO_GHASH', 'XFRM', 'XFRM_USER', 'INET_ESP', 'NETFILTER_XT_MATCH_BPF', 'IPVLAN'],
  ...['MACVLAN', 'DUMMY', 'NF_NAT', 'NF_CONNTRACK_FTP', 'NF_CONNTRACK_TFTP', 'BTRFS_FS'],
  ...['BTRFS_FS_POSIX_ACL', 'OVERLAY_FS'],
];
/** What kube-proxy and the network of kind put into their rules, and what kubeadm checks. */
const kindUses = [
  ...['NETFILTER_XT_MATCH_COMMENT', 'NETFILTER_XT_MATCH_STATISTIC', 'NETFILTER_XT_MATCH_RECENT'],
  ...['NETFILTER_XT_MATCH_MULTIPORT', 'NETFILTER_XT_MATCH_MARK', 'NETFILTER_XT_MATCH_NFACCT'],
  ...['IP_NF_TARGET_REJECT', 'NETFILTER_XT_SET', 'IP_SET_HASH_IPPORT', 'IP_SET_HASH_IPPORTIP'],
  ...['IP_SET_HASH_IPPORTNET', 'IP_SET_BITMAP_PORT', 'IP_VS_WRR', 'IP_VS_SH', 'NFT_MASQ'],
  ...['NFT_NUMGEN', 'NFT_QUEUE', 'NETFILTER_NETLINK_QUEUE', 'IKCONFIG_PROC', 'CGROUP_PIDS'],
];

describe.each(['x64', 'arm64'])('the fragment for %s', (arch) => {
  it('has no option twice and no modules', async () => {
    const config = parseKernelConfig(await readFragment(arch));
    expect(config.size).toBeGreaterThan(300);
    expect([...config].filter(([, value]) => value === 'm')).toEqual([]);
  });

  it.each([
    ['Docker needs', dockerNeeds],
    ['Docker can use', dockerUses],
    ['kind uses', kindUses],
  ])('has what %s', async (_, names) => {
    const config = parseKernelConfig(await readFragment(arch));
    expect(names.filter((name) => config.get(name) !== 'y')).toEqual([]);
  });

  it('has every feature that a sandbox knows', async () => {
    const features = featuresOf(parseKernelConfig(await readFragment(arch)));
    expect(Object.entries(features).filter(([, is]) => !is)).toEqual([]);
  });
});

describe('featuresOf', () => {
  it('says no for containers where one of their options is missing', async () => {
    const config = parseKernelConfig(await readFragment('x64'));
    config.set('BRIDGE_NETFILTER', 'n');
    expect(featuresOf(config)).toMatchObject({ containers: false, tun: true });
    expect(featuresOf(new Map())).toMatchObject({ virtiofs: false, ninep: false, xfs: false });
  });
});
