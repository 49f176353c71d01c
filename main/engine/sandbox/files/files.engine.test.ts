/** Files of real guests: seen against the image, changed, and carried both ways. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { leftOutExitCode } from '../../../contract/files.ts';
import type { Engine } from '../../engine.ts';
import { makeBusyboxRoot, makeExt4Disk } from '../../testing/disk-images.ts';
import { makeTar } from '../../testing/tar.ts';
import { createSandbox, runScript, TestHome } from '../../testing/test-engine.ts';
import { runTransfer, type Transferred } from '../../testing/transfer-files.ts';
import { oddTreeScript, snapshotTree } from '../../testing/tree-snapshot.ts';

const execute = promisify(execFile);
const box = 'box';
let home: TestHome;
let engine: Engine;
const at = (name: string): string => path.join(home.dir, name);

beforeAll(async () => {
  home = await TestHome.make();
  engine = await home.open();
  await createSandbox(engine, { name: box, rootDiskMiB: 128 });
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
});

async function output(script: string, name = box): Promise<string> {
  const { stdout, stderr, exit } = await runScript(engine, name, script);
  expect(exit, `${script}: ${stderr}`).toEqual({ kind: 'exited', code: 0 });
  return stdout;
}

async function marks(of: string, name = box): Promise<Record<string, string | undefined>> {
  const { entries } = await engine.files.list(name, of);
  return Object.fromEntries(entries.map((entry) => [entry.name, entry.change]));
}

async function upload(
  to: string,
  tar: Buffer,
  { name = box, keepOwners = false } = {},
): Promise<Transferred> {
  const transfer = await engine.files.upload({
    ...{ name, path: to, totalBytes: tar.length, keepOwners },
  });
  return runTransfer(engine, transfer, [tar]);
}

async function download(from: string, contents: boolean, name = box): Promise<Transferred> {
  const request = { name, paths: [from], contents, follow: false };
  return runTransfer(engine, await engine.files.download(request));
}

/** Children of the agent that work on files: its own program, without a name of theirs. */
const workers = `for p in /proc/[0-9]*; do
  [ "$(sed -n 's/^PPid:\\t//p' $p/status 2>/dev/null)" = 1 ] && readlink $p/exe; done |
  grep -c '^/init' || true`;

