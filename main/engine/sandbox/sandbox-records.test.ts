import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { aConfig } from '../testing/a-config.ts';
import { aRecord } from './testing/a-record.ts';
import { SandboxRecords } from './sandbox-records.ts';

describe('SandboxRecords', () => {
  const temporary = useTemporaryDirectory();

  it('gives back what was saved, and nothing after removal', async () => {
    const records = new SandboxRecords(temporary.path, silentLogger);
    await records.save(aRecord());
    expect((await records.load()).records).toEqual([aRecord()]);
    await records.remove('0123456789');
    expect(await records.load()).toEqual({ records: [], unreadable: [] });
    await records.remove('0123456789');
  });

  it('says which images its records need, from before they are written until they are gone', async () => {
    const records = new SandboxRecords(temporary.path, silentLogger);
    const released: string[] = [];
    records.onImageReleased = (digest) => released.push(digest);
    const digest = `sha256:${'0'.repeat(64)}`;
    const saving = records.save(aRecord());
    expect(records.imagePins().users).toEqual(new Map([[digest, ['web']]]));
    await saving;
    await records.save(aRecord({ id: 'aaaaaaaaaa', config: aConfig({ name: 'db' }) }));
    await records.save(
      aRecord({ id: 'bbbbbbbbbb', root: { kind: 'directory', path: temporary.path } }),
    );
    const again = new SandboxRecords(temporary.path, silentLogger);
    await again.load();
    for (const each of [records, again]) {
      expect(each.imagePins()).toEqual({
        users: new Map([[digest, ['db', 'web']]]),
        others: new Set(),
      });
    }
    await records.remove('bbbbbbbbbb');
    await records.remove('0123456789');
    await records.remove('0123456789');
    expect(released).toEqual([digest]);
    expect(records.imagePins().users).toEqual(new Map([[digest, ['db']]]));
  });

  it('keeps every digest that a record names which cannot be read', async () => {
    const dir = path.join(temporary.path, '0123456789');
    await mkdir(dir);
    const [one, two] = ['1', '2'].map((digit) => digit.repeat(64));
    await writeFile(path.join(dir, 'sandbox.json'), `{"root":{"digest":"sha256:${String(one)}"}`);
    await writeFile(path.join(dir, 'root.vmdk'), `FLAT "/roots/sha256-${String(two)}.erofs" 0`);
    const records = new SandboxRecords(temporary.path, silentLogger);
    expect((await records.load()).unreadable).toHaveLength(1);
    const others = new Set([`sha256:${String(one)}`, `sha256:${String(two)}`]);
    expect(records.imagePins()).toEqual({ users: new Map(), others });
  });

  it('reads what the first version wrote, with every new field at its default', async () => {
    const { root, isPatched: _isPatched, config, ...rest } = aRecord();
    const { name, image, cpus, memoryMiB, rootDiskMiB, shell, env } = config;
    if (root.kind !== 'image') throw new Error('The record is of an image.');
    const { kind: _kind, ...before } = root;
    const first = {
      ...rest,
      version: 1,
      config: { name, image, cpus, memoryMiB, rootDiskMiB, shell, env },
      image: before,
    };
    const file = path.join(temporary.path, '0123456789', 'sandbox.json');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(first));
    const loaded = await new SandboxRecords(temporary.path, silentLogger).load();
    expect(loaded).toEqual({ records: [aRecord({ isPatched: true })], unreadable: [] });
  });

  it('finishes a replacement: the new sandbox stays once it was ready', async () => {
    const records = new SandboxRecords(temporary.path, silentLogger);
    const old = aRecord({ id: 'aaaaaaaaaa' });
    const taken = aRecord({ id: 'bbbbbbbbbb', replaces: 'aaaaaaaaaa' });
    await records.save(old);
    await records.save({ ...taken, phase: 'creating' });
    expect((await records.load()).records.map(({ id }) => id)).toEqual([
      'aaaaaaaaaa',
      'bbbbbbbbbb',
    ]);
    await records.save(taken);
    expect((await records.load()).records).toEqual([taken]);
    expect((await records.load()).records).toEqual([taken]);
  });

  it('tells the names that are taken, and changes nothing', async () => {
    const records = new SandboxRecords(temporary.path, silentLogger);
    await records.save(aRecord());
    const left = path.join(temporary.path, '.removing-aaaaaaaaaa');
    await mkdir(left);
    expect(await records.names()).toEqual(new Set(['web']));
    await writeFile(path.join(left, 'still-there'), '');
  });

  it('finishes a removal that was cut off', async () => {
    const left = path.join(temporary.path, '.removing-0123456789');
    await mkdir(left, { recursive: true });
    await writeFile(path.join(left, 'upper.img'), 'x');
    await new SandboxRecords(temporary.path, silentLogger).load();
    await expect(readFile(path.join(left, 'upper.img'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['half a record', '{"version": 1, "id"'],
    ['a record of a later version', JSON.stringify({ ...aRecord(), version: 3 })],
    ['the record of another sandbox', JSON.stringify(aRecord({ id: 'aaaaaaaaaa' }))],
  ])('leaves %s as it is and says so', async (_what, content) => {
    const records = new SandboxRecords(temporary.path, silentLogger);
    const file = path.join(temporary.path, '0123456789', 'sandbox.json');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    const loaded = await records.load();
    expect(loaded.records).toEqual([]);
    expect(loaded.unreadable).toMatchObject([{ dir: path.dirname(file) }]);
    expect(await readFile(file, 'utf8')).toBe(content);
  });
});
