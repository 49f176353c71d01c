/** Real processes: scripts that stand in a folder of the test under the names of emulators. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSystemTerminal, type SystemTerminalRequest } from './open-system-terminal.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-terminal-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const written = (name: string) =>
  readFileSync(path.join(dir, `${name}.arguments`), 'utf8')
    .trimEnd()
    .split('\n');

/** Writes down what it is given and the environment, then does `rest`. */
function install(name: string, rest = ''): string {
  const file = path.join(dir, name);
  const lines = [
    '#!/bin/sh',
    `/usr/bin/env >"${file}.env"`,
    `printf '%s\\n' "$@" >"${file}.arguments"`,
    rest,
  ];
  writeFileSync(file, lines.join('\n'));
  chmodSync(file, 0o755);
  return file;
}

const open = (request: Partial<SystemTerminalRequest> = {}) =>
  openSystemTerminal({
    name: 'web',
    emulator: '',
    skerryCommand: ['/opt/skerry/bin/skerry'],
    runtimeDir: dir,
    platform: 'linux',
    // Only a script that never ends is watched for so long.
    watchMs: 20_000,
    ...request,
    env: { PATH: dir, DISPLAY: ':9', ...request.env },
  });

const command = ['/opt/skerry/bin/skerry', 'shell', 'web'];

describe('the emulator', () => {
  it('is the one that is set, by name or by path', async () => {
    const kitty = install('kitty');
    install('xterm');
    expect(await open({ emulator: 'kitty' })).toEqual({ emulator: kitty });
    expect(written('kitty')).toEqual(command);
    rmSync(`${kitty}.arguments`);
    expect(await open({ emulator: kitty })).toEqual({ emulator: kitty });
    expect(written('kitty')).toEqual(command);
    expect(existsSync(path.join(dir, 'xterm.arguments'))).toBe(false);
  });

  it('is that of $TERMINAL, then the desktop’s, then the first that is there', async () => {
    const xterm = install('xterm');
    expect(await open()).toEqual({ emulator: xterm });
    expect(written('xterm')).toEqual(['-e', ...command]);
    const desktops = install('xdg-terminal-exec');
    expect(await open()).toEqual({ emulator: desktops });
    const own = install('my-terminal');
    expect(await open({ env: { TERMINAL: 'my-terminal' } })).toEqual({ emulator: own });
    expect(written('my-terminal')).toEqual(['-e', ...command]);
    expect(await open({ env: { TERMINAL: 'not-there' } })).toEqual({ emulator: desktops });
  });

  it('is not taken from the directory of the host process', async () => {
    install('xterm');
    const relative = path.relative(process.cwd(), path.join(dir, 'xterm'));
    await expect(open({ emulator: relative })).rejects.toMatchObject({
      code: 'terminal/no-emulator',
    });
  });
});

describe('what it runs', () => {
  it('is told the state directory by word, whatever environment the emulator has', async () => {
    install('gnome-terminal');
    await open({ env: { SKERRY_HOME: '/srv/a b', SKERRY_CACHE: '/srv/cache' } });
    expect(written('gnome-terminal')).toEqual([
      '--',
      '/usr/bin/env',
      'SKERRY_HOME=/srv/a b',
      'SKERRY_CACHE=/srv/cache',
      ...command,
    ]);
  });

  it('inherits what a desktop needs and nothing else of the host process', async () => {
    const xterm = install('xterm');
    const secrets = { REGISTRY_PASSWORD: 'p1', AWS_SECRET_ACCESS_KEY: 'p2', NODE_OPTIONS: 'p3' };
    const others = { ELECTRON_RUN_AS_NODE: 'p4', XDG_ACTIVATION_TOKEN: 'p5', MY_TOKEN: 'p6' };
    const env = { LC_ALL: 'C.UTF-8', XDG_RUNTIME_DIR: '/run/user/7', ...secrets, ...others };
    await open({ env });
    const seen = readFileSync(`${xterm}.env`, 'utf8').split('\n');
    expect(seen).toEqual(
      expect.arrayContaining(['DISPLAY=:9', 'LC_ALL=C.UTF-8', 'XDG_RUNTIME_DIR=/run/user/7']),
    );
    expect(seen.filter((line) => /=p\d$/.test(line))).toEqual([]);
  });
});

