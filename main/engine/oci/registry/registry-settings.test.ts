import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { RegistrySettingsStore } from './registry-settings.ts';

const settings = { isInsecure: true, caFile: '/ca.pem', mirrors: ['mirror.example:5000'] };

describe('RegistrySettingsStore', () => {
  const temporary = useTemporaryDirectory();
  const file = (): string => join(temporary.path, 'registries.json');
  const open = (): Promise<RegistrySettingsStore> => RegistrySettingsStore.open(file());

  it('keeps settings by name, in whichever case', async () => {
    const store = await open();
    expect(store.entries()).toEqual([]);
    await store.set('Registry.example', settings);
    const again = await open();
    expect(again.entries()).toEqual([['registry.example', settings]]);
    expect(again.get('REGISTRY.example')).toEqual(settings);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('forgets them', async () => {
    const store = await open();
    await store.set('a.example', settings);
    expect(await store.delete('A.example')).toBe(true);
    expect(await store.delete('never.example')).toBe(false);
    expect((await open()).entries()).toEqual([]);
  });

  it('keeps every change of many at once', async () => {
    const store = await open();
    const names = ['a', 'b', 'c', 'd'].map((name) => `${name}.example`);
    await Promise.all(names.map((name) => store.set(name, settings)));
    expect((await open()).entries().map(([name]) => name)).toEqual(names);
  });

  it.each(['{', '{"schemaVersion":1,"registries":{"a.example":{"isInsecure":"yes"}}}'])(
    'refuses %s and leaves it',
    async (text) => {
      await writeFile(file(), text);
      await expect(open()).rejects.toMatchObject({
        code: 'store/corrupt',
        message: expect.stringContaining(file()) as string,
      });
      expect(await readFile(file(), 'utf8')).toBe(text);
    },
  );
});
