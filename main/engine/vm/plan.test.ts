import { describe, expect, it } from 'vitest';
import { aVmSpec } from '../testing/a-vm-spec.ts';
import type { VmDisk } from './driver.ts';
import { planVm } from './plan.ts';

const disk: VmDisk = { serial: 'upper', path: '/disk', format: 'raw', readOnly: false };

describe('planVm', () => {
  it('names each disk’s place and leaves the rest as it is', () => {
    const spec = aVmSpec();
    const plan = planVm(spec, 'x64');
    expect(plan.disks.map(({ node, serial }) => [node, serial])).toEqual([
      ['disk0', 'root'],
      ['disk1', 'upper'],
    ]);
    expect(plan).toMatchObject({ name: `skerry-${spec.id}`, cpus: 2, memoryMiB: 512 });
  });

  it.each([
    ['x64', 'console=ttyS0 panic=-1 quiet'],
    ['arm64', 'console=ttyAMA0 panic=-1 quiet'],
  ] as const)('puts its own kernel arguments first on %s', (arch, expected) => {
    expect(planVm(aVmSpec({ kernelArguments: ['quiet'] }), arch).commandLine).toBe(expected);
  });

  it.each([
    ['id', { id: 'a,b' }, 'The id "a,b" has characters'],
    ['no id', { id: '' }, 'The id "" has characters'],
    ['no CPUs', { cpus: 0 }, 'The number of CPUs must be from 1 to 64, not 0.'],
    ['half a CPU', { cpus: 1.5 }, 'The number of CPUs must be from 1 to 64, not 1.5.'],
    ['memory', { memoryMiB: Number.NaN }, 'The memory in MiB must be from 32'],
    ['kernel', { kernelPath: 'vmlinux' }, 'The path of the kernel, "vmlinux", is not an absolute'],
    ['initramfs', { initramfsPath: '/a\0b' }, 'The path of the initramfs, "/a\\u0000b", is not'],
    ['a space', { kernelArguments: ['a b'] }, 'The kernel argument "a b" has a character'],
    ['a line', { kernelArguments: ['a\n'] }, 'The kernel argument "a\\n" has a character'],
    ['nothing', { kernelArguments: [''] }, 'The kernel argument "" has a character'],
    ['too long', { kernelArguments: ['a'.repeat(2100)] }, 'The kernel arguments have 21'],
    ['serial', { disks: [{ ...disk, serial: 'a'.repeat(21) }] }, 'must have 1 to 20 letters'],
    ['empty serial', { disks: [{ ...disk, serial: '' }] }, 'must have 1 to 20 letters'],
    ['comma', { disks: [{ ...disk, serial: 'a,b' }] }, 'must have 1 to 20 letters'],
    ['same serial', { disks: [disk, disk] }, 'Two disks have the serial "upper".'],
    ['disk path', { disks: [{ ...disk, path: 'disk' }] }, 'The path of the disk "upper"'],
    ['a VMDK to write', { disks: [{ ...disk, format: 'vmdk' as const }] }, 'is a VMDK'],
  ])('refuses what cannot be: %s', (_what, overrides, message) => {
    expect(() => planVm(aVmSpec(overrides), 'x64')).toThrow(message);
  });

  it('takes 14 disks and no more', () => {
    const disks = Array.from({ length: 15 }, (_, index) => ({
      ...disk,
      serial: `d${String(index)}`,
    }));
    expect(planVm(aVmSpec({ disks: disks.slice(1) }), 'x64').disks).toHaveLength(14);
    expect(() => planVm(aVmSpec({ disks }), 'x64')).toThrow('at most 14 disks; 15 were given');
  });
});
