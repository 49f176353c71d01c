/** Where Skerry keeps things: the XDG Base Directory Specification, and macOS's conventions. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { AppError } from '../base/app-error.ts';

/** The directories of one state. */
export interface SkerryPaths {
  /** Sandboxes, images and settings. Named by `SKERRY_HOME` where that is set. */
  readonly stateDir: string;
  /** What can be made again, and is shared by every state directory: the guest assets. */
  readonly cacheDir: string;
  /** Sockets and pid files of this state directory; there, of mode 0700, and short. */
  readonly runtimeDir: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A unix socket's path has at most 104 bytes on macOS and 108 on Linux. Below the runtime
 * directory comes the id of a sandbox and the name of a socket.
 */
const runtimeBaseLimitBytes = 40;

/**
 * The paths for this environment; makes the runtime directory.
 * @throws AppError `host/runtime-dir-unsafe` where another user has a hand in it
 */
export function resolvePaths(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): SkerryPaths {
  const home = absolute(env['HOME']) ?? homedir();
  const stateDir = resolveStateDir(env, platform, home);
  const runtimeDir = path.join(
    chooseRuntimeBase(env, platform),
    createHash('sha256').update(realPathOf(stateDir)).digest('hex').slice(0, 8),
  );
  preparePrivateDir(path.dirname(runtimeDir));
  preparePrivateDir(runtimeDir);
  return { stateDir, cacheDir: resolveCacheDir(env, platform, home), runtimeDir };
}

function resolveStateDir(env: Environment, platform: NodeJS.Platform, home: string): string {
  const named = env['SKERRY_HOME'];
  if (named !== undefined && named !== '') return path.resolve(named);
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Skerry');
  return path.join(absolute(env['XDG_DATA_HOME']) ?? path.join(home, '.local', 'share'), 'skerry');
}

function resolveCacheDir(env: Environment, platform: NodeJS.Platform, home: string): string {
  const named = env['SKERRY_CACHE'];
  if (named !== undefined && named !== '') return path.resolve(named);
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'Skerry');
  return path.join(absolute(env['XDG_CACHE_HOME']) ?? path.join(home, '.cache'), 'skerry');
}

/** The specification says to ignore a relative path in an XDG variable. */
function absolute(value: string | undefined): string | undefined {
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}

function chooseRuntimeBase(env: Environment, platform: NodeJS.Platform): string {
  const session = platform === 'darwin' ? undefined : absolute(env['XDG_RUNTIME_DIR']);
  // After `su` the variable may name the directory of the user before.
  if (session !== undefined && isOwnDirectory(session)) {
    const base = path.join(session, 'skerry');
    if (Buffer.byteLength(base) <= runtimeBaseLimitBytes) return base;
  }
  return `/tmp/skerry-${String(currentUserId())}`;
}

function isOwnDirectory(dir: string): boolean {
  const stats = lstatSync(dir, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === currentUserId();
}

/** One directory has one runtime directory, whatever symlinks lead to it, before it is made too. */
function realPathOf(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    const parent = path.dirname(dir);
    return parent === dir ? dir : path.join(realPathOf(parent), path.basename(dir));
  }
}

/** Without asking for a name: a user of a container may have none. Every system we run on has ids. */
function currentUserId(): number {
  return process.getuid?.() ?? -1;
}

function preparePrivateDir(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // In /tmp anyone could have been there first, with a directory or a symlink of their own.
  if (!isOwnDirectory(dir)) {
    const message = `${dir} is not a directory of this user.`;
    throw new AppError('host/runtime-dir-unsafe', message, { details: { directory: dir } });
  }
  if ((lstatSync(dir).mode & 0o077) !== 0) chmodSync(dir, 0o700);
}
