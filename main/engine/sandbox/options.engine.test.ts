/** Every option of a configuration, read from inside a real guest. */
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateRequest } from '../../contract/sandbox-config.ts';
import type { Engine } from '../engine.ts';
import {
  createSandbox,
  readSession,
  runScript,
  succeed,
  TestHome,
} from '../testing/test-engine.ts';

let home: TestHome;
let engine: Engine;
const at = (name: string) => path.join(home.dir, 'of-the-user', name);

beforeAll(async () => {
  home = await TestHome.make();
  engine = await home.open();
  await mkdir(at(''), { recursive: true });
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
});

/** What a command line of a sandbox's shell prints; fails where it fails. */
async function output(name: string, script: string): Promise<string> {
  const { stdout, stderr, exit } = await runScript(engine, name, script);
  expect(exit, `${script}: ${stderr}`).toEqual({ kind: 'exited', code: 0 });
  return stdout;
}

describe('a sandbox with everything', () => {
  beforeAll(async () => {
    await mkdir(at('data/deep'), { recursive: true });
    await writeFile(at('data/deep/file'), 'from the host\n');
    await symlink('/etc/passwd', at('data/leads-out'));
    await mkdir(at('ro'));
    await writeFile(at('ro/kept'), 'kept\n');
    await writeFile(at('single'), 'one file\n');
    await writeFile(at('beside'), 'not shared\n');
    await writeFile(at('app.conf'), 'configured\n', { mode: 0o640 });
    await mkdir(at('tree/sub'), { recursive: true });
    await writeFile(at('tree/sub/run'), '#!/bin/sh\necho ran\n', { mode: 0o755 });
    await symlink('sub/run', at('tree/link'));
    await createSandbox(engine, {
      name: 'full_box',
      cpus: 2,
      memoryMiB: 300,
      workdir: '/srv/work',
      user: 'user',
      hostname: 'named.example',
      entrypoint: ['/bin/echo', 'entry'],
      cmd: ['and', 'cmd'],
      env: { GREETING: 'hello', EMPTY: '' },
      labels: { team: 'core' },
      volumes: {
        '/mnt/nested/deep': { tmpfs: { sizeMiB: 3 } },
        '/mnt/nested': { bind: at('data'), access: 'rw' },
        '/mnt/ro': { bind: at('ro') },
        '/mnt/new/single': { bind: at('single') },
        '/cache': { named: 'cache' },
      },
      scripts: {
        greet: 'echo "$GREETING from $0"\n',
        in_awk: '#!/usr/bin/awk -f\nBEGIN { print "awk" }\n',
      },
      patches: [
        { kind: 'mkdir', path: '/srv/work', mode: '0750', owner: 'user' },
        { kind: 'text', path: '/etc/motd', content: 'hi\n', mode: '0600' },
        { kind: 'append', path: '/etc/hosts', content: '1.2.3.4 there\n' },
        { kind: 'file', path: '/etc/app.conf', source: at('app.conf'), owner: '7:8' },
        { kind: 'dir', path: '/opt/tree', source: at('tree') },
        { kind: 'symlink', path: '/etc/link', target: '/etc/motd' },
        { kind: 'remove', path: '/etc/shells' },
        { kind: 'text', path: '/etc/profile', content: 'replaced\n', replace: true },
      ],
    });
  });

  it('has its processors, memory, host name, directory and user', async () => {
    expect(await output('full_box', 'nproc; hostname; pwd; id -un')).toBe(
      '2\nnamed.example\n/srv/work\nuser\n',
    );
    const memory = await output('full_box', "awk '/MemTotal/ {print $2}' /proc/meminfo");
    expect(Number(memory)).toBeGreaterThan(200 * 1024);
    expect(Number(memory)).toBeLessThan(300 * 1024);
    expect(engine.sandboxes.inspect('full_box').config.labels).toEqual({ team: 'core' });
  });

  it('has its environment, an empty value among it', async () => {
    expect(await output('full_box', 'echo "$GREETING|${EMPTY-unset}|"')).toBe('hello||\n');
  });

  it('runs its entrypoint and command where none is given', async () => {
    const session = await engine.sandboxes.exec({ name: 'full_box', command: [] });
    expect((await readSession(engine, session)).stdout).toBe('entry and cmd\n');
  });

  it('runs its scripts by name, through exec and through the shell', async () => {
    const session = await engine.sandboxes.exec({ name: 'full_box', command: ['greet'] });
    expect((await readSession(engine, session)).stdout).toBe('hello from /.msb/scripts/greet\n');
    expect(await output('full_box', 'greet; in_awk')).toBe('hello from /.msb/scripts/greet\nawk\n');
    const change = await runScript(engine, 'full_box', 'echo x > /.msb/scripts/greet');
    expect(change.exit).not.toEqual({ kind: 'exited', code: 0 });
  });

  it('was patched before anything ran, in order', async () => {
    const facts = [
      'stat -c "%a %u %g" /srv/work /etc/motd /etc/app.conf /opt/tree/sub/run',
      'cat /etc/app.conf; tail -n 1 /etc/hosts; /opt/tree/link; readlink /opt/tree/link; readlink /etc/link',
      'cat /etc/profile; ls /etc/shells 2>/dev/null || echo gone',
    ];
    const session = await engine.sandboxes.exec({
      name: 'full_box',
      command: ['/bin/sh', '-c', facts.join('; ')],
      user: 'root',
    });
    expect((await readSession(engine, session)).stdout).toBe(
      '750 1000 1000\n600 0 0\n640 7 8\n755 0 0\n' +
        'configured\n1.2.3.4 there\nran\nsub/run\n/etc/motd\n' +
        'replaced\ngone\n',
    );
  });

  it('sees directories and files of the host, and a volume inside another one', async () => {
    expect(
      await output('full_box', 'cat /mnt/nested/deep/file 2>&1 || ls -A /mnt/nested'),
    ).toContain('leads-out');
    const script =
      'cat /mnt/ro/kept /mnt/new/single; ls /mnt/new; df -m /mnt/nested/deep | tail -1';
    expect(await output('full_box', script)).toMatch(/^kept\none file\nsingle\ntmpfs +3 /);
    expect(engine.sandboxes.inspect('full_box').sharedBy).toBe('virtiofs');
  });

  it('is led nowhere by a link in a shared directory', async () => {
    const own = await output('full_box', 'cat /etc/passwd');
    expect(await output('full_box', 'cat /mnt/nested/leads-out')).toBe(own);
    expect(own).not.toBe(await readFile('/etc/passwd', 'utf8'));
  });

  async function asRoot(script: string): Promise<{ stdout: string; code: number | undefined }> {
    const command = ['/bin/sh', '-c', script];
    const session = await engine.sandboxes.exec({ name: 'full_box', command, user: 'root' });
    const { stdout, exit } = await readSession(engine, session);
    return { stdout, code: exit?.kind === 'exited' ? exit.code : undefined };
  }

  it('writes where it may, as this user, and nowhere else', async () => {
    expect(await asRoot('echo guest > /mnt/nested/written')).toMatchObject({ code: 0 });
    expect(await readFile(at('data/written'), 'utf8')).toBe('guest\n');
    expect((await stat(at('data/written'))).uid).toBe(process.getuid?.());
    expect((await asRoot('echo x > /mnt/ro/kept')).code).not.toBe(0);
    expect((await asRoot('echo x > /mnt/new/single')).code).not.toBe(0);
    // Whatever root of the guest does to its own mounts: it is the host that holds it.
    await asRoot(
      'mount -o remount,rw,bind /mnt/ro; mount -o remount,rw /mnt/ro; echo x > /mnt/ro/kept',
    );
    expect(await readFile(at('ro/kept'), 'utf8')).toBe('kept\n');
  });

  it('keeps a named volume that another sandbox sees, and that outlives both', async () => {
    await asRoot('echo cached > /cache/file');
    await createSandbox(engine, { name: 'second', volumes: { '/c': { named: 'cache' } } });
    expect(await output('second', 'cat /c/file; echo more >> /c/file')).toBe('cached\n');
    expect((await engine.volumes.inspect('cache')).usedBy).toEqual(['full_box', 'second']);
    await expect(engine.volumes.remove('cache')).rejects.toMatchObject({
      code: 'volume/in-use',
      message: 'The volume "cache" is mounted by "full_box", "second".',
    });
    await engine.sandboxes.remove('second', { force: true });
    expect(await asRoot('cat /cache/file')).toMatchObject({ stdout: 'cached\nmore\n' });
  });

  it('starts again without its patches, with its scripts and volumes', async () => {
    await asRoot('echo mine > /etc/motd; rm /etc/app.conf');
    await engine.sandboxes.stop('full_box');
    const { config } = engine.sandboxes.inspect('full_box');
    const changed = { ...config, scripts: { other: 'echo other' }, user: 'root', cpus: 1 };
    expect((await engine.sandboxes.configure('full_box', changed)).changes).toEqual([
      { field: 'cpus', effect: 'next-start' },
      { field: 'scripts', effect: 'next-start' },
      { field: 'user', effect: 'now' },
    ]);
    await succeed(engine, await engine.sandboxes.start('full_box'));
    const script = 'cat /etc/motd; ls /etc/app.conf 2>/dev/null; other; ls /.msb/scripts; nproc';
    expect((await runScript(engine, 'full_box', script)).stdout).toBe('mine\nother\nother\n1\n');
    expect(await output('full_box', 'cat /mnt/ro/kept /cache/file')).toBe('kept\ncached\nmore\n');
  });

  it('leaves the host and the volume as they are when it goes', async () => {
    await engine.sandboxes.remove('full_box', { force: true });
    expect((await readdir(at('data'))).sort()).toEqual(['deep', 'leads-out', 'written']);
    const { path: data, usedBy } = await engine.volumes.inspect('cache');
    expect(usedBy).toEqual([]);
    expect(await readFile(path.join(data, 'file'), 'utf8')).toBe('cached\nmore\n');
    await engine.volumes.remove('cache');
    expect(await engine.volumes.list()).toEqual([]);
  });
});