describe('files of a sandbox', () => {
  it('say how they stand against the image', async () => {
    expect(Object.values(await marks('/etc')).filter((mark) => mark !== undefined)).toEqual([]);
    await output(`set -e; echo more >> /etc/passwd; echo new > /etc/new; rm /etc/shells
      mkdir -p /srv/made/below; echo x > /srv/made/below/file; chmod 700 /home`);
    expect(await marks('/etc')).toMatchObject({
      passwd: 'modified',
      new: 'added',
      shells: 'removed',
    });
    expect((await marks('/etc'))['hostname']).toBeUndefined();
    expect(await marks('/')).toMatchObject({ etc: 'modified', home: 'modified' });
    const top = await marks('/');
    expect(['bin', 'proc', 'dev', 'usr'].map((name) => top[name])).toEqual([
      ...[undefined, undefined, undefined, undefined],
    ]);
    const { files, isTruncated } = await engine.files.changes(box, '/');
    const changed = Object.fromEntries(files.map((file) => [file.path, file.change]));
    expect(changed).toMatchObject({
      '/etc/new': 'added',
      '/etc/passwd': 'modified',
      '/etc/shells': 'removed',
      '/home': 'modified',
      '/srv/made/below/file': 'added',
    });
    expect(Object.keys(changed)).not.toContain('/etc/hostname');
    expect(Object.keys(changed)).not.toContain('/etc');
    expect(isTruncated).toBe(false);
    const below = await engine.files.changes(box, '/srv/made');
    expect(below.files.map((file) => file.path)).toEqual([
      '/srv/made/below',
      '/srv/made/below/file',
    ]);
    expect((await engine.files.changes(box, '/proc')).files).toEqual([]);
  });

  it('of a directory that was made anew are told one by one', async () => {
    await output('cp -a /home/user /tmp/user; rm -r /home/user; cp -a /tmp/user /home/user');
    await output('rm -rf /var/spool; rm -r /tmp/user; mkdir /var/spool 2>/dev/null || true');
    const { files } = await engine.files.changes(box, '/home');
    expect(files.every(({ change }) => change !== 'removed')).toBe(true);
  });

  it('are read, and written where nobody else has', async () => {
    await output(`printf 'one\\n' > /root/a; chown 1000:1000 /root/a; chmod 640 /root/a`);
    const first = await engine.files.read(box, '/root/a');
    expect(first).toMatchObject({ text: 'one\n', entry: { user: 'user', mode: 0o640 } });
    const request = { name: box, path: '/root/a' };
    const second = await engine.files.write({ ...request, text: 'two\n', version: first.version });
    expect(second.entry).toMatchObject({ uid: 1000, gid: 1000, mode: 0o640, sizeBytes: 4 });
    await output('echo theirs > /root/a');
    await expect(
      engine.files.write({ ...request, text: 'three\n', version: second.version }),
    ).rejects.toMatchObject({ code: 'file/changed' });
    expect(await output('cat /root/a')).toBe('theirs\n');
    // A file of the image has another inode once it is written to.
    const profile = await engine.files.read(box, '/etc/profile');
    const changed = await engine.files.write({
      ...{ name: box, path: '/etc/profile' },
      ...{ text: `${profile.text}# more\n`, version: profile.version },
    });
    expect((await engine.files.read(box, '/etc/profile')).version).toBe(changed.version);
  });

  it('are not reached through links that others put in the way', async () => {
    const settings = 'hardlinks symlinks fifos regular'.split(' ');
    const files = settings.map((setting) => `/proc/sys/fs/protected_${setting}`);
    expect(await output(`cat ${files.join(' ')}`)).toBe('1\n1\n1\n1\n');
  });

  it('that are mounted are written where they are', async () => {
    await output(`echo a > /root/over; touch /root/under; mount --bind /root/over /root/under`);
    const { version } = await engine.files.read(box, '/root/under');
    await engine.files.write({ name: box, path: '/root/under', text: 'b\n', version });
    expect(await output('umount /root/under; cat /root/over')).toBe('b\n');
  });

  it('are renamed, removed and given away, those of the image too', async () => {
    await engine.files.rename({ name: box, path: '/home/user', to: '/home/moved', replace: false });
    expect(await output('ls /home; stat -c %u:%a /home/moved')).toBe('moved\n1000:755\n');
    await engine.files.makeDirectory({ name: box, path: '/home/a/b', parents: true });
    const setMode = { name: box, path: '/home/a', mode: 0o711, recursive: true };
    await engine.files.setMode(setMode);
    await engine.files.setOwner({ name: box, path: '/home/a', owner: 'nobody', recursive: true });
    expect(await output('stat -c %U:%a /home/a/b')).toBe('nobody:711\n');
    await expect(
      engine.files.remove({ name: box, path: '/home/a', recursive: false }),
    ).rejects.toMatchObject({ code: 'file/not-empty' });
    await engine.files.remove({ name: box, path: '/home/a', recursive: true });
    // Its files are on another device than its directories: of the image, below an overlay.
    await engine.files.remove({ name: box, path: '/var', recursive: true });
    expect(await output('ls /home; ls -d /var 2>/dev/null || echo gone')).toBe('moved\ngone\n');
  });

  it('that cannot be had say why', async () => {
    const list = (of: string): Promise<unknown> => engine.files.list(box, of);
    await expect(list('/gone')).rejects.toMatchObject({ code: 'file/not-found' });
    await expect(list('/etc/passwd')).rejects.toMatchObject({ code: 'file/wrong-kind' });
    await expect(engine.files.read(box, '/bin/busybox')).rejects.toMatchObject({
      code: expect.stringMatching(/^file\/(not-text|too-large)$/) as string,
    });
    await expect(
      engine.files.write({ name: box, path: '/sys/new', text: 'x' }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^file\/(denied|failed)$/) as string });
    await expect(engine.files.list('other', '/')).rejects.toMatchObject({
      code: 'sandbox/not-found',
    });
  });
});

