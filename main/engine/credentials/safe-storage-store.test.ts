import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { SafeStorageStore, type SecretCipher } from './safe-storage-store.ts';

describe('SafeStorageStore', () => {
  const temporary = useTemporaryDirectory();
  const file = () => path.join(temporary.path, 'credentials', 'safe-storage.json');
  const alice = { username: 'alice', password: 'sesame' };

  /** Turns text around; the number of its key is before it. */
  function cipherWith(key: () => number, problem?: string): SecretCipher {
    return {
      name: 'the keychain',
      problem: () => Promise.resolve(problem),
      encrypt: (text) => Promise.resolve(Buffer.from(`${String(key())}${reversed(text)}`)),
      decrypt: (bytes) => {
        const text = Buffer.from(bytes).toString();
        if (!/^\d/.test(text)) return Promise.reject(new Error('sesame'));
        const isOutdated = Number(text[0]) !== key();
        return Promise.resolve({ text: reversed(text.slice(1)), isOutdated });
      },
    };
  }
  const reversed = (text: string): string => Buffer.from(text).reverse().toString();
  const blobs = async (): Promise<Record<string, string>> =>
    (JSON.parse(await readFile(file(), 'utf8')) as { registries: Record<string, string> })
      .registries;

  it('keeps what is encrypted, for its owner alone', async () => {
    const store = new SafeStorageStore(
      file(),
      cipherWith(() => 1),
    );
    await store.set('a.example', alice);
    await store.set('b.example', { identityToken: 'token' });
    expect(await readFile(file(), 'utf8')).not.toContain('sesame');
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file()))).mode & 0o777).toBe(0o700);
    expect(await store.get('a.example')).toEqual(alice);
    await store.delete('a.example');
    expect(await store.get('a.example')).toBeUndefined();
    expect(await store.get('b.example')).toEqual({ identityToken: 'token' });
  });

  it('encrypts anew what is of an old key', async () => {
    let key = 1;
    const store = new SafeStorageStore(
      file(),
      cipherWith(() => key),
    );
    await store.set('a.example', alice);
    const old = await blobs();
    key = 2;
    expect(await store.get('a.example')).toEqual(alice);
    const renewed = await blobs();
    expect(renewed['a.example']).not.toBe(old['a.example']);
    expect(await store.get('a.example')).toEqual(alice);
    expect(await blobs()).toEqual(renewed);
  });

  it('writes nothing where there is no keychain', async () => {
    const store = new SafeStorageStore(
      file(),
      cipherWith(() => 1, 'is locked'),
    );
    await expect(store.set('a.example', alice)).rejects.toMatchObject({
      code: 'credentials/unreadable',
      message: expect.stringContaining('the keychain is locked') as string,
    });
    await expect(stat(file())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    ['does not decrypt', Buffer.from('none').toString('base64')],
    ['decrypts to something else', Buffer.from('1emases').toString('base64')],
  ])('tells nothing of what %s', async (_, blob) => {
    const store = new SafeStorageStore(
      file(),
      cipherWith(() => 1),
    );
    await store.set('a.example', alice);
    const document = { version: 1, registries: { 'a.example': blob } };
    await writeFile(file(), JSON.stringify(document));
    await expect(store.get('a.example')).rejects.toMatchObject({
      code: 'credentials/unreadable',
      message: expect.not.stringContaining('sesame') as string,
    });
  });
});
