/**
 * Fetches Debian packages and unpacks them into a folder; nothing is installed. What to fetch is
 * read from the distribution's own package lists.
 */
import { link, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './run-command.ts';

/** A package as the lists have it. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
}

/** The package lists are missing, or name files that the archive has no more. */
export class PackageListsError extends Error {
  override readonly name = 'PackageListsError';

  constructor(what: string, options?: ErrorOptions) {
    super(`${what} Run \`sudo apt-get update\` and try again.`, options);
  }
}

/** Exit code of the programs here where newer package lists may help. */
export const packageListsExitCode = 3;

/** Kernels made for virtual machines first; Debian's, then Ubuntu's. */
function kernelMetaPackages(debianArch: string): readonly string[] {
  return [`linux-image-cloud-${debianArch}`, 'linux-image-virtual'];
}

/** It stands for the source of the newest kernel. */
const kernelSourceMetaPackage = 'linux-source';

/** Packages that hold a kernel or its modules, rather than point at one: they name a version. */
const kernelPart = /^linux-(?:image|modules)(?:-unsigned)?-\d/;

/** The names in what `apt-cache depends --important` prints that hold a kernel's files. */
export function kernelPartsOf(dependsOutput: string): string[] {
  const names = [...dependsOutput.matchAll(/^\s*\|?(?:Pre)?Depends: (\S+)$/gm)];
  return [...new Set(names.map(([, name]) => name ?? ''))].filter((name) => kernelPart.test(name));
}

/** The name in what `apt-cache depends --important` prints that holds a kernel's source. */
export function kernelSourceOf(dependsOutput: string): string | undefined {
  return /^\s*\|?(?:Pre)?Depends: (linux-source-\d\S*)$/m.exec(dependsOutput)?.[1];
}

/** The version that `apt-cache policy` would install; undefined where there is none. */
export function candidateOf(policyOutput: string): string | undefined {
  const version = /^ {2}Candidate: (\S+)$/m.exec(policyOutput)?.[1];
  return version === '(none)' ? undefined : version;
}

/** The packages of a kernel for guests. @throws PackageListsError where the lists have none */
export async function findKernelPackages(
  debianArch: string,
  signal?: AbortSignal,
): Promise<DebianPackage[]> {
  for (const meta of kernelMetaPackages(debianArch)) {
    if ((await findVersion(meta, signal)) === undefined) continue;
    const parts: DebianPackage[] = [];
    const waiting = [meta];
    for (const name of waiting) {
      const output = await runCommand('apt-cache', ['depends', '--important', name], { signal });
      for (const part of kernelPartsOf(output)) {
        if (waiting.includes(part)) continue;
        waiting.push(part);
        parts.push({ name: part, version: await requireVersion(part, signal) });
      }
    }
    if (parts.length > 0) return parts;
  }
  const names = kernelMetaPackages(debianArch).join(' nor ');
  throw new PackageListsError(`The package lists have neither ${names}.`);
}

/** A package by its name. @throws PackageListsError where they do not have it */
export async function findPackage(name: string, signal?: AbortSignal): Promise<DebianPackage> {
  return { name, version: await requireVersion(name, signal) };
}

/** The package with the source of the distribution's kernel. @throws PackageListsError */
export async function findKernelSource(signal?: AbortSignal): Promise<DebianPackage> {
  await requireVersion(kernelSourceMetaPackage, signal);
  const args = ['depends', '--important', kernelSourceMetaPackage];
  const name = kernelSourceOf(await runCommand('apt-cache', args, { signal }));
  if (name !== undefined) return findPackage(name, signal);
  throw new PackageListsError(`The package lists have no source for ${kernelSourceMetaPackage}.`);
}

async function findVersion(name: string, signal?: AbortSignal): Promise<string | undefined> {
  return candidateOf(await runCommand('apt-cache', ['policy', name], { signal }));
}

async function requireVersion(name: string, signal?: AbortSignal): Promise<string> {
  const version = await findVersion(name, signal);
  if (version !== undefined) return version;
  throw new PackageListsError(`The package lists do not have ${name}.`);
}

/** Where packages are kept and unpacked. */
export interface FetchOptions {
  /** Packages of earlier runs; what is there is not fetched again, and what is old is removed. */
  readonly keptDir: string;
  /** A new folder to work in. */
  readonly workDir: string;
  readonly signal?: AbortSignal | undefined;
}

/** Fetches the packages and unpacks all of them into `workDir/root`, whose path is returned. */
export async function fetchAndUnpack(
  packages: readonly DebianPackage[],
  { keptDir, workDir, signal }: FetchOptions,
): Promise<string> {
  const downloadDir = path.join(workDir, 'packages');
  const rootDir = path.join(workDir, 'root');
  for (const dir of [keptDir, downloadDir, rootDir]) await mkdir(dir, { recursive: true });
  const isPackage = (file: string): boolean => file.endsWith('.deb');
  for (const file of (await readdir(keptDir)).filter(isPackage)) {
    await link(path.join(keptDir, file), path.join(downloadDir, file));
  }
  const kept = new Set(await readdir(downloadDir));

  const wanted = packages.map(({ name, version }) => `${name}=${version}`);
  // As root, apt would fetch as the user _apt, who may not write here.
  const asSelf = ['-o', 'APT::Sandbox::User=root'];
  // It checks a file that is there against the signed lists, and keeps it if it is the one.
  try {
    const args = ['-q', ...asSelf, 'download', ...wanted];
    await runCommand('apt-get', args, { cwd: downloadDir, signal });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PackageListsError(`${why}\nThe packages could not be fetched.`, { cause: error });
  }

  for (const file of (await readdir(downloadDir)).filter(isPackage)) {
    const name = file.slice(0, file.indexOf('_'));
    if (!packages.some((one) => one.name === name && isVersionOf(file, one))) {
      await rm(path.join(keptDir, file), { force: true });
      continue;
    }
    await runCommand('dpkg-deb', ['-x', path.join(downloadDir, file), rootDir], { signal });
    if (!kept.has(file)) await keep(path.join(downloadDir, file), path.join(keptDir, file));
  }
  return rootDir;
}

/** apt writes `:` as `%3a` in the names of files. */
function isVersionOf(file: string, { version }: DebianPackage): boolean {
  return file.split('_')[1] === version.replaceAll(':', '%3a');
}

async function keep(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // Another run has kept the same file meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
