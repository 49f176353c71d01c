/** `skerry cp` with the real agent, whose files are those of this machine. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isLinux, useHostAgent } from '../engine/agent/testing/host-agent-fixture.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { withFiles } from '../engine/testing/files-engine.ts';
import { makeTar } from '../engine/testing/tar.ts';
import { oddTreeScript, snapshotTree } from '../engine/testing/tree-snapshot.ts';
import { CliFixture, finish, type Result } from './testing/cli-fixture.ts';

// Each command is a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const execute = promisify(execFile);
const host = useHostAgent();
let cli: CliFixture;

beforeEach(async () => {
  const engine = new FakeEngine();
  cli = await CliFixture.start(withFiles(engine, () => host.agent));
  const operation = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
  await engine.operations.wait(operation.id);
  await fs.mkdir(here(''));
  await fs.mkdir(guest(''));
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

const here = (name: string): string => path.join(cli.dir, 'here', name);
const guest = (name: string): string => path.join(cli.dir, 'guest', name);
const inGuest = (name: string): string => `web:${guest(name)}`;

async function cp(source: string, target: string, ...options: string[]): Promise<string> {
  const { code, stdout, stderr } = await call(source, target, ...options);
  expect([code, stdout.toString()], stderr).toEqual([0, '']);
  return stderr;
}

function call(...args: string[]): Promise<Result> {
  return cli.call(['cp', ...args], '', { cwd: here('') });
}

/** What a tree is like without these permission bits. */
function without(bits: number, tree: Readonly<Record<string, string>>): Record<string, string> {
  const changed = (what: string): string =>
    what.replace(/^\d+/, (mode) => (parseInt(mode, 8) & ~bits).toString(8));
  return Object.fromEntries(Object.entries(tree).map(([name, what]) => [name, changed(what)]));
}

const read = (file: string): Promise<string> => fs.readFile(file, 'utf8');

