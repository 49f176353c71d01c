/**
 * Guests of their own, without an engine: the kernel of the guest assets, the agent of this source,
 * and an image that has next to nothing.
 */
import { execFile } from 'node:child_process';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { run as runHere } from '../../../native-helpers/guest-agent/test/programs.ts';
import { buildCpio } from '../../../native-helpers/guest-kernel/cpio.ts';
import { silentLogger } from '../base/logger.ts';
import { loadGuestAssets } from '../host/guest-assets-folder.ts';
import { resolvePaths } from '../host/paths.ts';
import type { Vm, VmSpec } from '../vm/driver.ts';
import { QemuDriver } from '../vm/qemu/qemu-driver.ts';
import type { AgentExec } from '../agent/agent.ts';
import { connectAgent, type ConnectedAgent } from '../agent/agent-client.ts';
import { collect, type Collected } from '../agent/testing/collect-output.ts';

const execute = promisify(execFile);
/** What starts them. */
export const driver = new QemuDriver({ logger: silentLogger });
let folder: string;
let guest: Pick<VmSpec, 'kernelPath' | 'initramfsPath' | 'kernelArguments'>;

/** Makes what guests are booted from, before the tests of a file, and removes it after them. */
export function useBareGuests(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skerry-agent-vm-'));
    guest = await makeGuest();
    await makeRootDisk();
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
}

/** The initramfs of the assets with this source's agent in front of theirs. */
async function makeGuest(): Promise<typeof guest> {
  const assets = await loadGuestAssets(resolvePaths().cacheDir);
  await runHere('make', `OUT=${folder}`);
  const init = buildCpio([
    { type: 'file', path: 'init', mode: 0o755, data: await readFile(join(folder, 'skerry-agent')) },
  ]);
  const initramfsPath = join(folder, 'initramfs');
  await writeFile(initramfsPath, Buffer.concat([await readFile(assets.initramfsPath), init]));
  return { kernelPath: assets.kernelPath, kernelArguments: assets.kernelArguments, initramfsPath };
}

/**
 * An image as bare as an image can be: busybox, users, no mount points, a link where the agent
 * writes a file, and another where it mounts.
 */
async function makeRootDisk(): Promise<void> {
  const root = join(folder, 'image');
  for (const dir of ['bin', 'etc', 'elsewhere/run']) {
    await mkdir(join(root, dir), { recursive: true });
  }
  await copyFile('/bin/busybox', join(root, 'bin/busybox'));
  await chmod(join(root, 'bin/busybox'), 0o755);
  for (const name of [
    'sh',
    'cat',
    'df',
    'echo',
    'grep',
    'head',
    'hostname',
    'id',
    'ip',
    'ls',
    'poweroff',
    'printf',
    'pwd',
    'sha256sum',
    'sleep',
    'stat',
    'stty',
    'sync',
    'wc',
    'yes',
  ]) {
    await symlink('busybox', join(root, 'bin', name));
  }
  await symlink('/elsewhere/run', join(root, 'run'));
  await symlink('/elsewhere/hostname', join(root, 'etc/hostname'));
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/srv:/bin/sh\n',
  );
  await writeFile(join(root, 'etc/group'), 'ann:x:1000:\nwheel:x:10:root,ann\n');
  await execute('mkfs.erofs', [join(folder, 'root.erofs'), root]);
}

/** A machine with an empty writable disk that is larger than the filesystem on it. */
export async function makeSpec(name: string): Promise<VmSpec> {
  const dir = join(folder, name);
  await mkdir(dir);
  const upper = join(dir, 'upper.raw');
  await writeFile(upper, '');
  await truncate(upper, 64 * 1024 * 1024);
  await execute('mke2fs', ['-q', '-t', 'ext4', '-F', upper]);
  await truncate(upper, 256 * 1024 * 1024);
  return {
    id: name,
    cpus: 1,
    memoryMiB: 256,
    accelerator: 'tcg',
    ...guest,
    disks: [
      { serial: 'root', path: join(folder, 'root.erofs'), format: 'raw', readOnly: true },
      { serial: 'upper', path: upper, format: 'raw', readOnly: false },
    ],
    runtimeDir: join(dir, 'run'),
    consoleLogPath: join(dir, 'console.log'),
    monitorLogPath: join(dir, 'monitor.log'),
  };
}

/** A guest that runs, and its agent. */
interface Running {
  readonly vm: Vm;
  readonly agent: ConnectedAgent;
  readonly port: Duplex;
}

/** Another connection to its agent. */
export async function connect(vm: Vm): Promise<Running> {
  const port = await vm.openAgentPort();
  return { vm, port, agent: await connectAgent(port, { logger: silentLogger }) };
}

/** A guest whose root is assembled; it ends with the test. */
export async function boot(spec: VmSpec): Promise<Running> {
  const vm = await driver.start(spec);
  onTestFinished(async () => {
    await vm.kill();
  });
  const running = await connect(vm);
  await running.agent.setUp({
    hostname: 'box',
    root: { kind: 'image', lowerSerial: 'root', upperSerial: 'upper' },
    volumes: [],
    hasScripts: false,
    patches: [],
    nowMs: 1_900_000_000_000,
    entropy: new Uint8Array(64).fill(7),
  });
  return running;
}

/** A command line of its shell. */
export function sh(script: string, request: Partial<AgentExec> = {}): AgentExec {
  return { command: ['sh', '-c', script], env: { PATH: '/bin' }, workdir: '/', ...request };
}

/** What a command gives that reads this. */
export async function run(
  agent: ConnectedAgent,
  request: AgentExec,
  input = '',
): Promise<Collected> {
  const session = await agent.exec(request);
  const collected = collect(session);
  if (input !== '') await session.write(Buffer.from(input));
  session.endInput();
  return collected;
}

/** What a command line writes. */
export async function textOf(agent: ConnectedAgent, script: string): Promise<string> {
  const { stdout, stderr } = await run(agent, sh(script));
  return stdout.toString() + stderr.toString();
}