describe('a tree', () => {
  it('comes back as it went', async () => {
    await mkdir(at('tree'));
    await execute('bash', ['-c', oddTreeScript], { cwd: at('tree') });
    await execute('tar', ['-c', '--format=pax', '-f', at('tree.tar'), '-C', at('tree'), '.']);
    await output('mkdir /srv/tree');
    const up = await upload('/srv/tree', await readFile(at('tree.tar')), { keepOwners: true });
    expect(up).toMatchObject({ exit: { code: 0 }, operation: { state: 'succeeded' } });
    const down = await download('/srv/tree', true);
    expect(down.operation).toMatchObject({
      kind: 'download',
      subject: 'box:/srv/tree',
      state: 'succeeded',
      stages: [{ state: 'done', bytesDone: down.bytes.length }],
    });
    await writeFile(at('back.tar'), down.bytes);
    await mkdir(at('back'));
    await execute('tar', ['-xpf', at('back.tar'), '-C', at('back')]);
    expect(await snapshotTree(at('back'))).toEqual(await snapshotTree(at('tree')));
    expect(engine.sandboxes.sessions(box)).toEqual([]);
  });

  it.each([
    ['..', makeTar([{ name: '../etc/harm', content: 'x' }])],
    ['an absolute name', makeTar([{ name: '/etc/harm', content: 'x' }])],
    [
      'a link out',
      makeTar([
        { name: 'l', type: 'symlink', target: '/etc' },
        { name: 'l/harm', content: 'x' },
      ]),
    ],
    ['a cut end', makeTar([{ name: 'harm', content: 'x'.repeat(2000) }]).subarray(0, 1500)],
  ])('with %s is refused without harm', async (_what, tar) => {
    await output('mkdir -p /srv/hostile');
    const { operation, exit } = await upload('/srv/hostile', tar);
    expect(exit).toEqual({ kind: 'exited', code: 201 });
    expect(operation).toMatchObject({ state: 'failed', error: { code: 'file/archive-invalid' } });
    expect(
      await output('ls -A /srv/hostile | grep -v ^l$ || true; ls /etc/harm 2>&1 || true'),
    ).toMatch(/No such file/);
  });

  it('that is cancelled in the middle leaves no process and no half file in the guest', async () => {
    await output('mkdir /srv/cancelled');
    const request = { name: box, path: '/srv/cancelled', keepOwners: false };
    const transfer = await engine.files.upload(request);
    const half = makeTar([{ name: 'large', content: Buffer.alloc(1024 * 1024) }]).subarray(
      0,
      300_000,
    );
    const running = runTransfer(engine, transfer, piecesThenNothing(half));
    while (!(await output('ls -A /srv/cancelled')).includes('.skerry')) {
      await new Promise(setImmediate);
    }
    expect(await output(workers)).toBe('1\n');
    await engine.operations.cancel(transfer.operation.id);
    expect(await running).toMatchObject({
      exit: { kind: 'signalled' },
      operation: { state: 'cancelled' },
    });
    expect(await output('ls -A /srv/cancelled')).toBe('');
    expect(await output(workers)).toBe('0\n');
  });

  it('comes without what cannot be read, which is said', async () => {
    // Nobody may read some of the files there, whoever it is.
    const { exit, stderr, bytes, operation } = await download('/sys/bus/cpu', false);
    expect(exit).toEqual({ kind: 'exited', code: leftOutExitCode });
    expect(stderr).toContain('cpu/uevent: left out: Permission denied\n');
    expect(bytes.includes('cpu/drivers_autoprobe')).toBe(true);
    expect(operation).toMatchObject({ state: 'succeeded', hasOutput: true });
    await expect(download('/sys/bus/cpu/uevent', false)).resolves.toMatchObject({
      operation: { state: 'failed', error: { code: 'file/denied' } },
    });
  });

  it('says how large it will be while it is on its way', async () => {
    await output('mkdir /srv/counted; head -c 3000000 /dev/urandom > /srv/counted/file');
    const request = { name: box, paths: ['/srv/counted'], contents: false, follow: false };
    const transfer = await engine.files.download(request);
    const total = (): number | undefined =>
      engine.operations.get(transfer.operation.id).stages[0]?.bytesTotal;
    // Nobody has taken a byte yet.
    await vi.waitUntil(() => total() !== undefined, { timeout: 20_000 });
    const counted = total();
    expect((await runTransfer(engine, transfer)).bytes.length).toBe(counted);
  });

  it('that nobody comes for ends with its operation', async () => {
    const request = { name: box, paths: ['/bin'], contents: false, follow: false };
    const { operation, session } = await engine.files.download(request);
    expect(engine.sandboxes.sessions(box).map(({ id }) => id)).toEqual([session.id]);
    await engine.operations.cancel(operation.id);
    expect(engine.sandboxes.sessions(box)).toEqual([]);
    expect(await output(workers)).toBe('0\n');
  });

  it('that the disk has no room for says so, and leaves the rest', async () => {
    await output('mkdir /srv/full; echo kept > /srv/full/large');
    // Nearly all of it is taken at once, without a byte being written.
    await output(`fallocate -l $(( ($(stat -f -c '%a * %S' /srv)) - 8388608 )) /srv/filler`);
    const tar = makeTar([{ name: 'large', content: Buffer.alloc(16 * 1024 * 1024) }]);
    const { operation } = await upload('/srv/full', tar);
    expect(operation).toMatchObject({ state: 'failed', error: { code: 'file/no-space' } });
    expect(await output('ls -A /srv/full; cat /srv/full/large')).toBe('large\nkept\n');
  });
});

