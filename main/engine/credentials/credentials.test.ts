import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { Credentials } from './credentials.ts';
import { writeProgram } from './testing/fake-programs.ts';

describe('Credentials', () => {
  const temporary = useTemporaryDirectory();
  const docker = () => path.join(temporary.path, '.docker', 'config.json');
  const open = () =>
    new Credentials({
      dir: path.join(temporary.path, 'credentials'),
      env: { HOME: temporary.path, PATH: path.join(temporary.path, 'bin') },
    });
  const own = { username: 'own', password: 'secret' };

  async function writeDocker(text: string): Promise<void> {
    await mkdir(path.dirname(docker()), { recursive: true });
    await writeFile(docker(), text);
  }

  const auth = Buffer.from('moby:whale').toString('base64');

  it('takes its own before that of another program, which it goes back to', async () => {
    await writeDocker(JSON.stringify({ auths: { 'a.example': { auth } } }));
    const credentials = open();
    const search = { registry: 'a.example', repository: 'team/app' };
    expect(await credentials.find(search)).toMatchObject({ credential: { username: 'moby' } });
    await credentials.kept.keep('a.example', own, await credentials.kept.chooseStore(true));
    expect(await credentials.find(search)).toMatchObject({ credential: own });
    await credentials.kept.forget('a.example');
    expect(await credentials.find(search)).toMatchObject({ credential: { username: 'moby' } });
  });

  it('tells where each is from, without secrets', async () => {
    await writeDocker(JSON.stringify({ auths: { 'b.example': { auth } } }));
    const credentials = open();
    await credentials.kept.keep('a.example', own, await credentials.kept.chooseStore(true));
    expect(await credentials.registries()).toEqual(['a.example', 'b.example']);
    const states = await Promise.all(
      ['a.example', 'b.example', 'c.example'].map((name) => credentials.describe(name)),
    );
    expect(states).toMatchObject([
      { credential: { username: 'own', source: 'skerry', keeper: 'file' } },
      { credential: { username: 'moby', source: 'docker-config', where: docker() } },
      {},
    ]);
    expect(JSON.stringify(states)).not.toMatch(/secret"|whale/);
  });

  it('tells what cannot be read, and what can all the same', async () => {
    const credentials = open();
    await credentials.kept.keep('a.example', own, await credentials.kept.chooseStore(true));
    await writeDocker('{');
    expect(await credentials.registries()).toEqual(['a.example']);
    expect(await credentials.describe('a.example')).toMatchObject({ credential: {} });
    expect(await credentials.describe('b.example')).toEqual({
      problem: `${docker()} cannot be read: it is not JSON.`,
    });
  });

  it('tells of a helper that does not answer in time', async () => {
    const bin = path.join(temporary.path, 'bin');
    await writeProgram(bin, 'docker-credential-slow', 'exec /bin/sleep 1000');
    const auths = { 'a.example': { auth } };
    await writeDocker(JSON.stringify({ credHelpers: { 'b.example': 'slow' }, auths }));
    const deadline = AbortSignal.timeout(50);
    const credentials = open();
    expect(await credentials.describe('b.example', deadline)).toEqual({
      problem: 'The credential helper did not answer in time.',
    });
    // What needs no helper can be told all the same.
    expect(await credentials.describe('a.example', deadline)).toMatchObject({
      credential: { username: 'moby' },
    });
  });

  it('heeds a file that has changed at once', async () => {
    const credentials = open();
    expect(await credentials.find({ registry: 'a.example' })).toBeUndefined();
    await writeDocker(JSON.stringify({ auths: { 'a.example': { auth } } }));
    expect(await credentials.find({ registry: 'a.example' })).toBeDefined();
  });
});
