import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { chooseAccelerator } from './host-checks.ts';
import { runProbeGuest } from './kvm-probe.ts';
import { describeQemu, findQemu, isVersionAtLeast, minimumQemuVersion } from './qemu-probe.ts';

describe('the QEMU of this machine', () => {
  it('is found, and is new enough', async () => {
    const qemu = await findQemu();
    if (qemu === undefined) throw new Error('There is no QEMU.');
    const { version, accelerators, machines } = await describeQemu(qemu);
    expect(isVersionAtLeast(version, minimumQemuVersion)).toBe(true);
    expect(accelerators).toContain('tcg');
    expect(machines).toContain(process.arch === 'arm64' ? 'virt' : 'microvm');
  });

  it('runs the probe guest to its end, so that a guest that hangs is the host’s fault', async () => {
    const qemu = await findQemu();
    expect(await runProbeGuest(qemu?.path ?? '', 'tcg', process.arch, 60_000)).toEqual({
      usable: true,
      evidence: 'a probe guest ran to its end.',
    });
  });
});

describe('chooseAccelerator', () => {
  const temporary = useTemporaryDirectory();

  it('answers by itself, with something that QEMU has', async () => {
    expect(['kvm', 'tcg']).toContain(await chooseAccelerator(temporary.path, {}));
  });
});
