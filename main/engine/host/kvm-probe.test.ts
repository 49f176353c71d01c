import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { probeKvm } from './kvm-probe.ts';
import { exitGuest } from './probe-guest.ts';
import type { QemuProgram } from './qemu-probe.ts';

describe('probeKvm', () => {
  const temporary = useTemporaryDirectory();

  /** A device that opens, a processor with these flags, and a QEMU that does this. */
  async function probe(
    flags: string,
    script?: string,
    guestTimeoutMs = 60_000,
  ): ReturnType<typeof probeKvm> {
    const at = (name: string): string => join(temporary.path, name);
    await writeFile(at('kvm'), '');
    await writeFile(at('cpuinfo'), `model name\t: vmx in a name\nflags\t\t: fpu ${flags}\n`);
    let qemu: QemuProgram | undefined;
    if (script !== undefined) {
      await writeFile(at('qemu'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      qemu = { path: at('qemu'), identity: script };
    }
    return probeKvm(qemu, {
      cacheDir: at('cache'),
      devicePath: at('kvm'),
      cpuInfoPath: at('cpuinfo'),
      arch: 'x64',
      guestTimeoutMs,
    });
  }

  const runsToItsEnd = `exit ${String(exitGuest('x64').exitCode)}`;

  it.each(['vmx', 'svm'])('is usable when a guest runs, with %s', async (flag) => {
    const report = await probe(`sse ${flag} lm`, runsToItsEnd);
    expect(report.usable).toBe(true);
    expect(report.evidence).toContain(`${flag} is set, and a probe guest ran to its end.`);
  });

  it('is not usable where the device opens and the processor has no flag', async () => {
    const report = await probe('sse lm', runsToItsEnd);
    expect(report.usable).toBe(false);
    expect(report.evidence).toContain('neither vmx nor svm');
  });

  it('is not usable when the guest does not come to its end', async () => {
    const report = await probe('vmx', 'exec sleep 100', 50);
    expect(report.usable).toBe(false);
    expect(report.evidence).toContain('did not come to its end in 0.05 s');
  });

  it('is not usable when QEMU fails, and says how', async () => {
    const report = await probe('vmx', 'echo "failed to initialize kvm" >&2; exit 1');
    expect(report.usable).toBe(false);
    expect(report.evidence).toContain('(exit code 1): failed to initialize kvm');
  });

  it('asks a guest once, whoever asks again', async () => {
    const counting = `echo x >> ${join(temporary.path, 'runs')}\n${runsToItsEnd}`;
    const first = await probe('vmx', counting);
    expect(await probe('vmx', counting)).toEqual(first);
    expect(await readFile(join(temporary.path, 'runs'), 'utf8')).toBe('x\n');
  });

  it('is not usable without a QEMU to try it with', async () => {
    expect(await probe('vmx')).toMatchObject({ usable: false });
  });

  it('says what to do where there is no device', async () => {
    const devicePath = join(temporary.path, 'none');
    const report = await probeKvm(undefined, { cacheDir: temporary.path, devicePath });
    expect(report.evidence).toMatch(/^There is no .*none: /);
    expect(report.fix).toContain('modprobe');
  });
});
