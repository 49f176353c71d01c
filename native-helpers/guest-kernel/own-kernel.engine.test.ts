/**
 * A guest of our own kernel does what sandboxes are promised, with the tools of the distribution:
 * it mounts filesystems, and makes the networks and limits that VPNs, Docker and kind make.
 */
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../main/engine/base/logger.ts';
import { ask } from '../../main/engine/testing/driver-contract.ts';
import { makeLineGuest } from '../../main/engine/testing/line-guest.ts';
import { runTool } from '../../main/engine/testing/run-tool.ts';
import type { Vm, VmDisk } from '../../main/engine/vm/driver.ts';
import { QemuDriver } from '../../main/engine/vm/qemu/qemu-driver.ts';
import { hostPrograms } from './test/host-programs.ts';

const bytesPerMiB = 1024 * 1024;

/** Programs of this machine that the guest has. */
const programs = [
  ...['/sbin/ip', '/sbin/tc', '/usr/sbin/nft'],
  ...['iptables-nft', 'iptables-legacy', 'ip6tables-legacy'].map((name) => `/usr/sbin/${name}`),
];

/** How each filesystem is made, at a size that it takes. */
const filesystems: readonly (readonly [string, number, readonly string[]])[] = [
  ['ext2', 8, ['mke2fs', '-q', '-t', 'ext2']],
  ['ext3', 16, ['mke2fs', '-q', '-t', 'ext3']],
  ['ext4', 16, ['mke2fs', '-q', '-t', 'ext4']],
  ['xfs', 320, ['mkfs.xfs', '-q']],
  ['btrfs', 128, ['mkfs.btrfs', '-q']],
];

let folder: string;
let vm: Vm | undefined;
let port: Duplex;

/** Runs a command in the guest; its last line, or the code and everything that it said. */
async function run(command: string): Promise<string> {
  const line = `r=$( (${command}) 2>&1) && echo "$r" | tail -n 1 || echo "failed:" $r`;
  return await ask(port, line);
}

async function makeDisks(): Promise<VmDisk[]> {
  const disks = filesystems.map(async ([name, sizeMiB, [tool = '', ...args]]) => {
    const file = path.join(folder, name);
    await writeFile(file, '');
    await truncate(file, sizeMiB * bytesPerMiB);
    await runTool(tool, [...args, file]);
    return { serial: name, path: file, format: 'raw', readOnly: false } as const;
  });
  const tree = path.join(folder, 'tree');
  await mkdir(tree);
  await writeFile(path.join(tree, 'word'), 'lower\n');
  await runTool('mkfs.erofs', ['--quiet', path.join(folder, 'erofs'), tree]);
  const erofs = { path: path.join(folder, 'erofs'), format: 'raw', readOnly: true } as const;

  const table = path.join(folder, 'table');
  await writeFile(table, '');
  await truncate(table, 16 * bytesPerMiB);
  await runTool('sfdisk', ['--quiet', table], { input: 'label: gpt\nsize=4MiB\nsize=4MiB\n' });
  const partitions = { path: table, format: 'raw', readOnly: false } as const;
  return [
    ...(await Promise.all(disks)),
    { serial: 'erofs', ...erofs },
    { serial: 'table', ...partitions },
  ];
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'skerry-own-kernel-'));
  process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const triplet = (await runTool('cc', ['-print-multiarch'])).trim();
  const files = await hostPrograms(programs, [`/usr/lib/${triplet}/xtables`]);
  const guest = await makeLineGuest(folder, { kernel: 'own', files });
  vm = await new QemuDriver({ logger: silentLogger }).start({
    id: 'own-kernel',
    cpus: 2,
    memoryMiB: 512,
    accelerator: 'tcg',
    ...guest,
    disks: await makeDisks(),
    runtimeDir: path.join(folder, 'run'),
    consoleLogPath: path.join(folder, 'console.log'),
    monitorLogPath: path.join(folder, 'monitor.log'),
  });
  port = await vm.openAgentPort();
  await ask(
    port,
    [
      'export PATH=/sbin:/usr/sbin:/bin',
      // The shell runs an applet of its own before any program of the same name.
      ...['ip', 'tc'].map((name) => `${name}() { /sbin/${name} "$@"; }`),
      'disk() { for d in /sys/block/vd*; do [ "$(cat $d/serial)" = $1 ] && echo /dev/${d##*/}; done; }',
      'mkdir -p /mnt /run /var/run /tmp',
      'mount -t tmpfs tmpfs /tmp',
      'ip link set lo up',
      'echo ready',
    ].join('; '),
  );
});

