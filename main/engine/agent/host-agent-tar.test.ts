/** Trees on their way through the real agent, on this machine, and tars that mean harm. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTar, type TarEntry } from '../testing/tar.ts';
import { oddTreeScript, snapshotTree } from '../testing/tree-snapshot.ts';
import { leftOutExitCode } from '../../contract/files.ts';
import type { FilesRequest } from './agent.ts';
import { askFiles } from './ask-files.ts';
import { collect, type Collected } from './testing/collect-output.ts';
import { isLinux, useHostAgent } from './testing/host-agent-fixture.ts';

const execute = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const base = mkdtempSync(path.join(os.tmpdir(), 'skerry-tar-'));
const host = useHostAgent();
const archiveInvalid = { kind: 'exited', code: 201 } as const;
const done = { kind: 'exited', code: 0 } as const;
let dir = '';
const at = (name: string): string => path.join(dir, name);

beforeEach(async () => {
  dir = await fs.mkdtemp(path.join(base, 'case-'));
  await fs.mkdir(at('in'));
});

afterAll(() => fs.rm(base, { recursive: true }));

async function work(request: FilesRequest, input?: Uint8Array): Promise<Collected> {
  const { session, close } = await host.agent.files(request);
  const collected = collect(session);
  if (input !== undefined) session.write(input).catch(() => undefined);
  session.endInput();
  const result = await collected;
  close();
  return result;
}

function tar(paths: readonly string[], rest: Partial<FilesRequest> = {}): Promise<Collected> {
  return work({ action: 'tar', paths, ...rest });
}

function untar(bytes: Uint8Array, rest: Partial<FilesRequest> = {}): Promise<Collected> {
  const user = String(process.getuid?.() ?? 0);
  return work({ action: 'untar', paths: [at('in')], user, ...rest }, bytes);
}

describe.skipIf(!isLinux)('a tar of the guest', () => {
  it('brings an odd tree out and in again as it was', async () => {
    await fs.mkdir(at('out'));
    await execute('bash', ['-c', oddTreeScript], { cwd: at('out') });
    const sent = await tar([at('out')], { contents: true });
    expect([sent.exit, sent.stderr.toString()]).toEqual([done, '']);
    const got = await untar(sent.stdout, { keepOwners: true });
    expect([got.exit, got.stderr.toString()]).toEqual([done, '']);
    const tree = await snapshotTree(at('out'));
    expect(Object.keys(tree).length).toBeGreaterThan(25);
    expect(await snapshotTree(at('in'))).toEqual(tree);
  });

  it('is one that another program reads, and the other way round', async () => {
    await fs.mkdir(at('out'));
    await execute('bash', ['-c', oddTreeScript], { cwd: at('out') });
    const { stdout } = await tar([at('out')]);
    await fs.writeFile(at('a.tar'), stdout);
    await execute('tar', ['-xpf', at('a.tar'), '-C', at('in')]);
    const tree = await snapshotTree(at('out'));
    expect(await snapshotTree(at('in/out'))).toEqual(tree);
    for (const format of ['gnu', 'pax']) {
      await fs.rm(at('in'), { recursive: true });
      await fs.mkdir(at('in'));
      await execute('tar', ['-c', `--format=${format}`, '-f', at('b.tar'), '-C', at('out'), '.']);
      const got = await untar(await fs.readFile(at('b.tar')), { keepOwners: true });
      expect([got.exit, got.stderr.toString()]).toEqual([done, '']);
      expect(await snapshotTree(at('in'))).toEqual(tree);
    }
  });

  it('has each path by its last part, and no two of one name', async () => {
    await fs.mkdir(at('a'));
    await fs.mkdir(at('b'));
    for (const name of ['a/x', 'b/x', 'b/y']) await fs.writeFile(at(name), name);
    await untar((await tar([at('a/x'), at('b/y/')])).stdout);
    expect(await fs.readdir(at('in'))).toEqual(['x', 'y']);
    const twice = await tar([at('a/x'), at('b/x')]);
    expect(twice).toMatchObject({ exit: { kind: 'exited', code: os.constants.errno.EEXIST } });
    expect(twice.stdout.length).toBe(0);
  });

  it('follows a link that is asked for only when told to', async () => {
    await fs.writeFile(at('file'), 'text');
    await fs.symlink('file', at('link'));
    await untar((await tar([at('link')])).stdout);
    expect(await fs.readlink(at('in/link'))).toBe('file');
    await untar((await tar([at('link')], { follow: true })).stdout);
    expect(await fs.readFile(at('in/link'), 'utf8')).toBe('text');
    expect((await fs.lstat(at('in/link'))).isFile()).toBe(true);
  });

  it('leaves sockets out and says so, and leaves out what the kernel makes up', async () => {
    await fs.mkdir(at('out'));
    await execute(
      process.execPath,
      ['-e', `require('net').createServer().listen('s', () => process.kill(process.pid, 9))`],
      { cwd: at('out') },
    ).catch(() => undefined);
    const { exit, stderr } = await tar([at('out')]);
    expect(exit).toEqual(done);
    expect(stderr.toString()).toBe('out/s: left out: a socket\n');
  });

  // Files that nobody may read, whoever it is, are among those that the kernel makes up.
  const unreadable = '/sys/bus/cpu';

  it('leaves out what cannot be read, says so, and goes on', async () => {
    await fs.writeFile(at('file'), 'text');
    const { exit, stderr, stdout } = await tar([`${unreadable}/drivers_probe`, at('file')]);
    expect(exit).toEqual({ kind: 'exited', code: leftOutExitCode });
    expect(stderr.toString()).toBe('drivers_probe: left out: Permission denied\n');
    await untar(stdout);
    expect(await fs.readdir(at('in'))).toEqual(['file']);
    const only = await tar([`${unreadable}/drivers_probe`]);
    expect(only.exit).toEqual({ kind: 'exited', code: os.constants.errno.EACCES });
  });

  it('is as large as it was measured', async () => {
    await fs.mkdir(at('out'));
    await execute('bash', ['-c', oddTreeScript], { cwd: at('out') });
    for (const request of [
      { paths: [at('out')] },
      { paths: [at('out')], contents: true },
      { paths: [unreadable, at('out')] },
    ]) {
      const { files } = await askFiles(host.agent, { action: 'measure', ...request });
      const { stdout } = await work({ action: 'tar', ...request });
      expect(files).toMatchObject([{ entry: { sizeBytes: stdout.length } }]);
    }
    await expect(
      askFiles(host.agent, { action: 'measure', paths: [at('gone')] }),
    ).rejects.toMatchObject({ code: 'file/not-found' });
  });

  it('that has nothing to bring says what is not there', async () => {
    const { exit, stderr } = await tar([at('gone')]);
    expect(exit).toEqual({ kind: 'exited', code: os.constants.errno.ENOENT });
    expect(stderr.toString()).toBe('gone: No such file or directory\n');
  });
});

describe.skipIf(!isLinux)('an upload', () => {
  it.skipIf(!isRoot)('is the user’s, or whose the tar says', async () => {
    const bytes = makeTar([
      { name: 'd', type: 'directory', uid: 5, gid: 6 },
      { name: 'd/file', uid: 5, gid: 6, content: 'x', xattrs: { 'user.note': 'kept' } },
      { name: 'made/for/file', uid: 5, gid: 4_000_000_000 },
    ]);
    await untar(bytes, { user: '7:8' });
    for (const name of ['d', 'd/file', 'made/for', 'made/for/file']) {
      expect(await fs.stat(at(`in/${name}`)), name).toMatchObject({ uid: 7, gid: 8 });
    }
    await untar(bytes, { user: '7:8', keepOwners: true });
    expect(await fs.stat(at('in/d'))).toMatchObject({ uid: 5, gid: 6 });
    expect(await fs.stat(at('in/made/for/file'))).toMatchObject({ uid: 5, gid: 4_000_000_000 });
  });

  it.skipIf(!isRoot)('has nothing that runs as someone else, unless owners are kept', async () => {
    const bytes = makeTar([
      { name: 'd', type: 'directory', mode: 0o3777 },
      { name: 'd/file', uid: 5, mode: 0o6755, content: 'x' },
    ]);
    await untar(bytes, { user: '0' });
    expect((await fs.stat(at('in/d'))).mode & 0o7777).toBe(0o1777);
    expect((await fs.stat(at('in/d/file'))).mode & 0o7777).toBe(0o755);
    await untar(bytes, { user: '0', keepOwners: true });
    expect((await fs.stat(at('in/d'))).mode & 0o7777).toBe(0o3777);
    expect(await fs.stat(at('in/d/file'))).toMatchObject({ uid: 5, mode: 0o106755 });
  });

  it('puts files in the place of others and leaves directories that are there as they are', async () => {
    await fs.mkdir(at('in/d'), { mode: 0o700 });
    await fs.writeFile(at('in/d/old'), 'old');
    await fs.writeFile(at('in/d/file'), 'old', { mode: 0o600 });
    const { exit } = await untar(
      makeTar([
        { name: 'd', type: 'directory', mode: 0o777 },
        { name: 'd/file', content: 'new', mode: 0o640 },
      ]),
    );
    expect(exit).toEqual(done);
    expect((await fs.stat(at('in/d'))).mode & 0o777).toBe(0o700);
    expect((await fs.stat(at('in/d/file'))).mode & 0o777).toBe(0o640);
    expect(await fs.readFile(at('in/d/file'), 'utf8')).toBe('new');
    expect((await fs.readdir(at('in/d'))).sort()).toEqual(['file', 'old']);
  });

  it('follows links that stay within the directory', async () => {
    await fs.mkdir(at('in/usr/lib'), { recursive: true });
    await fs.symlink('usr/lib', at('in/lib'));
    const { exit } = await untar(
      makeTar([
        { name: 'lib', type: 'directory' },
        { name: 'lib/new', content: 'x' },
      ]),
    );
    expect(exit).toEqual(done);
    expect(await fs.readlink(at('in/lib'))).toBe('usr/lib');
    expect(await fs.readdir(at('in/usr/lib'))).toEqual(['new']);
  });

  it('does not put a file in the place of a directory', async () => {
    await fs.mkdir(at('in/d/below'), { recursive: true });
    const { exit } = await untar(makeTar([{ name: 'd', content: 'x' }]));
    expect(exit).toEqual({ kind: 'exited', code: os.constants.errno.EISDIR });
    expect(await fs.readdir(at('in'))).toEqual(['d']);
  });

  it('leaves devices out and says so', async () => {
    const entries: TarEntry[] = [
      { name: 'null', type: 'character-device', device: { major: 1, minor: 3 } },
      { name: 'file', content: 'x' },
    ];
    const { exit, stderr } = await untar(makeTar(entries));
    expect(exit).toEqual(done);
    expect(stderr.toString()).toMatch(/^null: left out/);
    expect(await fs.readdir(at('in'))).toEqual(['file']);
  });

  it('that is broken off leaves nothing half made', async () => {
    const { session, close } = await host.agent.files({ action: 'untar', paths: [at('in')] });
    const ended = collect(session);
    const whole = makeTar([
      { name: 'first', content: 'whole' },
      { name: 'second', content: Buffer.alloc(1024 * 1024) },
    ]);
    await session.write(whole.subarray(0, 200_000));
    for (;;) {
      const names = await fs.readdir(at('in'));
      if (names.includes('first') && names.some((name) => name.startsWith('.skerry-'))) break;
      await new Promise(setImmediate);
    }
    session.signal(15);
    expect((await ended).exit).toEqual({ kind: 'exited', code: 143 });
    close();
    expect(await fs.readdir(at('in'))).toEqual(['first']);
  });
});

describe.skipIf(!isLinux)('a tar that means harm', () => {
  const escape: TarEntry = { name: 'out', type: 'symlink', target: '../victim' };
  const absolute = (): TarEntry => ({ name: 'out', type: 'symlink', target: at('victim') });
  const hostile: readonly [string, () => TarEntry[]][] = [
    ['a name with ..', () => [{ name: '../victim/x', content: 'x' }]],
    ['a .. in the middle', () => [{ name: 'a/../../victim/x', content: 'x' }]],
    ['an absolute name', () => [{ name: at('victim/x'), content: 'x' }]],
    ['a link that leads out', () => [escape, { name: 'out/x', content: 'x' }]],
    ['an absolute link', () => [absolute(), { name: 'out/x', content: 'x' }]],
    ['a directory at a link that leads out', () => [escape, { name: 'out', type: 'directory' }]],
    ['directories made through a link', () => [escape, { name: 'out/a/b/c', content: 'x' }]],
    [
      'a link in a link',
      () => [
        { name: 'a', type: 'symlink', target: '.' },
        { name: 'a/b', type: 'symlink', target: '../../victim' },
        { name: 'b/x', content: 'x' },
      ],
    ],
    ['a hard link out', () => [{ name: 'hard', type: 'link', target: '../victim/secret' }]],
    ['an absolute hard link', () => [{ name: 'hard', type: 'link', target: at('victim/secret') }]],
    [
      'a hard link through a link',
      () => [escape, { name: 'hard', type: 'link', target: 'out/secret' }],
    ],
  ];

  beforeEach(async () => {
    await fs.mkdir(at('victim'));
    await fs.writeFile(at('victim/secret'), 'secret');
  });

  it.each(hostile)('with %s is refused without harm', async (_what, entries) => {
    const { exit, stderr } = await untar(makeTar(entries()), { keepOwners: isRoot });
    expect(exit).toEqual(archiveInvalid);
    expect(stderr.toString()).not.toBe('');
    expect(await fs.readdir(at('victim'))).toEqual(['secret']);
    expect((await fs.stat(at('victim/secret'))).nlink).toBe(1);
    expect((await fs.readdir(at('in'))).filter((name) => name.startsWith('.skerry'))).toEqual([]);
  });

  it.each<[string, () => Buffer]>([
    [
      'claims a size that nobody has',
      () => makeTar([{ name: 'a', content: 'x', pax: { size: '9223372036854775807' } }]),
    ],
    [
      'has a size beyond all numbers',
      () => makeTar([{ name: 'a', content: 'x', pax: { size: '99999999999999999999' } }]),
    ],
    [
      'is cut off in a file',
      () => makeTar([{ name: 'a', content: 'x'.repeat(5000) }]).subarray(0, 2000),
    ],
    ['is cut off between files', () => makeTar([{ name: 'a', content: 'x' }]).subarray(0, 1024)],
    ['is empty', () => Buffer.alloc(0)],
    ['is no tar', () => Buffer.alloc(4096, 'no tar')],
    ['has a name with a NUL', () => makeTar([{ name: 'a', pax: { path: 'a\0b' } }])],
    ['has a broken record', () => withBrokenRecord()],
    ['is a file with holes', () => makeTar([{ name: 'a', pax: { 'GNU.sparse.major': '1' } }])],
    ['has a name longer than any', () => makeTar([{ name: 'n/'.repeat(3000) }])],
  ])('that %s is refused', async (_what, bytes) => {
    const { exit } = await untar(bytes());
    expect(exit).toEqual(archiveInvalid);
    expect((await fs.readdir(at('in'))).filter((name) => name.startsWith('.skerry'))).toEqual([]);
  });

  it('of random damage ends, and never outside of its directory', async () => {
    const whole = makeTar([
      { name: 'd', type: 'directory' },
      { name: 'd/file', content: 'x'.repeat(700) },
      { name: 'n'.repeat(150), content: 'y', xattrs: { 'user.a': 'b' } },
      { name: 's', type: 'symlink', target: 'd' },
      { name: 'h', type: 'link', target: 'd/file' },
      { name: 'g'.repeat(150), longNames: 'gnu', content: 'z' },
    ]);
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 150; round++) {
      const bytes = Buffer.from(whole.subarray(0, 512 + random(whole.length)));
      for (let i = 0; i < 1 + random(4); i++) bytes[random(bytes.length)] = random(256);
      fixChecksums(bytes);
      const { exit, stderr } = await untar(bytes);
      expect(stderr.toString()).not.toMatch(/Sanitizer|runtime error/);
      expect(exit.kind).toBe('exited');
    }
    expect((await fs.readdir(dir)).sort()).toEqual(['in', 'victim']);
    expect(await fs.readdir(at('victim'))).toEqual(['secret']);
  });
});

/** A record that claims to be longer than all of them. */
function withBrokenRecord(): Buffer {
  const bytes = makeTar([{ name: 'a', pax: { comment: 'x'.repeat(10) } }]);
  bytes.write('99', 512);
  return bytes;
}

/** So that damage is met by what comes behind the checksum. */
function fixChecksums(bytes: Buffer): void {
  for (let offset = 0; offset + 512 <= bytes.length; offset += 512) {
    const block = bytes.subarray(offset, offset + 512);
    if (block.toString('latin1', 257, 262) !== 'ustar') continue;
    block.fill(' ', 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
}
