/** Real keepers of secrets: gnome-keyring by secret-tool and by Docker's helper, and pass. */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../host/child-process.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { Credentials } from './credentials.ts';
import { DockerHelper } from './docker-helper.ts';
import { aloneIn, startKeyringSession } from './testing/keyring-session.ts';

describe('a keeper', () => {
  const temporary = useTemporaryDirectory();
  const stateDir = () => path.join(temporary.path, 'state');
  const alice = { username: 'alice', password: 'open "sésame"\n' };
  const bob = { identityToken: 'x'.repeat(2000) };

  type Env = Readonly<Record<string, string>>;
  const open = (env: Env) => new Credentials({ dir: stateDir(), env });

  async function tool(env: Env, program: string, ...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await run(program, args, { timeoutMs: 60_000, env });
    if (exitCode !== 0) throw new Error(`${program}: ${stderr}`);
    return stdout;
  }

  /** Keeps, finds, replaces and forgets; another process finds the same. */
  async function expectToKeep(env: Env, keeper: string): Promise<void> {
    const { kept } = open(env);
    expect(await kept.storage()).toMatchObject({ keeper, isEncrypted: true });
    await kept.keep('a.example:5000', alice, await kept.chooseStore(false));
    await kept.keep('b.example', bob, await kept.chooseStore(false));
    const later = open(env);
    expect(await later.find({ registry: 'a.example:5000' })).toMatchObject({
      credential: alice,
      source: { keeper },
    });
    expect(await later.find({ registry: 'b.example' })).toMatchObject({ credential: bob });
    await later.kept.keep('a.example:5000', bob, await later.kept.chooseStore(false));
    expect(await later.find({ registry: 'a.example:5000' })).toMatchObject({ credential: bob });
    await later.kept.forget('a.example:5000');
    expect(await open(env).find({ registry: 'a.example:5000' })).toBeUndefined();
    const files = await readdir(stateDir());
    expect(files).toEqual(['logins.json']);
    const list = await readFile(path.join(stateDir(), 'logins.json'), 'utf8');
    expect(list).not.toMatch(/sésame|xxx/);
  }

  /** A PATH with these programs of the system alone. */
  async function pathWith(...programs: string[]): Promise<string> {
    const bin = path.join(temporary.path, 'bin');
    await mkdir(bin);
    for (const program of programs) {
      await symlink(path.join('/usr/bin', program), path.join(bin, program));
    }
    return bin;
  }

  it('may be the keyring of the session', async () => {
    await using session = await startKeyringSession(temporary.path, { isUnlocked: true });
    await expectToKeep(session.env, 'secret-service');
    const attributes = ['application', 'skerry', 'registry', 'b.example'];
    const kept = await tool(session.env, 'secret-tool', 'lookup', ...attributes);
    expect(JSON.parse(kept)).toEqual(bob);
  });

  it('says so where the keyring has lost it', async () => {
    await using session = await startKeyringSession(temporary.path, { isUnlocked: true });
    const { kept } = open(session.env);
    await kept.keep('a.example', alice, await kept.chooseStore(false));
    const attributes = ['application', 'skerry', 'registry', 'a.example'];
    await tool(session.env, 'secret-tool', 'clear', ...attributes);
    await expect(open(session.env).find({ registry: 'a.example' })).rejects.toMatchObject({
      code: 'credentials/unreadable',
      message: expect.stringContaining('no longer in the keyring') as string,
    });
  });

  it('is not a keyring that cannot be unlocked here, nor one that is not there', async () => {
    const reason = /secret-tool reaches no keyring; docker-credential-secretservice keeps nothing/;
    await using session = await startKeyringSession(temporary.path, { isUnlocked: false });
    for (const env of [session.env, await aloneIn(temporary.path)]) {
      const storage = await open(env).kept.storage();
      expect(storage).toMatchObject({ keeper: 'file', isEncrypted: false });
      expect(storage.explanation).toMatch(reason);
    }
  });

  it('may be Docker’s helper for the keyring, and what Docker keeps there is found', async () => {
    await using session = await startKeyringSession(temporary.path, { isUnlocked: true });
    const env = { ...session.env, PATH: await pathWith('docker-credential-secretservice') };
    await expectToKeep(env, 'docker-helper');
    const docker = new DockerHelper('secretservice', { env });
    const moby = { username: 'moby', password: 'whale' };
    await docker.store('a.example', moby);
    const config = path.join(temporary.path, '.docker', 'config.json');
    await mkdir(path.dirname(config));
    const text = JSON.stringify({ credsStore: 'secretservice', auths: { 'a.example': {} } });
    await writeFile(config, text);
    const credentials = open(env);
    const search = { registry: 'a.example' };
    expect(await credentials.find(search)).toEqual({
      credential: moby,
      source: {
        username: 'moby',
        kind: 'password',
        source: 'docker-helper',
        where: 'docker-credential-secretservice',
      },
    });
    await credentials.kept.keep('a.example', alice, await credentials.kept.chooseStore(false));
    expect(await credentials.find(search)).toMatchObject({ credential: alice });
    await credentials.kept.forget('a.example');
    expect(await open(env).find(search)).toMatchObject({ credential: moby });
    expect(await readFile(config, 'utf8')).toBe(text);
  });

  it('may be pass, where there is no keyring', async () => {
    const env = await aloneIn(temporary.path);
    await mkdir(env['GNUPGHOME'] ?? '', { mode: 0o700 });
    try {
      const key = ['--quick-gen-key', 'Test <test@example.com>', 'default', 'default', 'never'];
      await tool(env, 'gpg', '--batch', '--passphrase', '', ...key);
      await tool(env, 'pass', 'init', 'test@example.com');
      await expectToKeep(env, 'docker-helper');
      expect((await open(env).kept.storage()).explanation).toMatch(/^It is kept by .*-pass \(/);
    } finally {
      await tool(env, 'gpgconf', '--kill', 'all');
    }
  });
});
