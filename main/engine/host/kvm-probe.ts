/** Whether KVM truly runs guests here. A device node that opens is not enough: see the steps. */
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from './child-process.ts';
import { readBootId, remember } from './probe-cache.ts';
import { exitGuest } from './probe-guest.ts';
import type { QemuProgram } from './qemu-probe.ts';

const kvmReportSchema = z.object({
  usable: z.boolean(),
  /** What was seen, in words with the values. */
  evidence: z.string(),
  /** A command line or a step that mends it, where there is one. */
  fix: z.string().optional(),
});

/** What came of asking for KVM. */
export type KvmReport = z.infer<typeof kvmReportSchema>;

/** Where the probe looks; tests name other places. */
export interface KvmProbeOptions {
  readonly cacheDir: string;
  readonly devicePath?: string;
  readonly cpuInfoPath?: string;
  readonly arch?: string;
  /** Kills the guest after this. */
  readonly guestTimeoutMs?: number;
}

/**
 * Asks in three steps: the device opens for reading and writing, the processor has the flag (x86),
 * and a guest of a few bytes runs to its end. The last is remembered until the next boot.
 */
export async function probeKvm(
  qemu: QemuProgram | undefined,
  options: KvmProbeOptions,
): Promise<KvmReport> {
  const device = options.devicePath ?? '/dev/kvm';
  const arch = options.arch ?? process.arch;
  const opened = await openDevice(device);
  if (opened !== undefined) return opened;
  const flag = await findCpuFlag(arch, options.cpuInfoPath ?? '/proc/cpuinfo');
  if (flag.missing) {
    return {
      usable: false,
      evidence: `${device} opens, but the processor shows neither vmx nor svm: virtualization is off in the firmware, or this machine is virtual itself and its host does not pass it on.`,
    };
  }
  if (qemu === undefined) {
    return { usable: false, evidence: `${device} opens, but there is no QEMU to try it with.` };
  }
  const found =
    flag.name === undefined ? `${device} opens` : `${device} opens, ${flag.name} is set`;
  return tryGuest(qemu, found, options, arch);
}

async function openDevice(device: string): Promise<KvmReport | undefined> {
  try {
    await (await open(device, 'r+')).close();
    return undefined;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const evidence = `${device} cannot be opened: ${code}.`;
    switch (code) {
      case 'ENOENT':
        return {
          usable: false,
          evidence: `There is no ${device}: the kvm module is not loaded, or virtualization is off in the firmware (BIOS).`,
          fix: withSudo(
            'sh -c "modprobe kvm_intel || modprobe kvm_amd" # if this fails: turn it on in the firmware',
          ),
        };
      case 'EACCES':
      case 'EPERM':
        return {
          usable: false,
          evidence: `${device} is there, but this user may not open it (${code}).`,
          fix: 'sudo usermod -aG kvm "$USER" # then sign out and in again',
        };
      case 'ENODEV':
      case 'ENXIO':
        return { usable: false, evidence, fix: withSudo('modprobe kvm') };
      default:
        return { usable: false, evidence };
    }
  }
}

/** cpuinfo's flags exist on x86 alone; other processors are asked by the guest. */
async function findCpuFlag(
  arch: string,
  cpuInfoPath: string,
): Promise<{ missing: boolean; name?: string }> {
  if (arch !== 'x64') return { missing: false };
  const cpuInfo = await readFile(cpuInfoPath, 'utf8').catch(() => '');
  const name = /^flags\s*:.*\b(vmx|svm)\b/m.exec(cpuInfo)?.[1];
  return name === undefined ? { missing: true } : { missing: false, name };
}

async function tryGuest(
  qemu: QemuProgram,
  found: string,
  options: KvmProbeOptions,
  arch: string,
): Promise<KvmReport> {
  const { cacheDir, guestTimeoutMs = 5_000 } = options;
  const bootId = await readBootId();
  const key = `${bootId ?? `process ${String(process.pid)}`} ${qemu.identity}`;
  const what = {
    ...{ cacheDir, name: 'kvm-probe', key, schema: kvmReportSchema },
    // What hindered a guest may pass: ask again in the next process.
    isLasting: (report: KvmReport) => report.usable,
  };
  const report = await remember(what, () => runProbeGuest(qemu.path, 'kvm', arch, guestTimeoutMs));
  return { ...report, evidence: `${found}, and ${report.evidence}` };
}

/** Runs the guest of a few bytes and says how that ended. */
export async function runProbeGuest(
  qemuPath: string,
  accelerator: 'kvm' | 'tcg',
  arch: string,
  timeoutMs: number,
): Promise<KvmReport> {
  const folder = await mkdtemp(join(tmpdir(), 'skerry-probe-'));
  try {
    const guest = exitGuest(arch);
    const imagePath = join(folder, 'guest.bin');
    await writeFile(imagePath, guest.image);
    const args = [
      ...['-no-user-config', '-nodefaults', '-display', 'none', '-nic', 'none'],
      ...['-m', '16M', '-accel', accelerator, '-cpu', accelerator === 'kvm' ? 'host' : 'max'],
      ...guest.qemuArguments(imagePath),
    ];
    const result = await run(qemuPath, args, { timeoutMs });
    if (result.timedOut) {
      return {
        usable: false,
        evidence: `a probe guest did not come to its end in ${String(timeoutMs / 1000)} s.`,
      };
    }
    if (result.exitCode === guest.exitCode) {
      return { usable: true, evidence: 'a probe guest ran to its end.' };
    }
    const said = result.stderr.trim().split('\n').at(-1) ?? '';
    return {
      usable: false,
      evidence: `a probe guest failed (exit code ${String(result.exitCode)}): ${said.slice(0, 300)}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The command as the user has to type it. */
export function withSudo(command: string): string {
  return process.getuid?.() === 0 ? command : `sudo ${command}`;
}
