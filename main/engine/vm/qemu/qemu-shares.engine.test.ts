/** Directories and files of the host in real machines. Needs Debian's busybox-static and virtiofsd. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { buildShareCommand, shareEnvironment, type ShareTools } from '../../host/share-command.ts';
import { waitForFile } from '../../host/unix-socket.ts';
import { ask, startForTest } from '../../testing/driver-contract.ts';
import { makeLineGuest, type LineGuest } from '../../testing/line-guest.ts';
import { findShareTools } from '../../testing/share-tools.ts';
import type { Vm, VmShareEntry, VmSpec } from '../driver.ts';
import { QemuDriver } from './qemu-driver.ts';
import { runtimeFiles } from './runtime-files.ts';

const driver = new QemuDriver({ logger: silentLogger });
let folder: string;
let guest: LineGuest;
let tools: ShareTools;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skerry-shares-'));
  // An ordinary user gets to its own directories and to the guest below it.
  await chmod(folder, 0o755);
  guest = await makeLineGuest(folder);
  const kernelPath = join(folder, 'kernel');
  await copyFile(guest.kernelPath, kernelPath);
  guest = { ...guest, kernelPath };
  tools = await findShareTools(folder);
});

afterAll(async () => {
  const left = await processesOf(folder);
  await rm(folder, { recursive: true, force: true });
  expect(left).toEqual([]);
});

interface Shared {
  readonly spec: VmSpec;
  /** `rw/`, `ro/`, `file` and `file-ro`, each with something in it. */
  readonly dir: string;
}

async function makeShared(id: string, transport: 'virtiofs' | '9p' = 'virtiofs'): Promise<Shared> {
  const directory = await mkdtemp(join(folder, 'm-'));
  const dir = join(directory, 'shared');
  for (const name of ['', 'rw', 'ro', 'ro/below']) await mkdir(join(dir, name));
  for (const name of ['rw/a', 'ro/a', 'ro/below/b', 'file', 'file-ro']) {
    await writeFile(join(dir, name), `${name} of the host\n`);
  }
  const entry = (name: string, overrides: Partial<VmShareEntry> = {}): VmShareEntry => {
    return { name, path: join(dir, name), isFile: false, readOnly: true, ...overrides };
  };
  const entries = [
    entry('rw', { readOnly: false }),
    entry('ro'),
    ...(transport === '9p'
      ? []
      : [entry('file', { isFile: true, readOnly: false }), entry('file-ro', { isFile: true })]),
  ];
  const spec: VmSpec = {
    id,
    cpus: 1,
    memoryMiB: 256,
    accelerator: 'tcg',
    ...guest,
    disks: [],
    shares: { transport, entries, tools },
    runtimeDir: join(directory, 'run'),
    consoleLogPath: join(directory, 'console.log'),
    monitorLogPath: join(directory, 'monitor.log'),
  };
  return { spec, dir };
}

