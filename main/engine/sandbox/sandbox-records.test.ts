import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import { SandboxRecords } from './sandbox-records.ts';

function aRecord(change: Partial<SandboxRecord> = {}): SandboxRecord {
  return {
    version: 1,
    id: '0123456789',
    phase: 'ready',
    config: {
      name: 'web',
      image: 'alpine',
      cpus: 1,
      memoryMiB: 512,
      rootDiskMiB: 8192,
      shell: '/bin/sh',
      env: {},
    },
    image: {
      reference: 'docker.io/library/alpine:latest',
      digest: `sha256:${'0'.repeat(64)}`,
      defaults: { env: [], entrypoint: [], cmd: [] },
    },
    createdAtMs: 1,
    ...change,
  };
}

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

  it('finishes a removal that was cut off', async () => {
    const left = path.join(temporary.path, '.removing-0123456789');
    await mkdir(left, { recursive: true });
    await writeFile(path.join(left, 'upper.img'), 'x');
    await new SandboxRecords(temporary.path, silentLogger).load();
    await expect(readFile(path.join(left, 'upper.img'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['half a record', '{"version": 1, "id"'],
    ['a record of a later version', JSON.stringify({ ...aRecord(), version: 2 })],
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
