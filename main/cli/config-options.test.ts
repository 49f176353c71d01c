import { Command } from 'commander';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withConfigOptions, type ConfigOptions } from './config-options.ts';
import { resolveLocalPaths } from './local-paths.ts';
import { mergeRequests } from './merge-requests.ts';
import { requestOfOptions } from './request-of-options.ts';

function requestOf(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const command = withConfigOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse([...args], { from: 'user' });
  return requestOfOptions(command.opts<ConfigOptions>());
}

describe('options', () => {
  let dir: string;
  const at = (name: string) => path.join(dir, name);

  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'skerry-options-'));
  });

  afterEach(async () => {
    await rm(dir, { recursive: true });
  });

  it('that are not given say nothing', async () => {
    expect(await requestOf()).toEqual({});
  });

  it.each([
    ['./data:/data', { bind: './data' }],
    ['../data:/data:rw', { bind: '../data', access: 'rw' }],
    ['.data:/data', { bind: './.data' }],
    ['~/data:/data:ro', { bind: '~/data', access: 'ro' }],
    ['/data:/data', { bind: '/data' }],
    ['data:/data', { named: 'data' }],
    ['{ target: /data, bind: "/a:b", access: rw }', { bind: '/a:b', access: 'rw' }],
    ['{ target: /data, tmpfs: {} }', { tmpfs: {} }],
  ])('-v %s mounts %j', async (text, volume) => {
    expect(await requestOf('-v', text)).toEqual({ volumes: { '/data': volume } });
  });

  it('--tmpfs has a size or the usual one', async () => {
    expect(await requestOf('--tmpfs', '/a', '--tmpfs', '/b:64')).toEqual({
      volumes: { '/a': { tmpfs: {} }, '/b': { tmpfs: { sizeMiB: 64 } } },
    });
  });

  it('describe a network', async () => {
    const rule = '{ action: deny, destination: private, ports: [22] }';
    const args = ['--net', 'all', '--net-rule', rule, '--net-rule', '{ action: allow }'];
    expect(await requestOf(...args, '--upload', '0.5', '--download', '100')).toEqual({
      network: {
        policy: 'all',
        rules: [{ action: 'deny', destination: 'private', ports: [22] }, { action: 'allow' }],
        bandwidth: { upload: 0.5, download: 100 },
      },
    });
  });

  it.each([
    ['-v', '/data'],
    ['-v', 'a:/b:/c'],
    ['-v', 'data/x:/data'],
    ['-v', '{ bind: /a }'],
    ['-v', '{ target: /a, target: /b }'],
    ['--script', 'greet'],
    ['--script', '{ name: greet, more: 1 }'],
    ['--patch', 'mkdir /srv'],
    ['--patch', '{ kind: mkdir, path: &a /srv, mode: *a }'],
    ['--net-rule', 'deny private'],
    ['--cmd', 'npm start'],
    ['--cmd', '["npm"'],
    ['--cmd', ''],
  ])('%s %s makes no sense', async (option, value) => {
    await expect(requestOf(option, value)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(/^The option --[a-z-]+ cannot be '.*'\. \S/) as unknown,
    });
  });

  it.each([
    ['--env', 'NAME'],
    ['--env', '__proto__=x'],
    ['--label', '=x'],
    ['--cpus', 'two'],
    ['--partition', '-1'],
    ['--upload', '-1'],
    ['--download', '1e3'],
  ])('%s %s is no value', async (option, value) => {
    await expect(async () => requestOf(option, value)).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    });
  });

  it.each([
    [['-v', 'a:/x', '-v', 'b:/x'], 'Two options say what is mounted at "/x"; give one.'],
    [['-v', 'a:/x', '--tmpfs', '/x'], 'Two options say what is mounted at "/x"; give one.'],
    [['--script', 'a=b', '--script', 'a=c'], 'Two options say what is the script "a"; give one.'],
  ])('%j contradict', async (args, message) => {
    await expect(requestOf(...args)).rejects.toMatchObject({ name: 'UsageError', message });
  });

  it('read scripts and variables from files; an option wins over a file', async () => {
    await writeFile(at('greet.sh'), '#!/bin/sh\necho "$A"\n');
    await writeFile(at('a.env'), '# comment\nA=1\nB="two words"\nexport C=\'$A\' # tail\n');
    await writeFile(at('b.env'), 'B=later\n');
    const args = ['--script', `greet=@${at('greet.sh')}`, '-e', 'A=option'];
    for (const file of ['a.env', 'b.env']) args.push('--env-file', at(file));
    expect(await requestOf(...args)).toEqual({
      scripts: { greet: '#!/bin/sh\necho "$A"\n' },
      env: { A: 'option', B: 'later', C: '$A' },
    });
  });

  it('say why a file cannot be read', async () => {
    await writeFile(at('proto.env'), 'A=1\n__proto__=2\n');
    await writeFile(at('bytes.env'), Buffer.from([0x41, 0x3d, 0xff]));
    for (const [file, words] of [
      ['none.env', 'there is no such file'],
      ['.', 'it is a directory'],
      ['proto.env', '"__proto__" cannot be a name'],
      ['bytes.env', 'it is not UTF-8 text'],
    ] as const) {
      await expect(requestOf('--env-file', at(file))).rejects.toMatchObject({
        data: {
          code: 'config/unreadable',
          message: expect.stringContaining(words) as unknown,
        },
      });
    }
  });
});

