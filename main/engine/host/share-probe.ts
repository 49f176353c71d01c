/** How directories and files of this machine can reach a guest: decided by trying it. */
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { run, type RunResult } from './child-process.ts';
import { findProgram, programAt } from './find-program.ts';
import type { GuestAssetsManifest } from './guest-assets.ts';
import { withSudo } from './kvm-probe.ts';
import { readOpenFilesLimit } from './open-files-limit.ts';
import { readBootId, remember } from './probe-cache.ts';
import {
  buildShareCommand,
  shareEnvironment,
  shareToolsSchema,
  type ShareTools,
} from './share-command.ts';
import { findShareDaemon } from './share-daemon-probe.ts';
import { connectUnixSocket, waitForFile } from './unix-socket.ts';

/** What came of looking for a way. */
export interface ShareSupport {
  /** Undefined where nothing can be shared. */
  readonly transport: 'virtiofs' | '9p' | undefined;
  /** Whether single files can be shared besides directories. */
  readonly files: boolean;
  /** What was seen, in words with the values. */
  readonly evidence: string;
  /** A command line or a step that mends it, where there is one. */
  readonly fix?: string;
  /** For a driver; there with `virtiofs`. */
  readonly tools?: ShareTools;
}

/** Where the probe looks; tests name other places. */
export interface ShareProbeOptions {
  readonly cacheDir: string;
  readonly features: Pick<GuestAssetsManifest['kernel']['features'], 'virtiofs' | 'ninep'>;
  /** The compiled share-mount.c, where the guest assets have it. */
  readonly shareMountPath: string | undefined;
  readonly platform?: NodeJS.Platform;
  readonly daemonPaths?: readonly string[];
  readonly daemonSearchPath?: string;
  readonly sysctlDir?: string;
}

const attemptSchema = z.object({
  tools: shareToolsSchema.optional(),
  /** What the last attempt said, where none came to its end. */
  failure: z.string().optional(),
});
type Attempt = z.infer<typeof attemptSchema>;

/** Found and not tried yet. */
type Candidate = Omit<ShareTools, 'userNamespace'>;

const timeoutMs = 10_000;

/** Below it a tree of everyday size is too much; systemd's own hard limit is 524288. */
const fewOpenFiles = 100_000;

/** virtiofs where guest and host can, else 9p where the guest can. Never throws for what it finds. */
export async function probeShares(options: ShareProbeOptions): Promise<ShareSupport> {
  const found = await probeVirtiofs(options);
  if (found.transport !== undefined || !options.features.ninep) return found;
  const evidence = `${found.evidence} The guest has 9p, by which QEMU shares directories itself.`;
  return { ...found, transport: '9p', files: false, evidence };
}

async function probeVirtiofs(options: ShareProbeOptions): Promise<ShareSupport> {
  const no = (evidence: string, fix?: string): ShareSupport => {
    return { transport: undefined, files: false, evidence, ...(fix === undefined ? {} : { fix }) };
  };
  if (!options.features.virtiofs) return no('The kernel of the guest has no virtiofs.');
  if ((options.platform ?? process.platform) !== 'linux') {
    return no('Directories are shared by virtiofs on Linux alone.');
  }
  const mountTool =
    options.shareMountPath === undefined ? undefined : await programAt(options.shareMountPath);
  if (mountTool === undefined) {
    return no('The guest assets have no share-mount for this host.', 'npm start');
  }
  const [daemon, unshare] = await Promise.all([
    findShareDaemon(options.daemonPaths, options.daemonSearchPath),
    findProgram('unshare'),
  ]);
  if (unshare === undefined) {
    return no('unshare is not on the PATH.', withSudo('apt-get install -y util-linux'));
  }
  if (daemon === undefined) {
    const fix = withSudo(
      'apt-get install -y virtiofsd # where there is no such package: qemu-system-common',
    );
    return no('There is no virtiofsd on this host.', fix);
  }
  const candidate: Candidate = {
    unsharePath: unshare.path,
    mountToolPath: mountTool.path,
    daemonPath: daemon.path,
    daemonKind: daemon.kind,
  };
  const mapping = await mappingIdentity();
  const bootId = (await readBootId()) ?? `process ${String(process.pid)}`;
  const uid = String(process.getuid?.());
  const attempt = await remember(
    {
      cacheDir: options.cacheDir,
      name: 'share-probe',
      key: [bootId, uid, unshare.identity, mountTool.identity, daemon.identity, mapping].join(' '),
      schema: attemptSchema,
      // What hindered it may pass: ask again in the next process.
      isLasting: ({ tools }: Attempt) => tools !== undefined,
    },
    () => tryNamespaces(candidate),
  );
  const { tools, failure = '' } = attempt;
  if (tools === undefined) {
    const evidence = `${daemon.path} cannot be run in namespaces of its own: ${failure}`;
    return no(evidence, await namespaceFix(options.sysctlDir ?? '/proc/sys'));
  }
  const evidence = `${daemon.path} serves a guest by virtiofs. ${ownership[tools.userNamespace]}`;
  return {
    transport: 'virtiofs',
    files: true,
    tools,
    ...withFilesLimit(evidence, await readOpenFilesLimit()),
  };
}

