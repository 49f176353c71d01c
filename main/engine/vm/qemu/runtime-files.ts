/** The files of a machine in its runtime directory: sockets, and which process it is. */
import { readFile, rm, rmdir } from 'node:fs/promises';
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
  /** Absent in records of before there was one. */
  hasNetwork: z.boolean().optional(),
  /** Its memory is in a file that it leaves behind. */
  memoryIsKept: z.boolean().optional(),
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
  readonly network: string;
  /** Where it is saved through. */
  readonly migration: string;
  /** The socket of the daemon that shares directories, who it is, and what it says. */
  readonly shares: string;
  readonly shareRecord: string;
  readonly shareLog: string;
  /** A directory below which that daemon alone sees what it shares. */
  readonly shareStaging: string;
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
    network: join(directory, 'net.sock'),
    migration: join(directory, 'save.sock'),
    shares: join(directory, 'shares.sock'),
    shareRecord: join(directory, 'shares.pid'),
    shareLog: join(directory, 'shares.log'),
    shareStaging: join(directory, 'shares'),
  };
  // share-mount.c binds its socket under a name that is a byte longer.
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

/** Writes the record, whole or not at all. Its process does not outlive this boot of the host. */
export async function writeRecord(files: RuntimeFiles, record: MachineRecord): Promise<void> {
  await writeFileAtomic(files.record, JSON.stringify(record), { flush: false });
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
export async function isAlive(
  record: Pick<MachineRecord, 'pid' | 'startTime' | 'bootId'>,
  bootId: string | undefined,
): Promise<boolean> {
  if (record.bootId !== bootId) return false;
  return (await processStartTime(record.pid)) === record.startTime;
}

/** Removes what a machine leaves that has ended. */
export async function removeRuntimeFiles(files: RuntimeFiles): Promise<void> {
  const { record, monitor, console, agent, network, migration, shares } = files;
  const { shareRecord, shareLog, shareStaging } = files;
  const sockets = [monitor, console, agent, network, migration, shares, `${shares}~`];
  const paths = [record, ...sockets, shareRecord, shareLog];
  await Promise.all(paths.map((path) => rm(path, { force: true })));
  // Empty here, whatever is mounted on it in another namespace.
  await rmdir(shareStaging).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}
