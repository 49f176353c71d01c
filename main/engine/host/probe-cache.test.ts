import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { remember } from './probe-cache.ts';

describe('remember', () => {
  const temporary = useTemporaryDirectory();
  const schema = z.number();

  it('runs a probe once for all who ask at the same time', async () => {
    const what = { cacheDir: temporary.path, name: 'once', key: 'a', schema };
    let runs = 0;
    const probe = (): Promise<number> => Promise.resolve(++runs);
    expect(await Promise.all([remember(what, probe), remember(what, probe)])).toEqual([1, 1]);
    expect(await remember(what, probe)).toBe(1);
    expect(await remember({ ...what, key: 'b' }, probe)).toBe(2);
  });

  it('reads what an earlier process wrote, unless it is damaged or of another kind', async () => {
    const what = (name: string) => ({ cacheDir: temporary.path, name, key: 'a', schema });
    const entry = (value: unknown, key = 'a') => JSON.stringify({ version: 1, key, value });
    const probe = (): Promise<number> => Promise.resolve(7);
    for (const [name, text, expected] of [
      ['good', entry(3), 3],
      ['other-key', entry(3, 'b'), 7],
      ['other-kind', entry('three'), 7],
      ['damaged', '{"version":1', 7],
    ] as const) {
      await writeFile(join(temporary.path, `${name}.json`), text);
      expect(await remember(what(name), probe)).toBe(expected);
    }
  });

  it('does not keep a failure', async () => {
    const what = { cacheDir: temporary.path, name: 'failure', key: 'a', schema };
    await expect(remember(what, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await remember(what, () => Promise.resolve(1))).toBe(1);
  });

  it('writes down only what lasts', async () => {
    const what = {
      ...{ cacheDir: temporary.path, key: 'a', schema },
      isLasting: (value: number) => value > 1,
    };
    await remember({ ...what, name: 'passing' }, () => Promise.resolve(1));
    await remember({ ...what, name: 'lasting' }, () => Promise.resolve(2));
    expect(await readdir(temporary.path)).toEqual(['lasting.json']);
  });

  it('works where nothing can be written', async () => {
    const what = { cacheDir: '/dev/null/cache', name: 'x', key: 'a', schema };
    expect(await remember(what, () => Promise.resolve(5))).toBe(5);
  });
});