/** A daemon holds a descriptor for every file that its guest remembers. */
function withFilesLimit(
  evidence: string,
  limit: number | undefined,
): Pick<ShareSupport, 'evidence' | 'fix'> {
  if (limit === undefined || limit >= fewOpenFiles) return { evidence };
  return {
    evidence: `${evidence} A guest that looks at more than about ${String(limit)} shared files gets "Too many open files", because that is the hard limit here.`,
    fix: `echo '* hard nofile 524288' | ${withSudo('tee /etc/security/limits.d/skerry.conf')} # then log in again`,
  };
}

const ownership: Readonly<Record<ShareTools['userNamespace'], string>> = {
  none: 'Owners of files are the same in guest and host.',
  root: 'What root of the guest writes belongs to this user; other users of the guest cannot make files in shared directories, because /etc/subuid or newuidmap lacks for this user.',
  mapped:
    'What root of the guest writes belongs to this user, and other users of the guest have the numbers of /etc/subuid.',
};

/** Runs a daemon to its end with each way to be root, the better first. */
async function tryNamespaces(candidate: Candidate): Promise<Attempt> {
  const ways: readonly ShareTools['userNamespace'][] =
    process.getuid?.() === 0 ? ['none'] : ['mapped', 'root'];
  let failure = '';
  for (const userNamespace of ways) {
    const tools = { ...candidate, userNamespace };
    const result = await runDaemon(tools);
    if (result === undefined) return { tools };
    failure = result;
  }
  return { failure };
}

/** A daemon whose machine goes at once ends at once. Returns what is wrong, or nothing. */
async function runDaemon(tools: ShareTools): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'skerry-share-'));
  const over = new AbortController();
  try {
    const [staging, shared] = [path.join(folder, 'staging'), path.join(folder, 'shared')];
    for (const directory of [staging, shared]) await mkdir(directory);
    const files = { staging, socket: path.join(folder, 's'), record: path.join(folder, 'r') };
    const entry = { name: 'probe', path: shared, isFile: false, readOnly: true };
    const [program, args] = buildShareCommand(tools, files, [entry]);
    const connected = connectAndClose(files.socket, over.signal);
    const result = await run(program, args, { timeoutMs, env: shareEnvironment });
    over.abort();
    await connected;
    return describeFailure(result);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    over.abort();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Never rejects: what the daemon says of itself counts. */
async function connectAndClose(socketPath: string, signal: AbortSignal): Promise<void> {
  try {
    await waitForFile(socketPath, signal);
    const socket = await connectUnixSocket(socketPath, signal);
    socket.destroy();
  } catch {
    // Not there before the daemon ended.
  }
}

function describeFailure({ exitCode, timedOut, stderr }: RunResult): string | undefined {
  if (exitCode === 0) return undefined;
  if (timedOut) return `it did not come to its end in ${String(timeoutMs / 1000)} s.`;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return said.slice(0, 300) || `it ended with exit code ${String(exitCode)}.`;
}

/** Changes when the user gets other numbers, or the programs that give them. */
async function mappingIdentity(): Promise<string> {
  const files = ['/etc/subuid', '/etc/subgid', '/usr/bin/newuidmap', '/usr/bin/newgidmap'];
  const times = files.map(async (file) => {
    const stats = await stat(file).catch(() => undefined);
    return stats === undefined ? '-' : String(stats.mtimeMs);
  });
  return (await Promise.all(times)).join(':');
}

/** What a distribution or an administrator sets against namespaces of ordinary users. */
async function namespaceFix(sysctlDir: string): Promise<string | undefined> {
  const settings = [
    { name: 'kernel.apparmor_restrict_unprivileged_userns', bad: '1', good: '0' },
    { name: 'kernel.unprivileged_userns_clone', bad: '0', good: '1' },
    { name: 'user.max_user_namespaces', bad: '0', good: '15000' },
  ];
  for (const { name, bad, good } of settings) {
    const file = path.join(sysctlDir, ...name.split('.'));
    const value = await readFile(file, 'utf8').catch(() => '');
    if (value.trim() === bad) return withSudo(`sysctl -w ${name}=${good}`);
  }
  return undefined;
}
