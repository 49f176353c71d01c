/** Files as the real agent sees and changes them, on this machine. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { maxEditedBytes } from '../../contract/files.ts';
import type { FilesRequest } from './agent.ts';
import { askFiles } from './ask-files.ts';
import { onlyFile, type FilesAnswer } from './files-answer.ts';
import { isLinux, useHostAgent } from './testing/host-agent-fixture.ts';

const execute = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const base = mkdtempSync(path.join(os.tmpdir(), 'skerry-files-'));
const host = useHostAgent();
let dir = '';
const at = (name: string): string => path.join(dir, name);

beforeEach(async () => {
  dir = await fs.mkdtemp(path.join(base, 'case-'));
});

afterAll(() => fs.rm(base, { recursive: true }));

function ask(
  action: FilesRequest['action'],
  of: string,
  rest: Partial<FilesRequest> = {},
  input?: Uint8Array,
): Promise<FilesAnswer> {
  const options = input === undefined ? {} : { input };
  return askFiles(host.agent, { action, paths: [of], ...rest }, options);
}

async function write(of: string, text: string, rest: Partial<FilesRequest> = {}): Promise<string> {
  const input = Buffer.from(text);
  const answer = await ask('write', of, { sizeBytes: input.length, user: '0', ...rest }, input);
  return onlyFile(answer).version ?? '';
}

async function versionOf(of: string): Promise<string> {
  return onlyFile(await ask('read', of, { sizeBytes: maxEditedBytes })).version ?? '';
}

describe.skipIf(!isLinux)('a list of files', () => {
  it('has every kind, with what a link leads to', async () => {
    await fs.writeFile(at('plain'), 'text', { mode: 0o640 });
    await fs.mkdir(at('dir'));
    await fs.symlink('dir', at('to-dir'));
    await fs.symlink('nowhere', at('dangling'));
    await execute('mkfifo', [at('pipe')]);
    await fs.utimes(at('plain'), 10, new Date(-1500));
    const { files, isTruncated } = await ask('list', dir);
    expect(isTruncated).toBe(false);
    const entries = new Map(files.map(({ entry }) => [entry.name, entry]));
    expect([...entries.keys()].sort()).toEqual(['dangling', 'dir', 'pipe', 'plain', 'to-dir']);
    expect(entries.get('plain')).toMatchObject({
      kind: 'file',
      sizeBytes: 4,
      mode: 0o640,
      uid: process.getuid?.(),
      modifiedAtMs: -1500,
    });
    expect(entries.get('pipe')?.kind).toBe('fifo');
    expect(entries.get('to-dir')).toMatchObject({ target: 'dir', leadsToDirectory: true });
    expect(entries.get('dangling')?.target).toBe('nowhere');
    expect(entries.get('dangling')).not.toHaveProperty('leadsToDirectory');
    expect(entries.get('dir')).not.toHaveProperty('change');
  });

  it('names owners as the tables of accounts do', async () => {
    const { entry } = onlyFile(await ask('stat', '/etc/passwd'));
    expect(entry).toMatchObject({ name: 'passwd', uid: 0, user: 'root', group: 'root' });
  });

  it('keeps odd names, and never breaks off at one that is no text', async () => {
    const odd = ['new\nline', '-rf', ' ', 'ünïcödé 🐳', 'n'.repeat(255)];
    for (const name of odd) await fs.writeFile(at(name), '');
    await fs.writeFile(Buffer.concat([Buffer.from(`${dir}/bad-`), Buffer.from([0xff])]), '');
    const { files } = await ask('list', dir);
    expect(files.map(({ entry }) => entry.name).sort()).toEqual([...odd, 'bad-\ufffd'].sort());
  });

  it('ends at ten thousand, and says so', async () => {
    await execute('sh', ['-c', 'seq 10001 | xargs touch'], { cwd: dir });
    const { files, isTruncated } = await ask('list', dir);
    expect([files.length, isTruncated]).toEqual([10_000, true]);
  });

  it('of the files that the kernel makes up has sizes that JavaScript can hold', async () => {
    const { files } = await ask('list', '/proc');
    expect(files.every(({ entry }) => Number.isSafeInteger(entry.sizeBytes))).toBe(true);
  });

  it.each([
    ['nothing', 'gone', 'file/not-found'],
    ['a file', 'plain', 'file/wrong-kind'],
    ['a path through a file', 'plain/below', 'file/wrong-kind'],
  ])('of %s says why there is none', async (_what, name, code) => {
    await fs.writeFile(at('plain'), '');
    await expect(ask('list', at(name))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(at(name)) as string,
    });
  });

  it('is no session that anyone sees, and ends in the guest', async () => {
    await ask('list', dir);
    expect(host.agent.sessions()).toEqual([]);
  });
});

describe.skipIf(!isLinux)('the text of a file', () => {
  it('is read whole, also where its size says nothing', async () => {
    await fs.writeFile(at('a'), 'one\n');
    const { content } = await ask('read', at('a'), { sizeBytes: maxEditedBytes });
    expect(Buffer.from(content ?? []).toString()).toBe('one\n');
    const version = await ask('read', '/proc/version', { sizeBytes: maxEditedBytes });
    expect(Buffer.from(version.content ?? []).toString()).toMatch(/^Linux version/);
  });

  it('that is too long, or of what is no file, is refused', async () => {
    await fs.writeFile(at('large'), Buffer.alloc(maxEditedBytes + 1));
    await execute('mkfifo', [at('pipe')]);
    const read = (name: string): Promise<unknown> =>
      ask('read', name, { sizeBytes: maxEditedBytes });
    await expect(read(at('large'))).rejects.toMatchObject({ code: 'file/too-large' });
    await expect(read(at('pipe'))).rejects.toMatchObject({ code: 'file/wrong-kind' });
    await expect(read(dir)).rejects.toMatchObject({ code: 'file/wrong-kind' });
    await expect(read('/dev/zero')).rejects.toMatchObject({ code: 'file/wrong-kind' });
  });

  it('is replaced at once, with the mode it had', async () => {
    await fs.writeFile(at('a'), 'old', { mode: 0o751 });
    const before = await fs.stat(at('a'));
    const version = await write(at('a'), 'new and longer', { version: await versionOf(at('a')) });
    expect(await fs.readFile(at('a'), 'utf8')).toBe('new and longer');
    const after = await fs.stat(at('a'));
    expect(after.mode).toBe(before.mode);
    expect(after.ino).not.toBe(before.ino);
    expect(version).toBe(await versionOf(at('a')));
    expect(await fs.readdir(dir)).toEqual(['a']);
  });

  it('is not written over what someone else has written, or removed', async () => {
    await fs.writeFile(at('a'), 'old');
    const version = await versionOf(at('a'));
    await fs.writeFile(at('a'), 'theirs');
    await expect(write(at('a'), 'mine', { version })).rejects.toMatchObject({
      code: 'file/changed',
    });
    expect(await fs.readFile(at('a'), 'utf8')).toBe('theirs');
    await fs.rm(at('a'));
    await expect(write(at('a'), 'mine', { version })).rejects.toMatchObject({
      code: 'file/changed',
    });
    expect(await fs.readdir(dir)).toEqual([]);
  });

  it('makes a new file only where there is none', async () => {
    await write(at('new'), 'text');
    expect(await fs.readFile(at('new'), 'utf8')).toBe('text');
    expect((await fs.stat(at('new'))).mode & 0o7777).toBe(0o644);
    await expect(write(at('new'), 'other')).rejects.toMatchObject({ code: 'file/exists' });
    expect(await fs.readFile(at('new'), 'utf8')).toBe('text');
    expect(await fs.readdir(dir)).toEqual(['new']);
  });

  it('goes to what a link leads to, and to all names of the file', async () => {
    await fs.writeFile(at('a'), 'old');
    await fs.link(at('a'), at('b'));
    await fs.symlink('a', at('link'));
    await write(at('link'), 'new', { version: await versionOf(at('link')) });
    expect((await fs.lstat(at('link'))).isSymbolicLink()).toBe(true);
    expect(await fs.readFile(at('b'), 'utf8')).toBe('new');
    await write(at('b'), 'x', { version: await versionOf(at('b')) });
    expect(await fs.readFile(at('a'), 'utf8')).toBe('x');
  });

  it('that does not come whole leaves the file as it was', async () => {
    await fs.writeFile(at('a'), 'old');
    const version = await versionOf(at('a'));
    await expect(write(at('a'), 'half', { version, sizeBytes: 8 })).rejects.toMatchObject({
      code: 'file/failed',
    });
    expect(await fs.readFile(at('a'), 'utf8')).toBe('old');
  });
});

describe.skipIf(!isLinux)('changes to files', () => {
  it('rename, and take the place of another only when told to', async () => {
    await fs.writeFile(at('a'), 'a');
    await fs.writeFile(at('b'), 'b');
    await ask('rename', at('a'), { target: at('c') });
    await expect(ask('rename', at('c'), { target: at('b') })).rejects.toMatchObject({
      code: 'file/exists',
    });
    expect(await fs.readFile(at('b'), 'utf8')).toBe('b');
    await ask('rename', at('c'), { target: at('b'), replace: true });
    expect(await fs.readFile(at('b'), 'utf8')).toBe('a');
    await fs.mkdir(at('d/below'), { recursive: true });
    await expect(ask('rename', at('d'), { target: at('d/below/d') })).rejects.toMatchObject({
      code: 'file/failed',
    });
    expect((await fs.readdir(dir)).sort()).toEqual(['b', 'd']);
  });

  it.skipIf(!isRoot)('rename from one filesystem to another by a copy', async () => {
    const other = await fs.mkdtemp('/dev/shm/skerry-files-');
    try {
      await fs.mkdir(at('d/inner'), { recursive: true });
      await fs.writeFile(at('d/inner/file'), 'content', { mode: 0o4711 });
      await fs.symlink('inner/file', at('d/link'));
      await fs.chown(at('d'), 12, 34);
      await ask('rename', at('d'), { target: `${other}/e` });
      expect(await fs.readFile(`${other}/e/link`, 'utf8')).toBe('content');
      expect((await fs.stat(`${other}/e/inner/file`)).mode & 0o7777).toBe(0o4711);
      expect(await fs.stat(`${other}/e`)).toMatchObject({ uid: 12, gid: 34 });
      expect(await fs.readdir(other)).toEqual(['e']);
      expect(await fs.readdir(dir)).toEqual([]);
    } finally {
      await fs.rm(other, { recursive: true });
    }
  });

  it.skipIf(!isRoot)('that are moved when their host goes leave nothing half made', async () => {
    await fs.mkdir(at('d'));
    // Without content, but as long to copy as if it had some.
    await fs.writeFile(at('d/large'), '');
    await fs.truncate(at('d/large'), 1024 * 1024 * 1024);
    const other = await fs.mkdtemp('/dev/shm/skerry-move-');
    try {
      const { session, close } = await host.agent.files({
        ...{ action: 'rename', paths: [at('d')], target: `${other}/d` },
      });
      while ((await fs.readdir(other)).length === 0) await new Promise(setImmediate);
      // It is stopped first, so that it cannot have come to its end.
      session.signal(19);
      close();
      await vi.waitUntil(async () => (await fs.readdir(other)).length === 0, { timeout: 30_000 });
      expect(await fs.readdir(at('d'))).toEqual(['large']);
    } finally {
      await fs.rm(other, { recursive: true });
    }
  });

  it('remove, a directory with what is in it only when told to', async () => {
    await fs.mkdir(at('d/e'), { recursive: true });
    await fs.symlink('/etc', at('d/e/link'));
    await expect(ask('remove', at('d'))).rejects.toMatchObject({ code: 'file/not-empty' });
    await ask('remove', at('d'), { recursive: true });
    expect(await fs.readdir(dir)).toEqual([]);
    expect((await fs.stat('/etc/passwd')).isFile()).toBe(true);
    await expect(ask('remove', at('d'))).rejects.toMatchObject({ code: 'file/not-found' });
    await expect(ask('remove', '/', { recursive: true })).rejects.toMatchObject({
      code: 'file/failed',
    });
  });

  it('make directories, with those above', async () => {
    await expect(ask('make-directory', at('a/b'))).rejects.toMatchObject({
      code: 'file/not-found',
    });
    await ask('make-directory', at('a/b'), { recursive: true });
    await ask('make-directory', at('a/b'), { recursive: true });
    await expect(ask('make-directory', at('a/b'))).rejects.toMatchObject({ code: 'file/exists' });
    expect((await fs.stat(at('a/b'))).mode & 0o7777).toBe(0o755);
  });

  it('set modes, also of all below and never through a link', async () => {
    await fs.mkdir(at('d'));
    await fs.writeFile(at('d/file'), '');
    await fs.writeFile(at('outside'), '', { mode: 0o600 });
    await fs.symlink('../outside', at('d/link'));
    await ask('set-mode', at('d'), { mode: 0o2750 });
    expect((await fs.stat(at('d'))).mode & 0o7777).toBe(0o2750);
    expect((await fs.stat(at('d/file'))).mode & 0o777).toBe(0o644);
    await ask('set-mode', at('d'), { mode: 0o711, recursive: true });
    expect((await fs.stat(at('d/file'))).mode & 0o7777).toBe(0o711);
    expect((await fs.stat(at('outside'))).mode & 0o7777).toBe(0o600);
  });

  it.skipIf(!isRoot)('set owners, the user, the group or both', async () => {
    await fs.mkdir(at('d'));
    await fs.writeFile(at('d/file'), '');
    await fs.symlink('/nowhere', at('d/link'));
    await ask('set-owner', at('d'), { owner: '12' });
    expect(await fs.stat(at('d'))).toMatchObject({ uid: 12, gid: 0 });
    await ask('set-owner', at('d'), { owner: ':34' });
    expect(await fs.stat(at('d'))).toMatchObject({ uid: 12, gid: 34 });
    await ask('set-owner', at('d'), { owner: 'root:root', recursive: true });
    await ask('set-owner', at('d'), { owner: '7:8', recursive: true });
    expect(await fs.lstat(at('d/link'))).toMatchObject({ uid: 7, gid: 8 });
    await expect(ask('set-owner', at('d'), { owner: 'no-such' })).rejects.toMatchObject({
      code: 'file/failed',
      message: 'no-such: there is no such user or group.',
    });
  });

  it('are refused where the request makes no sense', async () => {
    await expect(ask('rename', dir, {})).rejects.toMatchObject({ code: 'file/failed' });
    await expect(ask('list', 'relative')).rejects.toMatchObject({ code: 'file/failed' });
    await expect(ask('changes', dir)).rejects.toMatchObject({
      code: 'file/failed',
      message: `${dir}: there is no image below this root.`,
    });
  });
});
