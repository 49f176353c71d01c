import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processStartTime } from '../../host/process-identity.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import {
  isAlive,
  readRecord,
  removeRuntimeFiles,
  runtimeFiles,
  writeRecord,
  type MachineRecord,
} from './runtime-files.ts';

async function ownRecord(): Promise<MachineRecord> {
  const startTime = (await processStartTime(process.pid)) ?? '';
  return { version: 1, id: 'box', pid: process.pid, startTime, bootId: 'b', accelerator: 'tcg' };
}

describe('runtime files', () => {
  const temporary = useTemporaryDirectory();

  it('keeps a record, and removes everything of a machine', async () => {
    const files = runtimeFiles(temporary.path);
    const record = await ownRecord();
    await writeRecord(files, record);
    expect(await readRecord(files)).toEqual(record);
    await writeFile(files.monitor, '');
    await writeFile(files.shareRecord, '');
    await mkdir(files.shareStaging);
    await removeRuntimeFiles(files);
    expect(await readdir(temporary.path)).toEqual([]);
    expect(await readRecord(files)).toBeUndefined();
  });

  it.each(['', '{"version":2}', '{"version":1,"id":"box","pid":-1}'])(
    'takes a record that cannot be read for none: %s',
    async (text) => {
      const files = runtimeFiles(temporary.path);
      await writeFile(files.record, text);
      expect(await readRecord(files)).toBeUndefined();
    },
  );

  it('knows a process from another that has its pid', async () => {
    const record = await ownRecord();
    expect(await isAlive(record, 'b')).toBe(true);
    expect(await isAlive({ ...record, startTime: '1' }, 'b')).toBe(false);
    expect(await isAlive(record, 'another boot')).toBe(false);
    expect(await isAlive({ ...record, pid: 2 ** 22 + 1 }, 'b')).toBe(false);
  });

  it('refuses a directory that is too long for sockets', () => {
    const long = join('/', 'a'.repeat(120));
    expect(() => runtimeFiles(long)).toThrow('bytes; a socket can have');
  });
});
