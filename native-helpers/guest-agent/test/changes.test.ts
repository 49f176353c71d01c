/** The layer that the agent writes of an overlay's upper directory, made by a real overlay. */
import { execFile } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TarEntry } from '../../../main/engine/image/tar/entry.ts';
import { TarReader } from '../../../main/engine/image/tar/reader.ts';
import { useTemporaryDirectory } from '../../../main/engine/testing/temporary-directory.ts';
import { buildTestPrograms, buildTimeoutMs, run } from './programs.ts';

const execute = promisify(execFile);
const isRoot = process.getuid?.() === 0;
let program: string;

beforeAll(async () => {
  if (process.platform === 'linux') program = (await buildTestPrograms()).changesTest;
}, buildTimeoutMs);

interface Written extends TarEntry {
  readonly content: Buffer;
}

function readTar(tar: Buffer): Map<string, Written> {
  const entries = new Map<string, Written>();
  let current: Written | undefined;
  const reader = new TarReader({
    onEntry: (entry) => {
      if (entries.has(entry.path)) throw new Error(`${entry.path} comes twice.`);
      current = { ...entry, content: Buffer.alloc(entry.sizeBytes) };
      entries.set(entry.path, current);
    },
    onContent: (bytes, offset) => {
      if (current !== undefined) bytes.copy(current.content, offset);
    },
    onEntryEnd: () => undefined,
  });
  reader.push(tar);
  reader.finish();
  return entries;
}

async function layerOf(dir: string): Promise<{ entries: Map<string, Written>; words: string }> {
  const { stdout, stderr } = await execute(program, [dir, 'box'], {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { entries: readTar(stdout), words: stderr.toString() };
}

it.runIf(process.platform === 'linux')('writes headers, and keeps its bounds', async () => {
  expect(await run(program)).toBe('headers and links\n');
});

describe.runIf(process.platform === 'linux')('a plain directory', () => {
  const temporary = useTemporaryDirectory();
  const at = (name: string) => join(temporary.path, name);

  it('keeps names, times and sizes that a header has no room for', async () => {
    const deep = Array.from({ length: 12 }, (_, level) => `${String(level)}-${'d'.repeat(60)}`);
    await mkdir(at(deep.join('/')), { recursive: true });
    const long = `${deep.join('/')}/${'ü'.repeat(100)}`;
    await writeFile(at(long), 'long');
    await writeFile(at('exactly-'.padEnd(100, 'x')), '100');
    await writeFile(at('new\nline = ünïcödé'), 'text');
    await writeFile(at('hole'), '');
    await truncate(at('hole'), 3 * 1024 * 1024 + 1);
    await execute('touch', ['-d', '1969-12-31T23:59:58.25Z', at('exactly-'.padEnd(100, 'x'))]);
    const { entries, words } = await layerOf(temporary.path);
    expect(words).toBe('');
    const latin1 = (text: string) => Buffer.from(text).toString('latin1');
    expect(entries.get(latin1(long))?.content.toString()).toBe('long');
    expect(entries.get('exactly-'.padEnd(100, 'x'))).toMatchObject({
      mtimeSeconds: -2,
      mtimeNanoseconds: 250_000_000,
    });
    expect(entries.get(latin1('new\nline = ünïcödé'))?.content.toString()).toBe('text');
    expect(entries.get('hole')?.content.equals(Buffer.alloc(3 * 1024 * 1024 + 1))).toBe(true);
    expect(entries.get(`${deep.join('/')}/`)).toMatchObject({ type: 'directory' });
    expect([...entries.keys()][0]).toBe('./');
  });

  it('has several names of one file once, and says what it leaves out', async () => {
    await writeFile(at('a'), 'shared');
    await execute('ln', [at('a'), at('b')]);
    await execute('ln', ['-s', 'a', at('s')]);
    await execute('mkfifo', [at('pipe')]);
    await writeFile(at('.wh.bin'), 'no whiteout');
    await execute(program, ['attribute', at('a'), 'user.note', 'one\ntwo']);
    await execute(program, ['attribute', at('a'), 'user.no=te', 'x']);
    const { entries, words } = await layerOf(temporary.path);
    const [first, second] = [entries.get('a'), entries.get('b')];
    const [file, link] = first?.type === 'file' ? [first, second] : [second, first];
    expect(file?.content.toString()).toBe('shared');
    expect(file?.xattrs).toEqual([{ name: 'user.note', value: Buffer.from('one\ntwo') }]);
    expect(link).toMatchObject({ type: 'hardlink', linkPath: file?.path });
    expect(entries.get('s')).toMatchObject({ type: 'symlink', linkPath: 'a' });
    expect(entries.get('pipe')).toMatchObject({ type: 'fifo' });
    expect(entries.has('.wh.bin')).toBe(false);
    expect(words).toContain('/.wh.bin: left out');
    expect(words).toContain('some of its extended attributes are left out');
  });

  it('leaves out what the agent made, and keeps what it did not', async () => {
    for (const dir of ['proc', 'sys', 'run', 'dev/mine', '.msb/scripts', 'etc']) {
      await mkdir(at(dir), { recursive: true });
    }
    await writeFile(at('etc/hostname'), 'box\n');
    await writeFile(at('etc/resolv.conf'), '');
    const hosts =
      '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\tbox\n';
    await writeFile(at('etc/hosts'), hosts);
    expect([...(await layerOf(temporary.path)).entries.keys()].sort()).toEqual([
      './',
      'dev/',
      'dev/mine/',
      'etc/',
    ]);
    await writeFile(at('etc/hosts'), `${hosts}10.0.0.1 mine\n`);
    await writeFile(at('etc/resolv.conf'), 'nameserver 10.0.0.1\n');
    await execute('rm', [at('etc/hostname')]);
    await execute('ln', ['-s', '/mine', at('etc/hostname')]);
    const { entries } = await layerOf(temporary.path);
    expect([...entries.keys()]).toEqual(
      expect.arrayContaining(['etc/hosts', 'etc/resolv.conf', 'etc/hostname']),
    );
  });

  it('refuses to end half way', async () => {
    const deep = Array.from({ length: 520 }, () => 'd').join('/');
    await mkdir(at(deep), { recursive: true });
    const failure: unknown = await layerOf(temporary.path).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 1 });
    expect(String((failure as { stderr: Buffer }).stderr)).toMatch(/^\/(d\/)+d: Too many levels/);
  });
});