describe('resolveLocalPaths', () => {
  it('makes what is relative absolute, and leaves the rest', () => {
    const request = {
      image: './rootfs',
      volumes: { '/a': { bind: '../a' }, '/b': { bind: '~/b' }, '/c': { named: 'c' }, '/d': 7 },
      patches: [{ source: '.' }, { source: '/abs/../x' }, { target: './x' }, null],
      workdir: './x',
    };
    expect(resolveLocalPaths(request, '/home/me/dir')).toEqual({
      image: '/home/me/dir/rootfs',
      volumes: {
        '/a': { bind: '/home/me/a' },
        '/b': { bind: '~/b' },
        '/c': { named: 'c' },
        '/d': 7,
      },
      patches: [{ source: '/home/me/dir' }, { source: '/abs/../x' }, { target: './x' }, null],
      workdir: './x',
    });
    expect(resolveLocalPaths({ image: 'alpine', volumes: [], patches: 1 }, '/a')).toEqual({
      ...{ image: 'alpine', volumes: [], patches: 1 },
    });
  });
});

describe('mergeRequests', () => {
  it('lets the second win name by name, and lists of things grow', () => {
    const base = {
      cpus: 1,
      cmd: ['a', 'b'],
      env: { A: '1', B: '1' },
      volumes: { '/a': { named: 'a' } },
      network: { policy: 'none', ports: ['1:1'], rules: [1], bandwidth: { upload: 1 } },
      patches: [{ kind: 'remove', path: '/a' }],
    };
    const over = {
      cpus: 2,
      cmd: ['c'],
      env: { B: '2', constructor: 'x' },
      volumes: { '/a': { tmpfs: {} } },
      network: { ports: ['2:2'], deny: ['b'], rules: [2], bandwidth: { download: 2 } },
      patches: [{ kind: 'remove', path: '/b' }],
      labels: { a: 'b' },
    };
    expect(mergeRequests(base, over)).toEqual({
      cpus: 2,
      cmd: ['c'],
      env: { A: '1', B: '2', constructor: 'x' },
      volumes: { '/a': { tmpfs: {} } },
      network: {
        policy: 'none',
        ports: ['1:1', '2:2'],
        deny: ['b'],
        rules: [1, 2],
        bandwidth: { upload: 1, download: 2 },
      },
      patches: [
        { kind: 'remove', path: '/a' },
        { kind: 'remove', path: '/b' },
      ],
      labels: { a: 'b' },
    });
  });

  it('leaves what is no request for the contract to refuse', () => {
    expect(mergeRequests({ env: [] }, { env: { A: '1' } })).toEqual({ env: { A: '1' } });
    expect(mergeRequests({ env: { A: '1' } }, { env: 7 })).toEqual({ env: 7 });
    expect(mergeRequests({ patches: {} }, { patches: [] })).toEqual({ patches: [] });
  });
});
