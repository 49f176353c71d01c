/** What this machine can do for sandboxes, each finding with its evidence and what mends it. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HostCheck, HostReport } from '../../contract/host.ts';
import type { Accelerator } from '../../contract/sandbox.ts';
import { AppError, isAppError } from '../base/app-error.ts';
import { probeDiskSpace } from './disk-space-probe.ts';
import { probeEcho } from './echo-probe.ts';
import type { GuestAssets } from './guest-assets.ts';
import { probeKvm, withSudo, type KvmReport } from './kvm-probe.ts';
import {
  describeQemu,
  findQemu,
  isVersionAtLeast,
  minimumQemuVersion,
  qemuMachineType,
  qemuProgramName,
  type QemuProgram,
} from './qemu-probe.ts';
import { findShareSupport } from './share-support.ts';

/** Where to look. */
export interface ExamineOptions {
  readonly stateDir: string;
  readonly cacheDir: string;
  /** Finds the guest assets; throws `vm/assets-missing`. */
  readonly loadAssets: () => Promise<GuestAssets>;
  readonly env?: NodeJS.ProcessEnv;
}

/** The part of a host report that is about the machine. */
export type HostExamination = Pick<HostReport, 'accelerator' | 'acceleratorNote' | 'checks'>;

const gibibyte = 1024 ** 3;
const lowDiskBytes = 5 * gibibyte;
const minimumDiskBytes = gibibyte;

/** Looks at everything a sandbox needs of this machine. Never throws for what it finds. */
export async function examineHost(options: ExamineOptions): Promise<HostExamination> {
  const env = options.env ?? process.env;
  const qemu = await findQemu();
  const kvm = await acceleration(qemu, options.cacheDir);
  const checks = [describeKvm(kvm, forcedAccelerator(env))];
  const others = await Promise.all([
    checkQemu(qemu),
    checkGuestAssets(options.loadAssets),
    checkDiskSpace(options.stateDir),
    checkStateDirectory(options.stateDir),
    checkShares(options),
    checkEchoes(),
  ]);
  checks.push(...others);
  const accelerator = forcedAccelerator(env) ?? (kvm.usable ? hardwareAccelerator : 'tcg');
  if (accelerator !== 'tcg') return { accelerator, checks };
  const reason = forcedAccelerator(env) === 'tcg' ? 'SKERRY_ACCEL asks for it.' : kvm.evidence;
  return {
    accelerator,
    acceleratorNote: `Sandboxes run under software emulation, which is slow. ${reason}`,
    checks,
  };
}

/**
 * What sandboxes are to run on: hardware where it truly works, else emulation.
 * `SKERRY_ACCEL=tcg` or `SKERRY_ACCEL=kvm` in the environment decides instead of the probes.
 * @throws AppError `config/invalid` where that variable has another value
 */