/** What needs a real overlay, devices and other owners. */
describe.runIf(process.platform === 'linux' && isRoot)('an upper directory', () => {
  const temporary = useTemporaryDirectory();

  it('becomes a layer: whiteouts, opaque directories, devices, owners, capabilities', async () => {
    const dir = temporary.path;
    // Not in the directory of the test itself, whose filesystem may not be one for an upper.
    const script = `set -eu
      cd "$1"
      mkdir -p lower/etc/old lower/dir/below lower/opq/old lower/bin upper work root
      echo 1 > lower/etc/changed; echo 2 > lower/etc/gone; echo 3 > lower/opq/old/file
      echo 4 > lower/bin/tool; echo 5 > lower/dir/below/file; echo 6 > lower/$2
      mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=off,metacopy=off,index=off root
      cd root
      echo more >> etc/changed; rm etc/gone $2; rm -r dir
      rm -r opq; mkdir opq; echo new > opq/new
      mknod null c 1 3; mknod disk b 259 1048575
      echo owned > owned; chown 1000:4000000000 owned; chmod 4711 owned
      cp bin/tool capable; setcap cap_net_raw+ep capable
      chown 3:4 bin/tool`;
    const longest = 'n'.repeat(254);
    await execute('unshare', ['-m', 'sh', '-c', script, 'sh', dir, longest]);
    const { entries, words } = await layerOf(join(dir, 'upper'));
    expect(words).toBe('');
    expect(entries.get('etc/changed')?.content.toString()).toBe('1\nmore\n');
    const names = [...entries.keys()];
    const marks = names.filter((name) => name.includes('.wh.')).sort();
    expect(marks).toEqual(['.wh.dir', `.wh.${longest}`, 'etc/.wh.gone', 'opq/.wh..wh..opq'].sort());
    for (const mark of marks) {
      expect(entries.get(mark)).toMatchObject({ type: 'file', sizeBytes: 0 });
      const parent = mark.slice(0, mark.lastIndexOf('/') + 1) || './';
      const siblings = names.filter((name) => name.startsWith(parent) && name !== parent);
      // A reader takes them as they come: what a mark takes away must not be what was just put.
      expect(
        siblings.every(
          (name) => name.includes('.wh.') || names.indexOf(name) > names.indexOf(mark),
        ),
      ).toBe(true);
    }
    expect(entries.get('opq/new')?.content.toString()).toBe('new\n');
    expect(names.some((name) => name.includes('old'))).toBe(false);
    expect(entries.get('null')).toMatchObject({ type: 'character-device', major: 1, minor: 3 });
    expect(entries.get('disk')).toMatchObject({ type: 'block-device', major: 259, minor: 1048575 });
    expect(entries.get('owned')).toMatchObject({ mode: 0o4711, uid: 1000, gid: 4_000_000_000 });
    expect(entries.get('capable')?.xattrs.map(({ name }) => name)).toEqual(['security.capability']);
    expect(entries.get('bin/tool')).toMatchObject({ uid: 3, gid: 4, xattrs: [] });
    expect([...entries.values()].flatMap(({ xattrs }) => xattrs)).toHaveLength(1);
  });
});
