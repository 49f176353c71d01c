/**
 * Enters a world of its own (run below `unshare --net --mount`): this namespace is the host's, a
 * second one holds the servers of network-servers.ts, whose addresses stand for public, private,
 * link-local and metadata ones. Nothing of it reaches any other network.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from './run-tool.ts';

/** Addresses of the servers. */
export const world = {
  public: '203.0.113.7',
  otherPublic: '203.0.113.9',
  private: '10.0.0.7',
  metadata: '169.254.169.254',
  linkLocal: '169.254.7.7',
  publicIpv6: '2001:db8:1::7',
  privateIpv6: 'fd00:1::7',
  /** Of the host's namespace itself. */
  host: '203.0.113.1',
} as const;

/** What the servers said of themselves. */
export interface World extends Disposable {
  /** MD5 and length of the stream that port 2000 gives. */
  readonly digest: string;
  readonly bytes: number;
}

/** Makes the links and starts the servers. */
export async function enterWorld(directory: string): Promise<World> {
  const program = path.join(import.meta.dirname, 'network-servers.ts');
  const servers = fork(program, [], {
    execPath: '/usr/bin/unshare',
    execArgv: ['--net', process.execPath],
  });
  const ready = once(servers, 'message');
  try {
    await connectTo(servers);
    servers.send('begin');
    const resolv = path.join(directory, 'resolv.conf');
    await writeFile(resolv, 'nameserver 203.0.113.53\n');
    await runTool('mount', ['--bind', resolv, '/etc/resolv.conf']);
    const [{ digest, bytes }] = (await ready) as [{ digest: string; bytes: number }];
    return {
      digest,
      bytes,
      [Symbol.dispose]: () => {
        servers.kill();
      },
    };
  } catch (error) {
    servers.kill();
    throw error;
  }
}

async function connectTo(servers: ChildProcess): Promise<void> {
  const pid = String(servers.pid);
  const { host, ...others } = world;
  const inside = [
    'ip link set lo up',
    'ip link set inner up',
    'ip addr add 203.0.113.254/24 dev inner',
    'ip addr add 2001:db8:f::2/64 dev inner nodad',
    ...[...Object.values(others), '203.0.113.53'].map(
      (address) => `ip addr add ${address}/${address.includes(':') ? '128' : '32'} dev lo`,
    ),
    'ip route add default via 203.0.113.1',
    'ip -6 route add default via 2001:db8:f::1',
  ];
  const outside = [
    'ip link set lo up',
    // The servers' namespace is made a moment after their process.
    `until [ "$(readlink /proc/${pid}/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done`,
    `ip link add outer type veth peer name inner netns ${pid}`,
    `ip addr add ${host}/24 dev outer`,
    'ip addr add 2001:db8:f::1/64 dev outer nodad',
    'ip link set outer up',
    `nsenter --net=/proc/${pid}/ns/net sh -e -c '${inside.join('; ')}'`,
    'ip route add default via 203.0.113.254',
    'ip -6 route add default via 2001:db8:f::2',
  ];
  await runTool('sh', ['-e', '-c', outside.join('\n')]);
}