describe('a terminal that cannot be opened', () => {
  it('says that there is no display, before it looks for a program', async () => {
    install('xterm');
    const opening = openSystemTerminal({
      ...{ name: 'web', emulator: '', skerryCommand: ['skerry'], runtimeDir: dir },
      ...{ platform: 'linux' as const, env: { PATH: dir, DISPLAY: '' } },
    });
    await expect(opening).rejects.toMatchObject({
      code: 'terminal/no-display',
      details: { command: 'skerry shell web' },
    });
    expect(existsSync(path.join(dir, 'xterm.arguments'))).toBe(false);
  });

  it('says that this program came without the command', async () => {
    install('xterm');
    await expect(open({ skerryCommand: [] })).rejects.toMatchObject({
      code: 'terminal/no-command',
    });
    expect(existsSync(path.join(dir, 'xterm.arguments'))).toBe(false);
  });

  it('has a display on Wayland too', async () => {
    const foot = install('foot');
    const env = { DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' };
    expect(await open({ env })).toEqual({ emulator: foot });
  });

  it('says what was looked for', async () => {
    await expect(open({ env: { TERMINAL: 'mine' } })).rejects.toMatchObject({
      code: 'terminal/no-emulator',
      message: expect.stringMatching(/mine, xdg-terminal-exec, .*, xterm\.$/) as string,
      details: { lookedFor: expect.arrayContaining(['mine', 'xterm']) as string[] },
    });
    install('xterm');
    await expect(open({ emulator: 'mine' })).rejects.toMatchObject({
      message: '"mine", which is set as the system terminal, is not a program on the PATH.',
    });
  });

  it('says how it ended where it did so at once', async () => {
    const xterm = install('xterm', 'exit 3');
    await expect(open()).rejects.toMatchObject({
      code: 'terminal/failed',
      message: `${xterm} ended with exit code 3.`,
      details: { started: `${xterm} -e ${command.join(' ')}` },
    });
    install('xterm', 'kill -TERM $$');
    await expect(open()).rejects.toMatchObject({ message: `${xterm} ended by SIGTERM.` });
    writeFileSync(xterm, '#!/not/there\n');
    await expect(open()).rejects.toMatchObject({ code: 'terminal/failed' });
  });
});

it('leaves a program that goes on to itself, in a session of its own', async () => {
  const xterm = install('xterm', `exec /bin/sleep 60`);
  await open({ watchMs: 500 });
  // Its own entry: `pid (name) state parent group session …`.
  const pid = await vi.waitFor(() => sleeperOf(`${xterm}.env`), 20_000);
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8').split(' ');
  process.kill(pid, 'SIGKILL');
  expect(stat.slice(4, 6)).toEqual([String(pid), String(pid)]);
});

/** The process whose environment is the one that was written down and that has become `sleep`. */
function sleeperOf(envFile: string): number {
  const own = readFileSync(envFile, 'utf8');
  const home = /^PATH=(.*)$/m.exec(own)?.[1] ?? 'none';
  const pid = readdirSync('/proc').find((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const isSleep = readFileSync(`/proc/${entry}/cmdline`, 'utf8').startsWith('/bin/sleep');
      return isSleep && readFileSync(`/proc/${entry}/environ`, 'utf8').includes(home);
    } catch {
      return false;
    }
  });
  if (pid === undefined) throw new Error('It does not run yet.');
  return Number(pid);
}

describe('on macOS', () => {
  /** `open` stands in the folder of the test; here it runs the file, as Terminal does. */
  const openOnMac = (rest: string, emulator = '') => {
    install('open', rest);
    return open({
      ...{ platform: 'darwin', emulator },
      skerryCommand: [install("sk'erry")],
      env: { PATH: `${dir}:/usr/bin:/bin`, SKERRY_HOME: '/Users/a b', DISPLAY: '' },
    });
  };

  it('opens a private file that runs the command and removes itself', async () => {
    expect(await openOnMac('stat -c %a "$3" >>"$0.arguments"; "$3"')).toEqual({
      emulator: 'Terminal',
    });
    const [a, terminal, file = '', mode] = written('open');
    expect([a, terminal, mode]).toEqual(['-a', 'Terminal', '700']);
    expect(written("sk'erry")).toEqual(['shell', 'web']);
    expect(readFileSync(path.join(dir, "sk'erry.env"), 'utf8')).toContain(
      'SKERRY_HOME=/Users/a b\n',
    );
    expect(existsSync(path.dirname(file))).toBe(false);
  });

  it('opens it by the application that is set, and leaves nothing where that fails', async () => {
    await expect(openOnMac('exit 1', 'iTerm')).rejects.toMatchObject({ code: 'terminal/failed' });
    const [, terminal, file = ''] = written('open');
    expect([terminal, existsSync(path.dirname(file))]).toEqual(['iTerm', false]);
  });
});
