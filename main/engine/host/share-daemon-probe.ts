/** Which virtiofs daemon this machine has. */
import { run } from './child-process.ts';
import { findProgram, programAt, type Program } from './find-program.ts';
import type { ShareTools } from './share-command.ts';

/** A daemon that was found. */
export interface ShareDaemonProgram extends Program {
  readonly kind: ShareTools['daemonKind'];
}

/** Distributions keep it out of the PATH; the newer one first where there are both. */
const usualPaths = [
  '/usr/libexec/virtiofsd',
  '/usr/lib/virtiofsd',
  '/usr/lib/qemu/virtiofsd',
  '/usr/lib/kvm/virtiofsd',
];
const timeoutMs = 10_000;

/** The first daemon that says what it is. */
export async function findShareDaemon(
  paths: readonly string[] = usualPaths,
  searchPath?: string,
): Promise<ShareDaemonProgram | undefined> {
  const found = await Promise.all([...paths.map(programAt), findProgram('virtiofsd', searchPath)]);
  for (const program of found) {
    if (program === undefined) continue;
    const kind = await askKind(program.path);
    if (kind !== undefined) return { ...program, kind };
  }
  return undefined;
}

async function askKind(path: string): Promise<ShareTools['daemonKind'] | undefined> {
  try {
    const { stdout, stderr } = await run(path, ['--help'], { timeoutMs });
    return daemonKindOf(stdout + stderr);
  } catch {
    return undefined;
  }
}

/**
 * Tells the two daemons by the option that names the directory. The older one gives no help to a
 * user with more groups than one: it wants to drop them first (see share-mount.c).
 */
export function daemonKindOf(help: string): ShareTools['daemonKind'] | undefined {
  if (/--shared-dir\b/.test(help)) return 'rust';
  return /-o source=PATH\b|^setgroups\(\) failed with error=/m.test(help) ? 'c' : undefined;
}
