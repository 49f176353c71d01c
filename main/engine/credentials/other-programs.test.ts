import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { DockerHelper } from './docker-helper.ts';
import { OtherPrograms } from './other-programs.ts';
import { dockerHub, dockerServerUrl } from './registry-key.ts';
import { actionsOf, writeHelper, writeProgram } from './testing/fake-programs.ts';

describe('OtherPrograms', () => {
  const temporary = useTemporaryDirectory();
  const inHome = (...parts: string[]) => path.join(temporary.path, ...parts);
  const bin = () => inHome('bin');
  const env = (more: Record<string, string> = {}) => ({
    HOME: temporary.path,
    PATH: bin(),
    ...more,
  });
  const open = (more: Record<string, string> = {}) => new OtherPrograms({ env: env(more) });

  async function write(file: string, value: unknown): Promise<void> {
    await mkdir(path.dirname(inHome(file)), { recursive: true });
    await writeFile(inHome(file), JSON.stringify(value));
  }

  const auth = (user: string, password: string) => ({
    auth: Buffer.from(`${user}:${password}`).toString('base64'),
  });

  const docker = '.docker/config.json';
  const podman = '.config/containers/auth.json';

  async function keepWith(name: string, server: string, username: string): Promise<void> {
    await writeHelper(bin(), name);
    await new DockerHelper(name, { env: env() }).store(server, { username, password: 'p' });
  }

  it('finds nothing where there is nothing', async () => {
    expect(await open().find({ registry: 'a.example' })).toBeUndefined();
    await write(docker, {});
    await write(podman, { auths: {} });
    expect(await open().find({ registry: 'a.example' })).toBeUndefined();
    expect(await open().registries()).toEqual([]);
  });

  it.each([
    ['user and password', auth('alice', 'se:same'), { username: 'alice', password: 'se:same' }],
    [
      'padding',
      { auth: Buffer.from('alice:sesame\0\0').toString('base64') },
      { username: 'alice', password: 'sesame' },
    ],
    [
      'plain fields',
      { username: 'alice', password: 'sesame' },
      { username: 'alice', password: 'sesame' },
    ],
    ['an identity token', { ...auth('alice', ''), identitytoken: 't' }, { identityToken: 't' }],
  ])('reads %s in Docker’s file', async (_, entry, credential) => {
    await write(docker, { auths: { 'https://a.example/v1/': entry } });
    expect(await open().find({ registry: 'a.example' })).toMatchObject({
      credential,
      source: { source: 'docker-config', where: inHome(docker) },
    });
  });

  it.each([
    ['an entry that is none', { auth: 'bm8gY29sb24=' }, 'another form'],
    ['a token of another kind', { registrytoken: 'secret' }, 'does not use'],
  ])('says that it cannot use %s', async (_, entry, words) => {
    await write(docker, { auths: { 'a.example': entry } });
    await expect(open().find({ registry: 'a.example' })).rejects.toMatchObject({
      code: 'credentials/unreadable',
      message: expect.stringContaining(words) as string,
    });
  });

  it('asks the helper of a registry, then that of all, then reads the file', async () => {
    await keepWith('one', 'a.example', 'by-one');
    await keepWith('all', 'a.example', 'by-all');
    await new DockerHelper('all', { env: env() }).store('b.example', {
      username: 'by-all',
      password: 'p',
    });
    await write(docker, {
      credHelpers: { 'a.example': 'one' },
      credsStore: 'all',
      auths: { 'b.example': {}, 'c.example': auth('in-file', 'p') },
    });
    const others = open();
    const userAt = async (registry: string) => (await others.find({ registry }))?.source;
    expect(await userAt('a.example')).toEqual({
      kind: 'password',
      username: 'by-one',
      source: 'docker-helper',
      where: 'docker-credential-one',
    });
    expect(await userAt('b.example')).toMatchObject({ username: 'by-all' });
    expect(await userAt('c.example')).toMatchObject({ username: 'in-file' });
    expect(await userAt('d.example')).toBeUndefined();
    expect((await others.registries()).sort()).toEqual(['a.example', 'b.example', 'c.example']);
    expect(await others.dockerStore()).toBe('all');
  });

  it('asks a helper once for what is asked at the same time, and again where told so', async () => {
    await keepWith('all', 'a.example', 'alice');
    await write(docker, { credsStore: 'all' });
    const others = open();
    const search = { registry: 'a.example' };
    await Promise.all([others.find(search), others.find(search)]);
    await others.find(search);
    expect(await actionsOf(bin(), 'all')).toEqual(['store', 'get']);
    await others.find(search, { isAgain: true });
    expect(await actionsOf(bin(), 'all')).toEqual(['store', 'get', 'get']);
  });

  it('knows Docker’s name for the default registry', async () => {
    const server = dockerServerUrl(dockerHub);
    await keepWith('all', server, 'by-helper');
    await write(docker, { credsStore: 'all' });
    expect(await open().find({ registry: dockerHub })).toMatchObject({
      source: { username: 'by-helper' },
    });
    await write(docker, { auths: { [server]: auth('in-file', 'p') } });
    expect(await open().find({ registry: dockerHub })).toMatchObject({
      source: { username: 'in-file' },
    });
    expect(await open().registries()).toEqual([dockerHub]);
  });

  it('takes a failing helper for no empty one', async () => {
    await writeProgram(bin(), 'docker-credential-all', 'exit 1');
    await write(docker, { credsStore: 'all', auths: { 'a.example': auth('alice', 'p') } });
    await expect(open().find({ registry: 'a.example' })).rejects.toMatchObject({
      code: 'credentials/unreadable',
      message: expect.stringContaining('docker-credential-all') as string,
    });
  });

  it('runs no helper whose name is a path', async () => {
    await write(docker, { credsStore: '../evil' });
    await expect(open().find({ registry: 'a.example' })).rejects.toMatchObject({
      code: 'credentials/unreadable',
    });
  });

  it('reads another directory where Docker is told to', async () => {
    await write('elsewhere/config.json', { auths: { 'a.example': auth('alice', 'p') } });
    await write(docker, { auths: { 'a.example': auth('bob', 'p') } });
    const others = open({ DOCKER_CONFIG: inHome('elsewhere') });
    expect(await others.find({ registry: 'a.example' })).toMatchObject({
      source: { username: 'alice' },
    });
  });

  it('reads Podman’s files after Docker’s, the most specific entry first', async () => {
    await write(docker, { auths: { 'd.example': auth('docker', 'p') } });
    await write(podman, {
      auths: {
        'd.example': auth('podman', 'p'),
        'a.example': auth('all', 'p'),
        'a.example/team': auth('team', 'p'),
        'a.example/team/app': auth('app', 'p'),
      },
    });
    const userAt = async (registry: string, repository?: string) =>
      (await open().find({ registry, repository }))?.source.username;
    expect(await userAt('a.example', 'team/app')).toBe('app');
    expect(await userAt('a.example', 'team/other')).toBe('team');
    expect(await userAt('a.example', 'other')).toBe('all');
    expect(await userAt('a.example')).toBe('all');
    expect(await userAt('d.example')).toBe('docker');
  });

  it('reads Podman’s file of this session first, or the one that is named alone', async () => {
    await write(podman, { auths: { 'a.example': auth('home', 'p') } });
    await write('run/containers/auth.json', { auths: { 'a.example': auth('session', 'p') } });
    await write('named.json', { auths: { 'b.example': auth('named', 'p') } });
    const userIn = async (more: Record<string, string>, registry = 'a.example') =>
      (await open(more).find({ registry }))?.source.username;
    expect(await userIn({ XDG_RUNTIME_DIR: inHome('run') })).toBe('session');
    expect(await userIn({ XDG_RUNTIME_DIR: inHome('nowhere') })).toBe('home');
    const named = { REGISTRY_AUTH_FILE: inHome('named.json') };
    expect(await userIn(named, 'b.example')).toBe('named');
    expect(await userIn(named)).toBeUndefined();
  });

  it('asks Podman’s helpers by the name that Podman keeps it under', async () => {
    await keepWith('pod', dockerHub, 'by-podman');
    await write(podman, { credHelpers: { [dockerHub]: 'pod' } });
    expect(await open().find({ registry: dockerHub })).toMatchObject({
      source: { username: 'by-podman' },
    });
  });
});
