/** The files of a machine in its runtime directory: sockets, and which process it is. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { processStartTime } from '../../host/process-identity.ts';

const recordSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  pid: z.int().positive(),
  /** See process-identity.ts. */
  startTime: z.string(),
  bootId: z.string().optional(),
  accelerator: z.enum(['kvm', 'hvf', 'tcg']),
});

/** Which process a machine is, in `machine.json`. */
export type MachineRecord = z.infer<typeof recordSchema>;

/** Paths in a machine's runtime directory. */
export interface RuntimeFiles {
  readonly directory: string;
  readonly record: string;
  readonly monitor: string;
  readonly console: string;
  readonly agent: string;
}

/** sun_path of unix(7), with its NUL; macOS has a shorter one. */
const maxSocketPathBytes = process.platform === 'darwin' ? 103 : 107;

/**
 * Where a machine's files are.
 * @throws AppError `vm/start-failed` where the path is too long for a socket
 */
export function runtimeFiles(directory: string): RuntimeFiles {
  const files = {
    directory,
    record: join(directory, 'machine.json'),
    monitor: join(directory, 'qmp.sock'),
    console: join(directory, 'console.sock'),
    agent: join(directory, 'agent.sock'),
  };
  const longest = Buffer.byteLength(files.console);
  if (longest > maxSocketPathBytes) {
    throw new AppError(
      'vm/start-failed',
      `The path ${files.console} has ${String(longest)} bytes; a socket can have ${String(maxSocketPathBytes)}.`,
      { hint: 'Choose a shorter state directory with SKERRY_HOME.' },
    );
  }
  return files;
}

/** Writes the record, whole or not at all. */
export async function writeRecord(files: RuntimeFiles, record: MachineRecord): Promise<void> {
  await writeFileAtomic(files.record, JSON.stringify(record));
}

/** The record, if there is one that can be read. */
export async function readRecord(files: RuntimeFiles): Promise<MachineRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(files.record, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether the process of the record still lives, and is that one and no other with its pid. */
export async function isAlive(record: MachineRecord, bootId: string | undefined): Promise<boolean> {
  if (record.bootId !== bootId) return false;
  return (await processStartTime(record.pid)) === record.startTime;
}

/** Removes what a machine leaves that has ended. */
export async function removeRuntimeFiles(files: RuntimeFiles): Promise<void> {
  const paths = [files.record, files.monitor, files.console, files.agent];
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}