afterAll(async () => {
  await vm?.kill();
  await rm(folder, { recursive: true, force: true });
});

describe('our own kernel', () => {
  it.each(filesystems.map(([name]) => name))('writes to %s', async (name) => {
    const mount = `mount -t ${name} $(disk ${name}) /mnt`;
    const again = `umount /mnt && ${mount} && cat /mnt/file && umount /mnt`;
    expect(await run(`${mount} && echo word > /mnt/file && ${again}`)).toBe('word');
  });

  it('has access lists and attributes of every kind on ext4', async () => {
    const options = 'mount -t ext4 -o acl,user_xattr $(disk ext4) /mnt && umount /mnt && echo yes';
    expect(await run(options)).toBe('yes');
  });

  it('lays a writable filesystem over an image', async () => {
    const lower = 'mkdir -p /tmp/l /tmp/o && mount -t erofs -o ro $(disk erofs) /tmp/l';
    const upper = 'mkdir -p /tmp/u /tmp/w';
    const overlay = 'mount -t overlay -o lowerdir=/tmp/l,upperdir=/tmp/u,workdir=/tmp/w o /tmp/o';
    const write = 'echo upper >> /tmp/o/word && cat /tmp/o/word | tr "\\n" " "';
    expect(await run(`${lower} && ${upper} && ${overlay} && ${write}`)).toBe('lower upper ');
  });

  it('finds partitions', async () => {
    expect(await run('t=$(disk table); ls ${t}1 ${t}2 | wc -l')).toBe('2');
  });

  it('makes a loop device when it is asked for one, and has none before', async () => {
    expect(await run('ls /dev | grep -c "^loop[0-9]" || true')).toBe('0');
    const make = 'dd if=/dev/zero of=/tmp/fat bs=1M count=4 && mkdosfs /tmp/fat';
    const mount = 'losetup -f /tmp/fat && mount -t vfat /dev/loop0 /mnt && umount /mnt';
    expect(await run(`${make} && ${mount} && losetup -d /dev/loop0 && echo yes`)).toBe('yes');
  });

  it('knows the other filesystems', async () => {
    const known = (await run('cut -f 2 /proc/filesystems | tr "\\n" " "')).split(' ');
    expect(known).toEqual(
      expect.arrayContaining(['9p', 'virtiofs', 'fuse', 'squashfs', 'iso9660', 'vfat', 'tmpfs']),
    );
  });

  it('has the controllers of cgroup v2', async () => {
    const mount =
      'mount -t cgroup2 cgroup2 /sys/fs/cgroup && cat /sys/fs/cgroup/cgroup.controllers';
    expect((await run(mount)).split(' ').sort()).toEqual([
      ...['cpu', 'cpuset', 'hugetlb', 'io', 'memory', 'pids'],
    ]);
    const limit = [
      'cd /sys/fs/cgroup',
      'echo +memory +pids +cpu +io > cgroup.subtree_control',
      'mkdir a',
      'echo 64M > a/memory.max',
      'echo "50000 100000" > a/cpu.max',
      'cat a/memory.max',
    ];
    expect(await run(limit.join(' && '))).toBe(String(64 * bytesPerMiB));
  });

  it('joins a namespace to a bridge, as a container is', async () => {
    const steps = [
      'ip link add br0 type bridge',
      'ip addr add 10.9.0.1/24 dev br0',
      'ip link set br0 up',
      'ip netns add box',
      'ip link add veth0 type veth peer name eth0 netns box',
      'ip link set veth0 master br0 up',
      'ip -n box addr add 10.9.0.2/24 dev eth0',
      'ip -n box link set eth0 up',
      'ip -n box route add default via 10.9.0.1',
      'ip netns exec box ping -c 1 -W 20 10.9.0.1',
    ];
    expect(await run(`${steps.join(' && ')} && echo yes`)).toBe('yes');
  });

  it('hides the addresses of a bridge by nftables', async () => {
    // Another namespace is the world: it has no way back to the bridge's addresses.
    const world = [
      'ip netns add world',
      'ip link add up0 type veth peer name eth0 netns world',
      'ip addr add 192.0.2.1/24 dev up0',
      'ip link set up0 up',
      'ip -n world addr add 192.0.2.2/24 dev eth0',
      'ip -n world link set eth0 up',
      'echo 1 > /proc/sys/net/ipv4/ip_forward',
    ];
    const reach = (seconds: number): string =>
      `ip netns exec box ping -c 1 -W ${String(seconds)} 192.0.2.2 > /dev/null`;
    expect(await run(`${world.join(' && ')} && ! ${reach(1)} && echo hidden`)).toBe('hidden');
    const rules =
      'table ip nat { chain post { type nat hook postrouting priority 100; oifname "up0" masquerade; }; }';
    expect(await run(`echo '${rules}' | nft -f - && ${reach(20)} && echo reached`)).toBe('reached');
  });

  it.each(['iptables-nft', 'iptables-legacy', 'ip6tables-legacy'])(
    'takes rules as Docker writes them by %s',
    async (tool) => {
      const network = tool === 'ip6tables-legacy' ? 'fd00::/64' : '10.9.0.0/24';
      const steps = [
        `${tool} -t nat -N DOCKER`,
        `${tool} -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER`,
        `${tool} -t nat -A POSTROUTING -s ${network} ! -o br0 -j MASQUERADE`,
        `${tool} -A FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
        `${tool} -A FORWARD -m comment --comment kube -m mark --mark 0x4000 -j ACCEPT`,
        `${tool} -A FORWARD -m statistic --mode random --probability 0.5 -j RETURN`,
        `${tool} -t nat -S | grep -c MASQUERADE`,
      ];
      expect(await run(steps.join(' && '))).toBe('1');
    },
  );

  it.each([
    ['a TUN device', 'ip tuntap add dev tun0 mode tun'],
    ['a TAP device', 'ip tuntap add dev tap0 mode tap'],
    ['WireGuard', 'ip link add wg0 type wireguard'],
    ['VXLAN', 'ip link add vx0 type vxlan id 42 dev br0 dstport 4789'],
    ['a macvlan', 'ip link add mv0 link up0 type macvlan mode bridge'],
    ['an ipvlan', 'ip link add iv0 link br0 type ipvlan'],
    ['a dummy', 'ip link add d0 type dummy'],
    ['a VLAN', 'ip link add link br0 name br0.7 type vlan id 7'],
    ['a policy route', 'ip rule add fwmark 1 table 100'],
    ['a limit of bandwidth', 'tc qdisc add dev br0 root tbf rate 1mbit burst 10kb latency 50ms'],
  ])('makes %s', async (_, command) => {
    expect(await run(`${command} && echo yes`)).toBe('yes');
  });

  // Each asks for a generator of random numbers, and for algorithms that are put together.
  it.each([
    ['one algorithm', `aead 'rfc4106(gcm(aes))' 0x${'12'.repeat(20)} 128`],
    [
      'two algorithms',
      `auth-trunc 'hmac(sha256)' 0x${'34'.repeat(32)} 128 enc 'cbc(aes)' 0x${'56'.repeat(16)}`,
    ],
  ])('makes a tunnel of IPsec of %s', async (_, algorithms) => {
    const ends = 'src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x100';
    const make = `ip xfrm state add ${ends} mode tunnel ${algorithms}`;
    expect(await run(`${make} && ip xfrm state delete ${ends} && echo yes`)).toBe('yes');
  });

  it('has no interface that nobody asked for', async () => {
    const inNew = 'ip netns add empty && ip -n empty -o link | wc -l';
    expect(await run(inNew)).toBe('1');
  });

  it('tells its configuration to programs that ask', async () => {
    expect(await run('zcat /proc/config.gz | grep -c "^CONFIG_OVERLAY_FS=y"')).toBe('1');
  });
});