describe('a creation that is refused', () => {
  const create = async (request: Partial<CreateRequest>): Promise<void> => {
    await createSandbox(engine, { name: 'never', ...request });
  };

  it.each<[string, Partial<CreateRequest>, string]>([
    ['something is there already', { patches: [aText('/etc/passwd')] }, 'patch/failed'],
    [
      'there is nothing to append to',
      { patches: [{ kind: 'append', path: '/etc/nothing', content: 'x' }] },
      'patch/failed',
    ],
    [
      'a user is not there',
      { patches: [{ ...aText('/x'), owner: 'nobody-here' }] },
      'patch/failed',
    ],
    [
      'a volume has no source',
      { volumes: { '/d': { bind: '/no/such' } } },
      'volume/source-missing',
    ],
    ['an image is not in the store', { image: 'nobody', pullPolicy: 'never' }, 'image/not-stored'],
  ])('leaves nothing where %s', async (_what, request, code) => {
    await expect(create(request)).rejects.toMatchObject({ code });
    expect(engine.sandboxes.list()).toEqual([]);
    expect(await readdir(path.join(home.dir, 'sandboxes'))).toEqual([]);
  });

  it('names the patch', async () => {
    const patches = [aText('/a'), aText('/etc/passwd')];
    await expect(create({ patches })).rejects.toThrow(
      'Patch 2 (text /etc/passwd) could not be applied: File exists.',
    );
  });
});

