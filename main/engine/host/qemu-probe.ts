/** Where QEMU is on this machine and whether it can do what Skerry asks of it. */
import { run, type RunResult } from './child-process.ts';
import { findProgram, type Program } from './find-program.ts';

/** Oldest QEMU whose devices are known to do. */
export const minimumQemuVersion = '7.2';

/** A QEMU that was found. */
export type QemuProgram = Program;

/** What a QEMU said of itself. */
export interface QemuDescription extends QemuProgram {
  /** `7.2.22` */
  readonly version: string;
  readonly accelerators: readonly string[];
  readonly machines: readonly string[];
}

const timeoutMs = 20_000;

/** The program's name for a guest of this machine's processor. */
export function qemuProgramName(arch: string): string {
  return arch === 'arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64';
}

/** Machine type that sandboxes run on. */
export function qemuMachineType(arch: string): string {
  return arch === 'arm64' ? 'virt' : 'microvm';
}

/** The first QEMU for this processor on the PATH or where it usually is. */
export async function findQemu(
  options: { readonly searchPath?: string; readonly arch?: string } = {},
): Promise<QemuProgram | undefined> {
  return findProgram(qemuProgramName(options.arch ?? process.arch), options.searchPath);
}

/** Asks a QEMU what it is. Throws where it does not answer as QEMU does. */
export async function describeQemu(program: QemuProgram): Promise<QemuDescription> {
  const ask = (...args: string[]): Promise<RunResult> => run(program.path, args, { timeoutMs });
  const [version, accelerators, machines] = await Promise.all([
    ask('--version'),
    ask('-accel', 'help'),
    ask('-M', 'help'),
  ]);
  const number = parseQemuVersion(version.stdout);
  if (number === undefined) {
    const said = (version.stderr || version.stdout).trim().slice(0, 300);
    throw new Error(`${program.path} --version did not name a version of QEMU: ${said}`);
  }
  return {
    ...program,
    version: number,
    accelerators: parseQemuHelp(accelerators.stdout),
    machines: parseQemuHelp(machines.stdout),
  };
}

/** The number in `QEMU emulator version 7.2.22 (Debian …)`. */
export function parseQemuVersion(text: string): string | undefined {
  return /^QEMU emulator version (\d+(?:\.\d+){1,2})/m.exec(text)?.[1];
}

/** First word of each line of a list, without the list's own heading. */
export function parseQemuHelp(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(':'))
    .map((line) => line.trim().split(/\s+/)[0] ?? '');
}

/** Whether a version is `minimum` or later, part by part. */
export function isVersionAtLeast(version: string, minimum: string): boolean {
  const parts = version.split('.').map(Number);
  const wanted = minimum.split('.').map(Number);
  for (const [index, part] of wanted.entries()) {
    const difference = (parts[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
