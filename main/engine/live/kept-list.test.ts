import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { KeptList } from './kept-list.ts';

describe('KeptList', () => {
  const temporary = useTemporaryDirectory();
  const file = (): string => path.join(temporary.path, 'list.json');
  const list = () => new KeptList(file(), z.object({ id: z.number() }));

  it('is nothing where there is no file, or where it makes no sense', async () => {
    expect(await list().load()).toEqual([]);
    await writeFile(file(), '[{"id":1},{"id":"x"},7,{"id":2,"more":true}]');
    expect(await list().load()).toEqual([{ id: 1 }, { id: 2 }]);
    await writeFile(file(), '[{"id":1}');
    expect(await list().load()).toEqual([]);
  });

  it('is written as it is at the time, and not after its end', async () => {
    const kept = list();
    let entries = [{ id: 1 }];
    kept.save(() => entries);
    kept.save(() => []);
    entries = [{ id: 2 }];
    await kept.saved();
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual([{ id: 2 }]);
    await kept.close();
    kept.save(() => []);
    await kept.saved();
    expect(await list().load()).toEqual([{ id: 2 }]);
  });
});
