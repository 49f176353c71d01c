import { describe, expect, it } from 'vitest';
import { aVmSpec } from '../testing/a-vm-spec.ts';
import type { VmDisk, VmDiskFile, VmSpec } from './driver.ts';
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

  it.each([
    ['x64', 21],
    ['arm64', 29],
  ] as const)('has room for as many devices as %s has slots, and no more', (arch, room) => {
    const entry = { path: '/shared', isFile: false, readOnly: true };
    const entries = [0, 1, 2].map((index) => ({ ...entry, name: `v${String(index)}` }));
    const disks = Array.from({ length: room + 1 }, (_, index) => ({
      ...disk,
      serial: `d${String(index)}`,
    }));
    const plan = (count: number, shares?: VmSpec['shares']) =>
      planVm(aVmSpec({ disks: disks.slice(0, count), ...(shares ? { shares } : {}) }), arch);
    expect(plan(room).disks).toHaveLength(room);
    expect(() => plan(room + 1)).toThrow(`room for ${String(room)} disks and shared devices`);
    // All entries are one device by virtiofs, and one each by 9p.
    expect(plan(room - 1, { transport: 'virtiofs', entries }).shares?.entries).toHaveLength(3);
    expect(() => plan(room, { transport: 'virtiofs', entries })).toThrow(`${String(room)} and 1`);
    expect(plan(room - 3, { transport: '9p', entries }).shares?.entries).toHaveLength(3);
    expect(() => plan(room - 2, { transport: '9p', entries })).toThrow('and 3 were given');
  });

  const entry = { name: 'v0', path: '/shared', isFile: false, readOnly: true };

  it.each([
    ['a path', [{ ...entry, path: 'shared' }], 'The path of the shared directory "v0", "shared"'],
    ['no name', [{ ...entry, name: '' }], 'The name of a shared directory, "", must have'],
    ['a parent', [{ ...entry, name: '..' }], 'The name of a shared directory, "..", must have'],
    ['a colon', [{ ...entry, name: 'a:b' }], 'The name of a shared directory, "a:b", must have'],
    ['a long name', [{ ...entry, name: 'a'.repeat(32) }], 'must have 1 to 31 letters'],
    ['a name twice', [entry, entry], 'Two shared directories have the name "v0".'],
    [
      'too many',
      Array.from({ length: 129 }, (_, index) => ({ ...entry, name: `v${String(index)}` })),
      'at most 128 shared directories; 129 were given',
    ],
  ])('refuses shares that cannot be: %s', (_what, entries, message) => {
    const shares = { transport: 'virtiofs', entries } as const;
    expect(() => planVm(aVmSpec({ shares }), 'x64')).toThrow(message);
  });

  it('refuses a single file by 9p, and takes it by virtiofs', () => {
    const entries = [{ ...entry, path: '/etc/hosts', isFile: true }];
    const plan = (transport: 'virtiofs' | '9p') =>
      planVm(aVmSpec({ shares: { transport, entries } }), 'x64');
    expect(plan('virtiofs').shares?.entries).toEqual(entries);
    expect(() => plan('9p')).toThrow(
      expect.objectContaining({
        code: 'share/unavailable',
        message: '/etc/hosts is a single file; by 9p, directories alone can be shared.',
      }) as Error,
    );
  });

  it.each([
    [
      'below a raw disk',
      { format: 'raw', backing: [{ path: '/b', format: 'raw' }] },
      '/disk has the format raw, which has no files below it.',
    ],
    [
      'below a VMDK that is below',
      {
        format: 'qcow2',
        backing: [
          { path: '/b', format: 'vmdk' },
          { path: '/c', format: 'raw' },
        ],
      },
      '/b has the format vmdk, which has no files below it.',
    ],
    [
      'named by a relative path',
      { format: 'qcow2', backing: [{ path: 'b', format: 'raw' }] },
      '"b"',
    ],
    [
      'in a chain without end',
      { format: 'qcow2', backing: Array(81).fill({ path: '/b', format: 'qcow2' }) as VmDiskFile[] },
      'has 81 files below it; at most 80 are opened',
    ],
  ] as const)('refuses a file %s', (_what, overrides, message) => {
    const disks = [{ ...disk, ...overrides }];
    expect(() => planVm(aVmSpec({ disks }), 'x64')).toThrow(message);
  });
});

describe('planVm for saved machines', () => {
  const from = { statePath: '/state' };

  it('plans where the memory is', () => {
    const memoryOf = (overrides: Partial<VmSpec>) => planVm(aVmSpec(overrides), 'x64').memory;
    expect(memoryOf({})).toEqual({ kind: 'own' });
    expect(memoryOf({ memoryPath: '/m' })).toEqual({ kind: 'kept', path: '/m' });
    expect(memoryOf({ from })).toEqual({ kind: 'own' });
    expect(memoryOf({ from: { ...from, memoryPath: '/m' } })).toEqual({
      kind: 'copied',
      path: '/m',
    });
  });

  it('fills a place with a disk that has no file', () => {
    const placeholder = { serial: 'seed', format: 'none', readOnly: true } as const;
    expect(planVm(aVmSpec({ disks: [placeholder] }), 'x64').disks).toEqual([
      { ...placeholder, node: 'disk0' },
    ]);
  });

  const entries = [{ name: 'v0', path: '/shared', isFile: false, readOnly: true }];

  it.each([
    ['a state without a path', { from: { statePath: 'state' } }, 'The path of the state'],
    ['memory without a path', { from: { ...from, memoryPath: 'm' } }, 'The path of the memory'],
    ['new memory without a path', { memoryPath: 'm' }, 'The path of the memory, "m"'],
    ['two memories', { from, memoryPath: '/m' }, 'cannot keep its memory in a new file'],
    ['virtiofs', { from, shares: { transport: 'virtiofs', entries } as const }, 'by virtiofs'],
  ])('refuses %s', (_what, overrides, message) => {
    expect(() => planVm(aVmSpec(overrides), 'x64')).toThrow(message);
  });
});
