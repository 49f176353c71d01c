/** How many files a process of this user may have open; see getrlimit(2), RLIMIT_NOFILE. */
import { readFile } from 'node:fs/promises';

/** Of the capabilities(7) in /proc/PID/status: who has it may raise the hard limit. */
const capSysResource = 1n << 24n;

/**
 * The hard limit of open files that child processes of this one cannot exceed. Undefined where they
 * can raise it, where there is none, and where /proc does not tell.
 */
export async function readOpenFilesLimit(procDir = '/proc/self'): Promise<number | undefined> {
  try {
    const [limits, status] = await Promise.all([
      readFile(`${procDir}/limits`, 'utf8'),
      readFile(`${procDir}/status`, 'utf8'),
    ]);
    const capabilities = /^CapEff:\s+([0-9a-f]{1,16})$/m.exec(status)?.[1] ?? '0';
    if ((BigInt(`0x${capabilities}`) & capSysResource) !== 0n) return undefined;
    const hard = /^Max open files\s+\S+\s+(\d{1,15})\s/m.exec(limits)?.[1];
    return hard === undefined ? undefined : Number(hard);
  } catch {
    return undefined;
  }
}
