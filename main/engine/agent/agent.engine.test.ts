/**
 * The agent as PID 1 of a real guest: the kernel of the guest assets, and the agent of this source.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { serializeFrame } from './frame-codec.ts';
import { hostFrames } from './host-messages.ts';
import { boot, connect, makeSpec, run, sh, textOf, useBareGuests } from '../testing/bare-guest.ts';
import { collect } from './testing/collect-output.ts';
import { pattern, sha256 } from './testing/host-agent-fixture.ts';

const execute = promisify(execFile);
useBareGuests();

describe('a guest', () => {
  it('assembles its root from a bare image, and keeps what is written through its end', async () => {
    const spec = await makeSpec('root');
    const { agent, vm } = await boot(spec);
    expect(agent.isSetUp).toBe(false);
    expect(agent.guestBootMs).toBeGreaterThan(0);
    expect(await textOf(agent, 'cat /proc/1/comm; hostname; pwd; echo $HOME')).toBe(
      'init\nbox\n/\n/root\n',
    );
    const mounts = await textOf(agent, 'cat /proc/mounts');
    expect(mounts.replace(/size=.*,mode/, 'size=…,mode')).toMatchInlineSnapshot(`
      "overlay / overlay rw,noatime,lowerdir=/lower,upperdir=/upper/root,workdir=/upper/work 0 0
      proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0
      sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0
      devtmpfs /dev devtmpfs rw,nosuid,relatime,size=…,mode=755,inode64 0 0
      devpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666 0 0
      tmpfs /dev/shm tmpfs rw,nosuid,nodev,relatime,inode64 0 0
      tmpfs /elsewhere/run tmpfs rw,nosuid,nodev,relatime,mode=755,inode64 0 0
      cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0
      "
    `);
    // 64 MiB were formatted, the disk has 256.
    const [blocks] = (await textOf(agent, 'stat -f -c %b /')).split('\n');
    expect(Number(blocks) * 4096).toBeGreaterThan(200 * 1024 * 1024);
    expect(await textOf(agent, 'ip -o addr show lo | grep -c 127.0.0.1')).toBe('1\n');
    expect(
      await textOf(agent, 'cat /etc/hosts; cat /elsewhere/hostname; ls /elsewhere/run'),
    ).toContain("box\ncat: can't open '/elsewhere/hostname'");
    const now = Number(await textOf(agent, 'stat -c %Y /dev/pts'));
    expect(now).toBeGreaterThanOrEqual(1_900_000_000);
    expect(await textOf(agent, 'echo kept > /etc/kept; echo >> /bin/new; stat -c "%a %u" /')).toBe(
      '755 0\n',
    );
    await agent.shutdown();
    expect(await vm.exited).toMatchObject({ reason: 'shutdown' });

    const upper = spec.disks[1]?.path ?? '';
    // Clean, without a journal to be played back.
    const { stdout } = await execute('e2fsck', ['-fn', upper]);
    expect(stdout).not.toContain('recover');
    const again = await boot(spec);
    expect(await textOf(again.agent, 'cat /etc/kept')).toBe('kept\n');
    await again.agent.shutdown();
    expect(await again.vm.exited).toMatchObject({ reason: 'shutdown' });
  });

  it('runs commands, carries bytes exactly, and outlives its host in the middle of a frame', async () => {
    const { agent, vm, port } = await boot(await makeSpec('commands'));
    expect((await run(agent, sh('id; exit 9', { user: 'ann' }))).stdout.toString()).toBe(
      'uid=1000(ann) gid=1000(ann) groups=10(wheel)\n',
    );
    await expect(agent.exec(sh('', { command: ['none'] }))).rejects.toMatchObject({
      code: 'exec/not-found',
    });
    const bytes = pattern(2_000_000);
    const echo = await agent.exec(sh('cat'));
    const echoed = collect(echo);
    await echo.write(bytes);
    echo.endInput();
    expect(sha256((await echoed).stdout)).toBe(sha256(bytes));

    const tty = { rows: 24, columns: 80 };
    // Made first: at a terminal, busybox would write line by line.
    const flood = 'yes 0123456789abcdef | head -c 1700000 >/flood; stty raw; cat /flood';
    const flooded = await agent.exec(sh(flood, { tty }));
    const { stdout } = await collect(flooded);
    // A terminal is kept until it is closed.
    flooded.close();
    expect(sha256(stdout)).toBe(sha256(Buffer.alloc(1_700_000, '0123456789abcdef\n')));

    const listening = 'busybox nc -l -p 8080 & until grep -q :1F90 /proc/net/tcp*; do :; done';
    expect(await agent.listeners()).toEqual([]);
    expect(await textOf(agent, `${listening}; kill -0 $! && echo up >/up; cat /up`)).toBe('up\n');
    expect(await agent.listeners()).toEqual([
      { protocol: 'tcp', address: new Uint8Array(16), port: 8080, command: 'busybox' },
    ]);

    const terminal = await agent.exec(sh('echo hello; read line; echo "got $line"', { tty }));
    const pipe = await agent.exec(sh('cat; echo end'));
    const half = hostFrames({ type: 'stdin', stream: pipe.id, bytes: Buffer.alloc(9000, 'x') })
      .map(serializeFrame)
      .map((frame) => frame.subarray(0, 5000));
    await pipe.write(Buffer.from('before '));
    await new Promise((resolve) => port.write(Buffer.concat(half), resolve));
    port.destroy();

    const later = await connect(vm);
    expect(later.agent.isSetUp).toBe(true);
    const sessions = new Map(later.agent.sessions().map((session) => [session.id, session]));
    expect([...sessions.keys()].sort()).toEqual([terminal.id, pipe.id].sort());
    const pipeAgain = sessions.get(pipe.id);
    const piped = pipeAgain && collect(pipeAgain);
    await pipeAgain?.write(Buffer.from('after '));
    pipeAgain?.endInput();
    expect((await piped)?.stdout.toString()).toBe('before after end\n');
    const terminalAgain = sessions.get(terminal.id);
    const shown = terminalAgain && collect(terminalAgain);
    await terminalAgain?.write(Buffer.from('this\n'));
    expect((await shown)?.stdout.toString()).toBe('hello\r\nthis\r\ngot this\r\n');
    await later.agent.shutdown();
    expect(await vm.exited).toMatchObject({ reason: 'shutdown' });
  });

  it('freezes its disk for a copy, thaws it by itself, and goes on as another', async () => {
    const spec = await makeSpec('identity');
    const { agent, vm } = await boot(spec);
    const id = '0123456789abcdef0123456789abcdef';
    await textOf(agent, `mkdir -p /var/lib/dbus; echo ${id} >/etc/machine-id`);
    await textOf(
      agent,
      'echo none >/var/lib/dbus/machine-id; rm /etc/hostname; echo box >/etc/hostname',
    );

    await agent.freeze();
    const written = textOf(agent, 'echo after >/frozen; echo done');
    await expect(agent.freeze()).rejects.toMatchObject({ code: 'agent/setup-failed' });
    await expect(agent.takeIdentity('other')).rejects.toThrow('a disk that is frozen');
    // What reads goes on, and what was written before the freeze is on the disk: a clean one.
    expect(await textOf(agent, 'cat /etc/machine-id')).toBe(`${id}\n`);
    const { stdout } = await execute('e2fsck', ['-fn', spec.disks[1]?.path ?? '']);
    expect(stdout).not.toContain('recover');
    expect(await textOf(agent, '[ -e /frozen ] && [ -s /frozen ] || echo not yet')).toBe(
      'not yet\n',
    );
    await agent.thaw();
    expect(await written).toBe('done\n');

    await agent.takeIdentity('other');
    expect(await textOf(agent, 'hostname; cat /etc/hostname')).toBe('other\nother\n');
    expect(await textOf(agent, 'cat /etc/hosts')).toContain('127.0.1.1\tother\n');
    const renewed = await textOf(agent, 'cat /etc/machine-id');
    expect(renewed).toMatch(/^[0-9a-f]{12}4[0-9a-f]{19}\n$/);
    expect(renewed).not.toContain(id);
    expect(await textOf(agent, 'cat /var/lib/dbus/machine-id')).toBe('none\n');

    await agent.freeze();
    // Nobody thaws it: it does so by itself.
    expect(await textOf(agent, 'echo late >/late; cat /late')).toBe('late\n');
    await expect(agent.thaw()).rejects.toThrow('thaw the writable disk');
    await agent.freeze();
    await agent.shutdown();
    expect(await vm.exited).toMatchObject({ reason: 'shutdown' });
  });

  it('ends in good order when a command in it powers it off', async () => {
    const spec = await makeSpec('poweroff');
    const { agent, vm } = await boot(spec);
    await agent.exec(sh('trap "" TERM HUP; while :; do sleep 1; done'));
    await agent.exec(sh('poweroff'));
    expect(await vm.exited).toMatchObject({ reason: 'shutdown' });
    await agent.closed;
    const { stdout } = await execute('e2fsck', ['-fn', spec.disks[1]?.path ?? '']);
    expect(stdout).not.toContain('recover');
  });

  it('says which step of its setup fails', async () => {
    const spec = await makeSpec('fails');
    await writeFile(spec.disks[1]?.path ?? '', Buffer.alloc(1024 * 1024));
    await expect(boot(spec)).rejects.toMatchObject({
      code: 'agent/setup-failed',
      message: 'The guest could not mount the writable disk: Invalid argument.',
    });
  });
});
