/**
 * The command line of a virtiofs daemon that serves one machine: unshare(1) makes the namespaces,
 * share-mount.c the mounts and the socket in them, and then it becomes the daemon. Pure.
 */
import { z } from 'zod';

/** What shares directories by virtiofs on this host; found and tried by `share-probe.ts`. */
export const shareToolsSchema = z.object({
  unsharePath: z.string(),
  /** See native-helpers/guest-kernel/share-mount.c. */
  mountToolPath: z.string(),
  daemonPath: z.string(),
  /** `c` came with QEMU up to version 7, `rust` is the one that took its place. */
  daemonKind: z.enum(['c', 'rust']),
  /**
   * `none`: root needs none. `root`: root of the guest is the user of the host, and there are no
   * other users. `mapped`: the guest's other users have the numbers of /etc/subuid besides.
   */
  userNamespace: z.enum(['none', 'root', 'mapped']),
});

/** See {@link shareToolsSchema}. */
export type ShareTools = z.infer<typeof shareToolsSchema>;

/** A directory or file that is served. */
export interface ShareEntry {
  /** Letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Absolute, without symlinks. */
  readonly path: string;
  readonly isFile: boolean;
  readonly readOnly: boolean;
}

/** What belongs to one daemon, all in directories that are there. */
export interface ShareFiles {
  /** An empty directory, below which the daemon alone sees the entries. */
  readonly staging: string;
  /** When it is there, it accepts a connection. Neither it nor the record may be there before. */
  readonly socket: string;
  /** Which process the daemon is: see `parseShareRecord`. */
  readonly record: string;
}

/** How share-mount.c ends where an entry is not what it was said to be. */
export const shareEntryExitCode = 3;

/** Its environment: unshare(1) finds newuidmap(1) on the PATH. */
export const shareEnvironment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** The program and the arguments that share these entries. */
export function buildShareCommand(
  tools: ShareTools,
  files: ShareFiles,
  entries: readonly ShareEntry[],
): [program: string, args: string[]] {
  const args = [
    ...namespaceArguments(tools.userNamespace),
    '--',
    tools.mountToolPath,
    files.staging,
    files.socket,
    files.record,
    ...entries.map(entryArgument),
    '--',
    tools.daemonPath,
    ...daemonArguments(tools.daemonKind, files.staging),
  ];
  return [tools.unsharePath, args];
}

/** The process that a record names. */
export interface ShareRecord {
  readonly pid: number;
  /** As of process-identity.ts. */
  readonly startTime: string;
  readonly bootId: string | undefined;
}

/** Reads what share-mount.c wrote: `PID START-TIME BOOT-ID`. */
export function parseShareRecord(text: string): ShareRecord | undefined {
  const match = /^([1-9]\d{0,9}) (\d{1,20}) ([0-9a-f-]{36})?\n$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { pid: Number(match[1]), startTime: match[2], bootId: match[3] };
}

function namespaceArguments(userNamespace: ShareTools['userNamespace']): string[] {
  // What is mounted on the host later does not come in, and nothing goes out.
  const mounts = ['--mount', '--propagation', 'private'];
  switch (userNamespace) {
    case 'none':
      return mounts;
    case 'root':
      return ['--user', '--map-root-user', ...mounts];
    case 'mapped':
      return ['--user', '--map-root-user', '--map-auto', ...mounts];
  }
}

function entryArgument({ name, path, isFile, readOnly }: ShareEntry): string {
  return [readOnly ? 'ro' : 'rw', isFile ? 'file' : 'dir', name, path].join(':');
}

/** Descriptor 3 is the socket; share-mount.c has raised the limit of open files already. */
function daemonArguments(kind: ShareTools['daemonKind'], staging: string): string[] {
  if (kind === 'rust') {
    return [
      ...['--fd', '3', '--shared-dir', staging, '--sandbox', 'namespace', '--cache', 'auto'],
      ...['--announce-submounts', '--xattr', '--inode-file-handles', 'never'],
      ...['--rlimit-nofile', '0', '--log-level', 'warn'],
    ];
  }
  const options = ['cache=auto', 'announce_submounts', 'xattr', 'sandbox=namespace'];
  return [
    ...['--fd=3', '--rlimit-nofile=0', '-o', `source=${staging}`, '-o', 'log_level=warn'],
    ...options.flatMap((option) => ['-o', option]),
  ];
}