/** The daemon of this distribution, and mkfs with a directory's owners, need root. */
describe.skipIf(process.getuid?.() !== 0)('a root that is no image', () => {
  it.each([
    ['a disk image', 'disk'],
    ['a directory', 'dir'],
  ])('but %s has files all the same', async (_what, name) => {
    await mkdir(at(name));
    await makeBusyboxRoot(at(name), name);
    if (name === 'disk') await makeExt4Disk(at('disk.img'), at(name));
    await createSandbox(engine, { name, image: at(name === 'disk' ? 'disk.img' : name) });
    await engine.files.makeDirectory({ name, path: '/srv/d', parents: true });
    const tar = makeTar([{ name: 'a/file', content: 'text', mode: 0o640 }]);
    expect((await upload('/srv/d', tar, { name })).operation.state).toBe('succeeded');
    expect(await marks('/srv/d', name)).toEqual({ a: undefined });
    await engine.files.rename({ name, path: '/srv/d/a', to: '/srv/d/b', replace: false });
    const { text, version } = await engine.files.read(name, '/srv/d/b/file');
    expect(text).toBe('text');
    await engine.files.write({ name, path: '/srv/d/b/file', text: 'more', version });
    expect(await output('cat /srv/d/b/file; stat -c %a /srv/d/b/file', name)).toBe('more640\n');
    expect((await download('/srv/d/b', true, name)).bytes.length).toBeGreaterThan(1024);
    await engine.files.remove({ name, path: '/srv/d', recursive: true });
    await expect(engine.files.changes(name, '/')).rejects.toMatchObject({
      code: 'file/failed',
      message: '/: there is no image below this root.',
    });
    await engine.sandboxes.stop(name);
    await expect(engine.files.list(name, '/')).rejects.toMatchObject({
      code: 'sandbox/not-running',
    });
  });
});

/** Pieces, and then no end. */
function* piecesThenNothing(bytes: Buffer): Iterable<Uint8Array> {
  yield bytes;
  throw new Error('There is no more.');
}
