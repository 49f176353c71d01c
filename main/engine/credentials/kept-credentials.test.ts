import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { KeptCredentials } from './kept-credentials.ts';
import type { SecretCipher } from './safe-storage-store.ts';
import { actionsOf, writeHelper, writeProgram } from './testing/fake-programs.ts';

const cipher: SecretCipher = {
  name: 'the keychain',
  problem: () => Promise.resolve(undefined),
  encrypt: (text) => Promise.resolve(Buffer.from(text).map((byte) => byte ^ 1)),
  decrypt: (bytes) =>
    Promise.resolve({
      text: Buffer.from(Buffer.from(bytes).map((byte) => byte ^ 1)).toString(),
      isOutdated: false,
    }),
};

describe('KeptCredentials', () => {
  const temporary = useTemporaryDirectory();
  const dir = () => path.join(temporary.path, 'credentials');
  const bin = () => path.join(temporary.path, 'bin');
  const alice = { username: 'alice', password: 'open sesame' };

  interface Surroundings {
    readonly cipher?: SecretCipher;
    readonly docker?: string;
  }

  const open = ({ cipher: desktop, docker }: Surroundings = {}) =>
    new KeptCredentials({
      dir: dir(),
      cipher: desktop,
      env: { PATH: bin() },
      dockerStore: () => Promise.resolve(docker),
    });

  async function login(kept: KeptCredentials, registry = 'a.example', allowFile = false) {
    await kept.keep(registry, alice, await kept.chooseStore(allowFile));
  }

  async function namesWith(text: string): Promise<string[]> {
    const names = await readdir(dir());
    const texts = await Promise.all(names.map((name) => readFile(path.join(dir(), name), 'utf8')));
    return names.filter((_, index) => texts[index]?.includes(text));
  }

  it('keeps nothing in a file without being told to, and names the file', async () => {
    const kept = open();
    const file = path.join(dir(), 'secrets.json');
    expect(await kept.storage()).toEqual({
      keeper: 'file',
      isEncrypted: false,
      explanation: `Nothing here keeps it encrypted (secret-tool is not installed; there is no Docker credential helper). It would be written to ${file}, which you alone may read.`,
    });
    await expect(kept.chooseStore(false)).rejects.toMatchObject({
      code: 'credentials/no-keeper',
      hint: expect.stringContaining(file) as string,
    });
    await expect(readdir(dir())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('keeps it in a file for its owner alone, where it is told to', async () => {
    const kept = open();
    await login(kept, 'a.example', true);
    expect(await namesWith('open sesame')).toEqual(['secrets.json']);
    expect((await stat(path.join(dir(), 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect(await open().find('a.example')).toEqual({
      credential: alice,
      source: {
        username: 'alice',
        kind: 'password',
        source: 'skerry',
        keeper: 'file',
        where: path.join(dir(), 'secrets.json'),
      },
    });
    await kept.forget('a.example');
    expect(await namesWith('open sesame')).toEqual([]);
    expect(await kept.find('a.example')).toBeUndefined();
  });

  it('prefers the desktop, then the helper of Docker, then one that is there', async () => {
    await writeHelper(bin(), 'pass');
    expect(await open().storage()).toMatchObject({
      keeper: 'docker-helper',
      isEncrypted: true,
      explanation: 'It is kept by docker-credential-pass (secret-tool is not installed).',
    });
    await writeHelper(bin(), 'mine');
    expect((await open({ docker: 'mine' }).storage()).explanation).toContain(
      'by docker-credential-mine',
    );
    expect(await open({ docker: 'mine', cipher }).storage()).toEqual({
      keeper: 'safe-storage',
      isEncrypted: true,
      explanation: 'It is kept by the keychain.',
    });
    // What was tried out is gone.
    expect(await readFile(path.join(bin(), 'docker-credential-pass.json'), 'utf8')).toBe('{}');
  });

  it('passes by what cannot keep anything, and says why', async () => {
    await writeProgram(bin(), 'secret-tool', 'echo no >&2; exit 1');
    await writeProgram(bin(), 'docker-credential-cloud', 'exit 1');
    await writeHelper(bin(), 'pass');
    const { explanation } = await open({ docker: 'cloud' }).storage();
    expect(explanation).toBe(
      'It is kept by docker-credential-pass (secret-tool reaches no keyring; docker-credential-cloud keeps nothing).',
    );
    expect((await open({ docker: 'none' }).storage()).explanation).toContain(
      'docker-credential-none is not installed',
    );
  });

  it('keeps it with a helper under a name of its own, and out of its own files', async () => {
    await writeHelper(bin(), 'pass');
    const kept = open();
    await login(kept);
    const file = path.join(bin(), 'docker-credential-pass.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      'https://skerry.invalid/a.example': {
        ServerURL: 'https://skerry.invalid/a.example',
        Username: 'skerry',
        Secret: JSON.stringify(alice),
      },
    });
    expect(await namesWith('sesame')).toEqual([]);
    expect(await open().find('a.example')).toMatchObject({ credential: alice });
    await kept.forget('a.example');
    expect(await readFile(file, 'utf8')).toBe('{}');
  });

  it('describes without asking for the secret', async () => {
    await writeHelper(bin(), 'pass');
    const kept = open();
    await login(kept);
    const credential = {
      username: 'alice',
      kind: 'password',
      source: 'skerry',
      keeper: 'docker-helper',
      where: 'docker-credential-pass',
    };
    expect(await kept.describe('a.example')).toEqual({ credential });
    expect(await kept.registries()).toEqual(['a.example']);
    expect(await actionsOf(bin(), 'pass')).not.toContain('get');
    await rm(path.join(bin(), 'docker-credential-pass'));
    expect(await kept.describe('a.example')).toEqual({
      credential,
      problem: expect.stringContaining('docker-credential-pass is not installed') as string,
    });
  });

  it('leaves nothing behind where a new login is kept elsewhere', async () => {
    await login(open(), 'a.example', true);
    const kept = open({ cipher });
    await login(kept);
    expect(await namesWith('sesame')).toEqual([]);
    expect(await kept.find('a.example')).toMatchObject({ source: { keeper: 'safe-storage' } });
  });

  it('says that another process has what is kept by a desktop, and can forget it', async () => {
    await login(open({ cipher }));
    const kept = open();
    expect(await kept.describe('a.example')).toMatchObject({
      credential: { keeper: 'safe-storage' },
      problem: expect.stringContaining('desktop application alone') as string,
    });
    await expect(kept.find('a.example')).rejects.toMatchObject({
      code: 'credentials/unreadable',
      message: expect.stringContaining('desktop application alone') as string,
    });
    await kept.forget('a.example');
    expect(await kept.find('a.example')).toBeUndefined();
  });

  it('does not take a lost secret for none', async () => {
    await login(open(), 'a.example', true);
    await rm(path.join(dir(), 'secrets.json'));
    await expect(open().find('a.example')).rejects.toMatchObject({
      code: 'credentials/unreadable',
      message: expect.stringContaining('no longer in') as string,
    });
  });

  it('changes nothing where its list cannot be read', async () => {
    const kept = open();
    await login(kept, 'a.example', true);
    const list = path.join(dir(), 'logins.json');
    await writeFile(list, '{');
    await expect(login(kept, 'b.example', true)).rejects.toMatchObject({
      code: 'credentials/unreadable',
      message: expect.stringContaining(list) as string,
    });
    await expect(kept.forget('a.example')).rejects.toMatchObject({
      code: 'credentials/unreadable',
    });
    expect(await readFile(list, 'utf8')).toBe('{');
    expect(await namesWith('b.example')).toEqual([]);
  });

  it('keeps every one of many logins at once', async () => {
    const kept = open();
    const names = Array.from({ length: 20 }, (_, n) => `r${String(n)}.example`);
    await Promise.all(names.map((name) => login(kept, name, true)));
    expect((await kept.registries()).sort()).toEqual([...names].sort());
    await Promise.all(names.map((name) => kept.forget(name)));
    expect(await kept.registries()).toEqual([]);
  });

  it('uses a new password at once', async () => {
    await writeHelper(bin(), 'pass');
    const kept = open();
    await login(kept);
    await kept.find('a.example');
    const bob = { username: 'bob', password: 'b' };
    await kept.keep('a.example', bob, await kept.chooseStore(false));
    expect(await kept.find('a.example')).toMatchObject({ credential: bob });
  });

  it('has nothing to forget where nothing is kept', async () => {
    await expect(open().forget('a.example')).rejects.toMatchObject({
      code: 'registry/not-configured',
    });
  });
});