export async function chooseAccelerator(
  cacheDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Accelerator> {
  const forced = forcedAccelerator(env, true);
  if (forced !== undefined) return forced;
  const { usable } = await acceleration(await findQemu(), cacheDir);
  return usable ? hardwareAccelerator : 'tcg';
}

const hardwareAccelerator: Accelerator = process.platform === 'darwin' ? 'hvf' : 'kvm';

async function acceleration(qemu: QemuProgram | undefined, cacheDir: string): Promise<KvmReport> {
  if (process.platform === 'linux') return probeKvm(qemu, { cacheDir });
  return {
    usable: false,
    evidence: `No driver for hardware virtualization on ${process.platform}.`,
  };
}

function forcedAccelerator(env: NodeJS.ProcessEnv, strict = false): Accelerator | undefined {
  const value = env['SKERRY_ACCEL'];
  if (value === undefined || value === '') return undefined;
  if (value === 'tcg' || value === 'kvm') return value;
  if (!strict) return undefined;
  throw new AppError('config/invalid', `SKERRY_ACCEL is "${value}"; it can be tcg or kvm.`, {
    hint: 'Set SKERRY_ACCEL to tcg or kvm, or unset it.',
  });
}

function describeKvm(kvm: KvmReport, forced: Accelerator | undefined): HostCheck {
  const note = forced === undefined ? '' : ` SKERRY_ACCEL forces ${forced}.`;
  return {
    id: 'kvm',
    title: 'Hardware virtualization (KVM)',
    result: kvm.usable ? 'pass' : 'warn',
    evidence: `${kvm.evidence}${note}`,
    ...(kvm.fix === undefined ? {} : { fix: kvm.fix }),
  };
}

async function checkQemu(qemu: QemuProgram | undefined): Promise<HostCheck> {
  const check = { id: 'qemu', title: 'QEMU' } as const;
  const fix = withSudo(`apt-get install -y ${qemuPackageName(process.arch)}`);
  if (qemu === undefined) {
    const evidence = `${qemuProgramName(process.arch)} is not on the PATH.`;
    return { ...check, result: 'fail', evidence, fix };
  }
  try {
    const { version, machines, accelerators } = await describeQemu(qemu);
    const machine = qemuMachineType(process.arch);
    const found = `${qemu.path} is version ${version} (${accelerators.join(', ')})`;
    if (!isVersionAtLeast(version, minimumQemuVersion)) {
      const evidence = `${found}, but ${minimumQemuVersion} or later is needed.`;
      return { ...check, result: 'fail', evidence, fix };
    }
    if (!machines.includes(machine)) {
      const evidence = `${found}, but it has no machine type ${machine}.`;
      return { ...check, result: 'fail', evidence, fix };
    }
    return { ...check, result: 'pass', evidence: `${found} and has machine type ${machine}.` };
  } catch (error) {
    return { ...check, result: 'fail', evidence: messageOf(error), fix };
  }
}

/** The package of Debian and Ubuntu that has QEMU for this processor. */
function qemuPackageName(arch: string): string {
  return arch === 'arm64' ? 'qemu-system-arm' : 'qemu-system-x86';
}

async function checkGuestAssets(loadAssets: () => Promise<GuestAssets>): Promise<HostCheck> {
  const check = { id: 'guest-assets', title: 'Guest kernel and agent' } as const;
  try {
    const { dir, manifest } = await loadAssets();
    const evidence = `Kernel ${manifest.kernel.release} in ${dir}.`;
    return { ...check, result: 'pass', evidence };
  } catch (error) {
    return { ...check, result: 'fail', evidence: messageOf(error), fix: 'npm start' };
  }
}

async function checkDiskSpace(stateDir: string): Promise<HostCheck> {
  const check = { id: 'disk-space', title: 'Disk space' } as const;
  const fix = `du -xsh ${quote(stateDir)}/*`;
  try {
    const { freeBytes } = await probeDiskSpace(stateDir);
    const evidence = `${(freeBytes / gibibyte).toFixed(1)} GiB are free at ${stateDir}.`;
    if (freeBytes >= lowDiskBytes) return { ...check, result: 'pass', evidence };
    return { ...check, result: freeBytes < minimumDiskBytes ? 'fail' : 'warn', evidence, fix };
  } catch (error) {
    return { ...check, result: 'fail', evidence: messageOf(error) };
  }
}

async function checkStateDirectory(stateDir: string): Promise<HostCheck> {
  const check = { id: 'state-directory', title: 'State directory' } as const;
  try {
    const place = await nearestExisting(stateDir);
    await access(place, constants.W_OK | constants.X_OK);
    const evidence =
      place === stateDir
        ? `${stateDir} can be written.`
        : `${stateDir} does not exist yet; it can be made in ${place}.`;
    return { ...check, result: 'pass', evidence };
  } catch (error) {
    const fix = `${withSudo('chown')} -R "$(id -u)" ${quote(stateDir)}`;
    return { ...check, result: 'fail', evidence: messageOf(error), fix };
  }
}

/** Sandboxes without volumes and directory roots need none. */
async function checkShares(
  options: Pick<ExamineOptions, 'cacheDir' | 'loadAssets'>,
): Promise<HostCheck> {
  const { transport, evidence, fix } = await findShareSupport(options);
  return {
    id: 'shares',
    title: 'Shared directories',
    // What works within a limit has a fix too.
    result: transport === 'virtiofs' && fix === undefined ? 'pass' : 'warn',
    evidence,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** Of a sandbox's network everything else needs nothing of this machine. */
async function checkEchoes(): Promise<HostCheck> {
  const { usable, evidence, fix } = await probeEcho();
  const result = usable ? 'pass' : 'warn';
  const mended = fix === undefined ? {} : { fix };
  return { id: 'echoes', title: 'Echoes (ping) of sandboxes', result, evidence, ...mended };
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    return nearestExisting(parent);
  }
}

/** For a POSIX shell. */
function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function messageOf(error: unknown): string {
  if (isAppError(error)) return error.message;
  return error instanceof Error ? error.message : String(error);
}
