/** The gateway against QEMU's own user networking, in one guest that has both. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildNetworkProbe } from '../main/engine/testing/network-probe.ts';
import { createSandbox, runScript, TestHome } from '../main/engine/testing/test-engine.ts';
import { qemuProgramName } from '../main/engine/host/qemu-probe.ts';
import { findProgram } from '../main/engine/host/find-program.ts';
import { compare, figure, median, type Figure } from './statistics.ts';

const downloadBytes = 256 * 1024 * 1024;
const connections = 200;
const trips = 500;
const against = "QEMU's own user networking";
/** Where each of the two networks has the host. */
const hosts = { ours: '192.0.0.1', slirp: '10.0.2.2' } as const;

/** Throughput in both directions, connections, round trips, and the host's processor time for a gigabyte. */
export async function benchNetwork(rounds: number): Promise<Figure[]> {
  const dir = await mkdtemp(path.join(tmpdir(), 'skerry-bench-'));
  const server = fork(path.join(import.meta.dirname, 'network-server.ts'), [String(downloadBytes)]);
  const earlierPath = process.env['PATH'];
  try {
    const [ports] = (await once(server, 'message')) as [Record<string, number>];
    await buildNetworkProbe(path.join(dir, 'probe'));
    await writeQemuWithBoth(dir);
    process.env['PATH'] = `${dir}:${earlierPath ?? ''}`;
    await using home = await TestHome.make();
    const engine = await home.open();
    await createSandbox(engine, {
      name: 'bench',
      network: { policy: 'all' },
      patches: [
        { kind: 'file', path: '/bin/probe', source: path.join(dir, 'probe'), mode: '0755' },
      ],
    });
    await runScript(
      engine,
      'bench',
      'ip addr add 10.0.2.15/24 dev eth1 && ip link set eth1 mtu 1500 up && sleep 1',
    );
    const probe =
      (host: string, mode: string, port: string, count: number) => async (): Promise<number> => {
        const script = `probe ${mode} ${host} ${String(ports[port])} ${String(count)}`;
        const { stdout, stderr } = await runScript(engine, 'bench', script);
        if (stdout === '') throw new Error(`${script}: ${stderr}`);
        return Number(stdout);
      };
    const { pid = 0 } = { pid: engine.sandboxes.inspect('bench').vmPid };
    const busy: Record<keyof typeof hosts, number[]> = { ours: [], slirp: [] };
    const timed = (host: keyof typeof hosts, work: () => Promise<number>) => async () => {
      const before = await processorMs(pid);
      const result = await work();
      busy[host].push(((await processorMs(pid)) - before) * (1024 ** 3 / downloadBytes));
      return result;
    };
    const pair = (mode: string, port: string, count: number) =>
      [probe(hosts.ours, mode, port, count), probe(hosts.slirp, mode, port, count)] as const;
    const [down, slirpDown] = pair('down', 'source', downloadBytes);
    const figures = [
      await compare(
        { name: 'network-download-256MiB', unit: 'ms', against },
        rounds,
        timed('ours', down),
        timed('slirp', slirpDown),
      ),
      await compare(
        { name: 'network-upload-256MiB', unit: 'ms', against },
        rounds,
        ...pair('up', 'sink', downloadBytes),
      ),
      await compare(
        { name: 'network-200-connections', unit: 'ms', against },
        rounds,
        ...pair('connect', 'sink', connections),
      ),
      await compare(
        { name: 'network-500-round-trips', unit: 'ms', against },
        rounds,
        ...pair('trip', 'echo', trips),
      ),
    ];
    const name = 'network-processor-per-GiB';
    return [
      ...figures,
      figure({ name, unit: 'ms', against }, median(busy.ours), median(busy.slirp)),
    ];
  } finally {
    process.env['PATH'] = earlierPath;
    server.kill();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Before the real QEMU on the PATH: the same with one more network device. */
async function writeQemuWithBoth(dir: string): Promise<void> {
  const name = qemuProgramName(process.arch);
  const real = await findProgram(name);
  const file = path.join(dir, name);
  const more = '-netdev user,id=slirp -device virtio-net-device,netdev=slirp,mac=02:00:00:00:00:03';
  // The probe of the machine asks for versions and the like, to which a device is no answer.
  const script = `#!/bin/sh\ncase "$*" in *skerry.agent*) set -- "$@" ${more};; esac\nexec ${real?.path ?? name} "$@"\n`;
  await writeFile(file, script);
  await chmod(file, 0o755);
}

/** Processor time of QEMU and of this process with its gateway, so far. */
async function processorMs(pid: number): Promise<number> {
  const own = process.cpuUsage();
  let ticks = 0;
  for (const task of await readdir(`/proc/${String(pid)}/task`)) {
    const stat = await readFile(`/proc/${String(pid)}/task/${task}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return (own.user + own.system) / 1000 + ticks * 10;
}