it('follows links of the image inside its root alone', async () => {
  const patches = [
    { kind: 'symlink', path: '/out', target: '/../../../etc' },
    { kind: 'text', path: '/out/from-a-patch', content: 'inside\n' },
  ] as const;
  await createSandbox(engine, { name: 'linked', patches: [...patches] });
  expect(await output('linked', 'cat /etc/from-a-patch')).toBe('inside\n');
  await engine.sandboxes.remove('linked', { force: true });
});

it('is duplicated with its disk, or without', async () => {
  const patches = [{ kind: 'text', path: '/etc/patched', content: 'once\n' }] as const;
  await createSandbox(engine, { name: 'first', rootDiskMiB: 200, patches: [...patches] });
  await output('first', 'echo written > /root/file; echo changed > /etc/patched; sync');
  await engine.sandboxes.stop('first');
  const copy = { withDisk: true };
  await succeed(engine, await engine.sandboxes.duplicate('first', 'with', copy));
  await succeed(engine, await engine.sandboxes.duplicate('first', 'without', { withDisk: false }));
  expect(await output('with', 'cat /root/file /etc/patched; hostname')).toBe(
    'written\nchanged\nwith\n',
  );
  expect(await output('without', 'cat /etc/patched; ls /root')).toBe('once\n');
  const grown = { ...engine.sandboxes.inspect('first').config, rootDiskMiB: 400 };
  await engine.sandboxes.configure('first', grown);
  await succeed(engine, await engine.sandboxes.start('first'));
  const size = await output('first', "df -m / | awk 'NR==2 {print $2}'");
  expect(Number(size)).toBeGreaterThan(300);
  for (const name of ['first', 'with', 'without']) {
    await engine.sandboxes.remove(name, { force: true });
  }
});

function aText(file: string) {
  return { kind: 'text', path: file, content: 'x', replace: false } as const;
}