/** What runs with this text in its arguments: QEMU and the daemons. */
async function processesOf(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map(async (pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.filter(
    (command) => /qemu-system|virtiofsd/.test(command) && command.includes(text),
  );
}

async function daemonPid(spec: VmSpec): Promise<number> {
  const { shareRecord } = runtimeFiles(spec.runtimeDir);
  return Number((await readFile(shareRecord, 'utf8')).split(' ')[0]);
}

/** Waits until the machine runs, and kills the host process that started it. */
async function untilStarted(host: ChildProcessByStdio<null, Readable, null>): Promise<void> {
  const ended = once(host, 'exit');
  const started = once(createInterface({ input: host.stdout }), 'line').then(() => 'started');
  try {
    expect(await Promise.race([started, ended])).toBe('started');
  } finally {
    host.kill('SIGKILL');
    await ended;
  }
}

/** Mounts what is shared at /s; each entry is at /s/NAME. */
async function openShares(vm: Vm): Promise<Duplex> {
  const port = await vm.openAgentPort();
  const script = [
    'while read -r module; do insmod /modules/$module; done < /modules/load-virtiofs',
    'mkdir /s',
    'mount -t virtiofs skerry /s',
    'ls /s | tr "\\n" " "',
    'echo',
  ];
  expect(await ask(port, script.join('; '))).toBe('file file-ro ro rw ');
  return port;
}

describe('virtiofs', () => {
  it('brings directories and single files in, writable where they are', async () => {
    const { spec, dir } = await makeShared('all');
    await symlink('/etc/passwd', join(dir, 'rw/link'));
    await mkdir(join(dir, 'rw/mode'), { mode: 0o700 });
    const port = await openShares(await startForTest(driver, spec));
    expect(await ask(port, 'cat /s/rw/a')).toBe('rw/a of the host');
    expect(await ask(port, 'cat /s/ro/below/b')).toBe('ro/below/b of the host');
    expect(await ask(port, 'cat /s/file-ro')).toBe('file-ro of the host');
    await ask(port, 'echo guest > /s/rw/new; echo guest >> /s/file; echo done');
    expect(await readFile(join(dir, 'rw/new'), 'utf8')).toBe('guest\n');
    expect(await readFile(join(dir, 'file'), 'utf8')).toBe('file of the host\nguest\n');
    await writeFile(join(dir, 'rw/later'), 'later\n');
    expect(await ask(port, 'cat /s/rw/later')).toBe('later');
    // The guest's kernel follows links, within the guest.
    expect(await ask(port, 'cat /s/rw/link 2>&1')).toMatch(/No such file/);
    expect(await ask(port, 'ls /s/rw/../.. | grep -c line-guest')).toBe('1');
  });

  it('keeps modes, and makes what a root directory needs: devices, owners, set-user-ID', async () => {
    const { spec, dir } = await makeShared('special');
    const port = await openShares(await startForTest(driver, spec));
    const make = [
      'cd /s/rw',
      'mknod null c 1 3',
      'mknod pipe p',
      'cp /bin/busybox tool',
      'chmod 4755 tool',
      'mkdir -m 1777 tmp',
    ];
    expect(await ask(port, `${make.join(' && ')} && echo made`)).toBe('made');
    // The guest's kernel knows devices by itself, whatever the host's mount says.
    expect(await ask(port, 'echo lost > /s/rw/null && echo written')).toBe('written');
    expect((await lstat(join(dir, 'rw/null'))).isCharacterDevice()).toBe(true);
    expect((await lstat(join(dir, 'rw/pipe'))).isFIFO()).toBe(true);
    expect((await stat(join(dir, 'rw/tool'))).mode & 0o7777).toBe(0o4755);
    expect((await stat(join(dir, 'rw/tmp'))).mode & 0o7777).toBe(0o1777);
  });

  it('holds what is read-only on the host, whatever the guest does', async () => {
    const { spec, dir } = await makeShared('held');
    const port = await openShares(await startForTest(driver, spec));
    const attempts = [
      'echo x > /s/ro/a',
      'echo x > /s/ro/below/b',
      'echo x > /s/ro/new',
      'rm /s/ro/a',
      'chmod 777 /s/ro/a',
      'echo x > /s/file-ro',
      'rmdir /s/ro/below',
      'echo x > /s/beside',
    ];
    const remount = ['/s', '/s/ro', '/s/file-ro'].map((place) => `mount -o remount,rw ${place}`);
    expect(await ask(port, `{ ${remount.join('; ')}; } > /dev/null 2>&1; echo tried`)).toBe(
      'tried',
    );
    for (const attempt of attempts) {
      expect(await ask(port, `(${attempt}) 2>&1`), attempt).toMatch(/Read-only file system/);
    }
    expect(await readFile(join(dir, 'ro/a'), 'utf8')).toBe('ro/a of the host\n');
    expect(await readdir(join(dir, 'ro'))).toEqual(['a', 'below']);
  });

  it('shows nothing on the host, and leaves nothing when the machine has ended', async () => {
    const { spec } = await makeShared('hidden');
    const vm = await startForTest(driver, spec);
    const files = runtimeFiles(spec.runtimeDir);
    expect(await readdir(files.shareStaging)).toEqual([]);
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(spec.runtimeDir);
    expect((await stat(files.shares)).mode & 0o777).toBe(0o600);
    // QEMU, the daemon, and the process that it keeps requests in.
    expect((await processesOf(spec.runtimeDir)).length).toBeGreaterThanOrEqual(2);
    await vm.quit();
    await vm.exited;
    expect(await processesOf(spec.runtimeDir)).toEqual([]);
    expect(await readdir(spec.runtimeDir)).toEqual([]);
  });

  it.each([
    ['is gone', 'cannot be opened: No such file or directory.'],
    ['is a link now', 'is behind a symbolic link now.'],
    ['is a file now', 'is no directory any more.'],
  ])('refuses a directory that %s, and leaves nothing', async (what, message) => {
    const { spec, dir } = await makeShared('changed');
    await rm(join(dir, 'ro'), { recursive: true });
    if (what === 'is a link now') await symlink('/etc', join(dir, 'ro'));
    if (what === 'is a file now') await writeFile(join(dir, 'ro'), '');
    await expect(driver.start(spec)).rejects.toMatchObject({
      code: 'vm/start-failed',
      message: `A directory or file cannot be shared: ${join(dir, 'ro')} ${message}`,
    });
    expect(await processesOf(spec.runtimeDir)).toEqual([]);
    expect(await readdir(spec.runtimeDir)).toEqual([]);
  });

  it('says what is missing where a daemon cannot be started', async () => {
    const { spec } = await makeShared('broken');
    const start = (overrides: Partial<ShareTools>) => {
      const shares = { transport: 'virtiofs', entries: spec.shares?.entries ?? [] } as const;
      return driver.start({ ...spec, shares: { ...shares, tools: { ...tools, ...overrides } } });
    };
    await expect(start({ daemonPath: '/none/virtiofsd' })).rejects.toMatchObject({
      code: 'share/unavailable',
      message:
        'Nothing can be shared: /none/virtiofsd cannot be started: No such file or directory.',
    });
    await expect(start({ unsharePath: '/none/unshare' })).rejects.toMatchObject({
      code: 'share/unavailable',
    });
    // It takes the connection and goes: QEMU gives up.
    await expect(start({ daemonPath: '/bin/true' })).rejects.toMatchObject({
      code: 'vm/start-failed',
    });
    expect(await readdir(spec.runtimeDir)).toEqual([]);
  });

  it('leaves no daemon where QEMU does not start, or the start is cancelled at any moment', async () => {
    const { spec } = await makeShared('no-start');
    const broken = { ...spec, kernelPath: join(folder, 'no-such-kernel') };
    await expect(driver.start(broken)).rejects.toMatchObject({ code: 'vm/start-failed' });
    expect(await processesOf(spec.runtimeDir)).toEqual([]);
    for (const delayMs of [1, 5, 10, 20, 30, 40, 60, 80, 120]) {
      const started = driver.start(spec, { signal: AbortSignal.timeout(delayMs) });
      const outcome = await started.then(
        (vm) => vm.kill().then(() => 'started'),
        (error: unknown) => (error as { code?: unknown }).code,
      );
      expect(['started', 'operation/cancelled']).toContain(outcome);
      expect(await processesOf(spec.runtimeDir)).toEqual([]);
      expect(await readdir(spec.runtimeDir).catch(() => [])).toEqual([]);
    }
  });

  it('ends the machine of a daemon that is gone, of a machine found again as well', async () => {
    const { spec } = await makeShared('daemon-gone');
    const first = await startForTest(driver, spec);
    process.kill(await daemonPid(spec), 'SIGKILL');
    const detail = 'The process that shares directories with the machine has ended.';
    expect(await first.exited).toEqual({ reason: 'crash', detail });
    const second = await startForTest(driver, spec);
    await second.release();
    process.kill(await daemonPid(spec), 'SIGKILL');
    const again = await driver.reattach(spec);
    expect(await again?.exited).toEqual({ reason: 'crash', detail });
    expect(await readdir(spec.runtimeDir)).toEqual([]);
  });

  it('goes on when the host process is killed, and ends with the machine', async () => {
    const { spec } = await makeShared('survives');
    const script = join(import.meta.dirname, '../../testing/start-machine.ts');
    const host = spawn(process.execPath, [script, JSON.stringify(spec)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await untilStarted(host);
    const vm = await driver.reattach(spec);
    if (vm === undefined) throw new Error('The machine was not found.');
    const port = await openShares(vm);
    expect(await ask(port, 'cat /s/rw/a')).toBe('rw/a of the host');
    await vm.kill();
    expect(await processesOf(spec.runtimeDir)).toEqual([]);
    expect(await readdir(spec.runtimeDir)).toEqual([]);
  });

  it('is ended where its host process died before there was a machine', async () => {
    const { spec } = await makeShared('leftover');
    const files = runtimeFiles(spec.runtimeDir);
    await mkdir(files.shareStaging, { recursive: true });
    const places = {
      staging: files.shareStaging,
      socket: files.shares,
      record: files.shareRecord,
    };
    const [program, args] = buildShareCommand(tools, places, spec.shares?.entries ?? []);
    const daemon = spawn(program, args, { detached: true, env: shareEnvironment, stdio: 'ignore' });
    const ended = once(daemon, 'exit');
    await waitForFile(files.shares, AbortSignal.timeout(60_000));
    expect(await driver.reattach(spec)).toBeUndefined();
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(await readdir(spec.runtimeDir)).toEqual([]);
  });

  it('has room beside as many disks as there are slots', async () => {
    const { spec } = await makeShared('slots');
    const directory = join(spec.runtimeDir, '..');
    const disks = Array.from({ length: 20 }, (_, index) => `d${String(index)}`).map((serial) => {
      const path = join(directory, serial);
      return { serial, path, format: 'raw', readOnly: false } as const;
    });
    for (const { path } of disks) {
      await writeFile(path, '');
      await truncate(path, 512);
    }
    const port = await openShares(await startForTest(driver, { ...spec, disks }));
    expect(await ask(port, 'ls -d /sys/block/vd* | wc -l')).toBe('20');
    expect(await ask(port, 'cat /s/rw/a')).toBe('rw/a of the host');
  });
});

describe.skipIf(process.getuid?.() !== 0)('virtiofs of an ordinary user', () => {
  const uid = 4321;

  it('gives that user what the guest writes, and the guest what the user may have', async () => {
    const { spec, dir } = await makeShared('ordinary');
    await writeFile(join(dir, 'rw/secret'), 'of root\n', { mode: 0o600 });
    const own = [
      dir,
      join(spec.runtimeDir, '..'),
      ...['rw', 'rw/a', 'file'].map((name) => join(dir, name)),
    ];
    for (const file of own) await chown(file, uid, uid);
    const toolsDir = join(spec.runtimeDir, '../tools');
    await mkdir(toolsDir);
    await chown(toolsDir, uid, uid);
    const script = join(import.meta.dirname, '../../testing/start-machine.ts');
    const host = spawn(process.execPath, [script, JSON.stringify(spec), String(uid), toolsDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await untilStarted(host);
    // Root is not the user, and the daemon answers nobody but QEMU: the machine is found as always.
    const vm = await driver.reattach(spec);
    if (vm === undefined) throw new Error('The machine was not found.');
    onTestFinished(() => vm.kill());
    const port = await openShares(vm);
    expect((await stat(`/proc/${String(await daemonPid(spec))}`)).uid).toBe(uid);
    expect(await ask(port, 'stat -c %u:%g /s/rw/a')).toBe('0:0');
    expect(
      await ask(port, 'mkdir /s/rw/d && echo x > /s/rw/d/new && echo y >> /s/file && echo ok'),
    ).toBe('ok');
    for (const name of ['rw/d', 'rw/d/new', 'file']) {
      const { uid: owner, gid } = await stat(join(dir, name));
      expect([owner, gid], name).toEqual([uid, uid]);
    }
    // Without numbers of their own on the host, other users of the guest cannot own files there.
    const other = [
      'mkdir -p /etc; echo u:x:1000:1000::/:/bin/sh > /etc/passwd',
      'chmod 777 /s/rw/d; su u -c "touch /s/rw/d/other" 2>&1',
    ];
    expect(await ask(port, other.join('; '))).toMatch(/Invalid argument/);
    expect(await ask(port, 'cat /s/rw/secret 2>&1')).toMatch(/Permission denied/);
    expect(await ask(port, '(echo x > /s/ro/a) 2>&1')).toMatch(/Read-only/);
    await vm.kill();
    expect(await processesOf(spec.runtimeDir)).toEqual([]);
  });
});

describe('9p', () => {
  it('is taken by QEMU, a device for each directory', async () => {
    const { spec } = await makeShared('ninep', '9p');
    const vm = await startForTest(driver, spec);
    const port = await vm.openAgentPort();
    // virtio device type 9; the tags are in the devices' configuration.
    const tags = 'grep -l 0x0009 /sys/bus/virtio/devices/*/device | wc -l';
    expect(await ask(port, tags)).toBe('2');
    await vm.kill();
    expect(await readdir(spec.runtimeDir)).toEqual([]);
  });
});