describe.skipIf(!isLinux)('cp', () => {
  it('copies an odd tree there and back, without the bits that give rights away', async () => {
    await fs.mkdir(here('tree'));
    // A pipe is none of what is copied from here.
    await execute('bash', ['-c', `${oddTreeScript} rm pipe; chmod 755 run`], { cwd: here('tree') });
    expect(await cp('tree', inGuest(''))).toBe('');
    expect(await cp(inGuest('tree'), 'back')).toBe('');
    const tree = await snapshotTree(here('tree'));
    // Here no special bit is taken over; in the guest one that gives nobody's rights away is.
    expect(await snapshotTree(here('back'))).toEqual(without(0o7000, tree));
    expect(await snapshotTree(guest('tree'))).toEqual(without(0o6000, tree));
  });

  it('keeps those bits, with the owners, where that is asked for', async () => {
    await fs.mkdir(here('tree'));
    await execute('bash', ['-c', `${oddTreeScript} rm pipe; chmod 755 run`], { cwd: here('tree') });
    expect(await cp('tree', inGuest(''), '-a')).toBe('');
    expect(await snapshotTree(guest('tree'))).toEqual(await snapshotTree(here('tree')));
  });

  it.each([
    ['a file into a directory', 'file', '', 'file'],
    ['a file by a new name', 'file', 'new', 'new'],
    ['a file over another', 'file', 'other', 'other'],
    ['a directory into a directory', 'dir', '', 'dir/below'],
    ['a directory by a new name', 'dir', 'new', 'new/below'],
    ['what is in a directory', 'dir/.', '', 'below'],
    ['what is in a directory into a new one', 'dir/.', 'new', 'new/below'],
    ['a directory written with a slash', 'dir/', 'sub', 'sub/dir/below'],
  ])('puts %s, both ways', async (_what, source, target, found) => {
    for (const place of [here, guest]) {
      await fs.mkdir(place('from/dir'), { recursive: true });
      await fs.writeFile(place('from/file'), 'content');
      await fs.writeFile(place('from/dir/below'), 'content');
      await fs.mkdir(place('to/sub'), { recursive: true });
      await fs.writeFile(place('to/other'), 'old');
    }
    await cp(`from/${source}`, `${inGuest('to')}/${target}`);
    expect(await read(guest(`to/${found}`))).toBe('content');
    await cp(`${inGuest('from')}/${source}`, path.join('to', target));
    expect(await read(here(`to/${found}`))).toBe('content');
    expect((await fs.readdir(guest('to'))).sort()).toEqual((await fs.readdir(here('to'))).sort());
  });

  it.each([
    [['file', 'other'], /has to be in a sandbox/],
    [['web:/a', 'box:/b'], /pipe one copy into another/],
    [['gone', 'web:/tmp'], /There is no .*gone/],
    [['file', 'web:/no/such/dir/'], /There is no directory \/no\/such\/dir/],
    [['web:/etc/passwd', 'no/such/place'], /There is no directory .*no\/such/],
    [['dir', 'web:/etc/passwd'], /is a file, and .* is a directory/],
    [['web:/gone', '.'], /\/gone: No such file or directory/],
    [['file', 'other:/tmp'], /There is no sandbox/],
  ])('refuses %j', async (args, why) => {
    await fs.writeFile(here('file'), '');
    await fs.mkdir(here('dir'));
    const { code, stderr } = await call(...args);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(why);
    expect((await fs.readdir(here(''))).sort()).toEqual(['dir', 'file']);
  });

  it('copies links as they are, or what they lead to', async () => {
    await fs.writeFile(here('file'), 'text');
    await fs.symlink('file', here('link'));
    await cp('link', inGuest('as-link'));
    await cp('link', inGuest('as-file'), '-L');
    expect(await fs.readlink(guest('as-link'))).toBe('file');
    expect(await read(guest('as-file'))).toBe('text');
    await fs.writeFile(guest('file'), 'theirs');
    await cp(inGuest('as-link'), 'back');
    await cp(inGuest('as-link'), 'followed', '--follow-link');
    expect(await fs.readlink(here('back'))).toBe('file');
    expect(await read(here('followed'))).toBe('theirs');
  });

  it('reads and writes a tar, as a pipe wants it', async () => {
    const tar = makeTar([{ name: 'a/b', content: 'piped' }]);
    const sent = await cli.run(['cp', '-', inGuest('')], tar);
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    expect(await read(guest('a/b'))).toBe('piped');
    const got = await cli.run(['cp', inGuest('a'), '-']);
    expect(got.code).toBe(0);
    await fs.writeFile(here('a.tar'), got.stdout);
    expect((await execute('tar', ['-tf', here('a.tar')])).stdout).toBe('a/\na/b\n');
  });

  it('copies what can be read, says what cannot, and ends with 1, both ways', async () => {
    // Nobody may read some of the files there, whoever it is.
    const { code, stderr } = await call('/sys/bus/cpu', inGuest(''));
    expect(code).toBe(1);
    expect(stderr).toContain('skerry: /sys/bus/cpu/uevent: left out: permission denied\n');
    expect(await fs.readdir(guest('cpu'))).toContain('drivers_autoprobe');
    const back = await call('web:/sys/bus/cpu', '.');
    expect(back.code).toBe(1);
    expect(back.stderr).toContain('skerry: cpu/uevent: left out: Permission denied\n');
    expect(await fs.readdir(here('cpu'))).toContain('drivers_autoprobe');
    expect(await fs.readdir(here('cpu'))).not.toContain('uevent');
    expect((await call('/sys/bus/cpu/uevent', inGuest(''))).stderr).toMatch(/permission denied/);
  });

  it('says of an upload that fails in the sandbox what it is, and ends', async () => {
    const tar = makeTar([{ name: '../out', content: 'x' }]);
    const { code, stderr } = await cli.run(['cp', '-', inGuest('')], tar);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\.\.\/out: its name leads out of the directory/);
    // The input of this one never ends by itself.
    const child = cli.begin(['cp', '-', inGuest('')]);
    child.stdin.on('error', () => undefined);
    child.stdin.write(tar);
    expect((await finish(child)).code).toBe(1);
    expect(await fs.readdir(guest(''))).toEqual([]);
  });

  it('is cancelled by Ctrl+C, and leaves nothing half made', async () => {
    const child = cli.begin(['cp', '-', inGuest('')]);
    const whole = makeTar([{ name: 'large', content: Buffer.alloc(1024 * 1024) }]);
    child.stdin.on('error', () => undefined);
    child.stdin.write(whole.subarray(0, 200_000));
    while ((await fs.readdir(guest(''))).length === 0) await new Promise(setImmediate);
    const ended = once(child, 'close') as Promise<[number | null]>;
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(await fs.readdir(guest(''))).toEqual([]);
    expect(host.agent.sessions()).toEqual([]);
  });
});
