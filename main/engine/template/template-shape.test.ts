import { describe, expect, it } from 'vitest';
import type { GuestAssetsManifest } from '../host/guest-assets.ts';
import {
  chooseShape,
  disksInSlots,
  isSameTsc,
  shareName,
  sharesInSlots,
  type MachineNeeds,
  type TemplateHost,
} from './template-shape.ts';

const needs: MachineNeeds = {
  cpus: 1,
  memoryMiB: 512,
  accelerator: 'tcg',
  initramfs: 'image',
  disks: [
    { serial: 'root', path: '/a.vmdk', format: 'vmdk', readOnly: true },
    { serial: 'upper', path: '/upper.img', format: 'raw', readOnly: false },
  ],
  shares: undefined,
  network: { mac: '02:00:00:00:00:02', mtu: 1500 },
};

const manifest = { key: 'assets-1', kernel: { release: '6.1.0' } } as GuestAssetsManifest;
const host: TemplateHost = {
  assets: { manifest, kernelArguments: ['quiet', 'tsc_early_khz=2000000'] },
  canSave: true,
  driverVersion: '7.2.22',
  processor: 'one',
};

function keyOf(changes: Partial<MachineNeeds> = {}, on: Partial<TemplateHost> = {}): string {
  const { shape, why } = chooseShape({ ...needs, ...changes }, { ...host, ...on });
  if (shape === undefined) throw new Error(why);
  return shape.key;
}

const shared = (count: number, transport: '9p' | 'virtiofs' = '9p') => ({
  transport,
  entries: Array.from({ length: count }, (_, index) => {
    return { name: shareName(index), path: `/of/${String(index)}`, isFile: false, readOnly: false };
  }),
});

describe('the shape of a template', () => {
  it('is another one whenever the machine or the host is', () => {
    const keys = [
      keyOf(),
      keyOf({ cpus: 2 }),
      keyOf({ memoryMiB: 513 }),
      keyOf({ initramfs: 'disk' }),
      keyOf({ shares: shared(1) }),
      keyOf({ network: { mac: '02:00:00:00:00:02', mtu: 1400 } }),
      keyOf({}, { driverVersion: '7.2.23' }),
      keyOf({}, { assets: { ...host.assets, manifest: { ...manifest, key: 'assets-2' } } }),
      keyOf({}, { assets: { ...host.assets, kernelArguments: ['tsc_early_khz=2000000'] } }),
      keyOf({ accelerator: 'kvm' }),
      keyOf({ accelerator: 'kvm' }, { processor: 'another' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => /^[0-9a-f]{32}$/.test(key))).toBe(true);
  });

  it('is the same whatever is on the disks, in the directories, and of the counter', () => {
    expect(keyOf({ disks: [] })).toBe(keyOf());
    expect(keyOf({ shares: shared(1) })).toBe(keyOf({ shares: shared(4) }));
    const assets = { ...host.assets, kernelArguments: ['quiet', 'tsc_early_khz=2000100'] };
    expect(keyOf({}, { assets })).toBe(keyOf());
    // An emulated processor is the same everywhere.
    expect(keyOf({}, { processor: 'another' })).toBe(keyOf());
  });

  it.each<[string, Partial<MachineNeeds>, Partial<TemplateHost>]>([
    ['virtiofs', { shares: shared(1, 'virtiofs') }, {}],
    ['5 directories', { shares: shared(5) }, {}],
    ['cannot be saved', {}, { canSave: false }],
    ['disk of its own kind', { disks: [{ serial: 'x', format: 'none', readOnly: true }] }, {}],
  ])('is none where it would not do: %s', (why, changes, on) => {
    const choice = chooseShape({ ...needs, ...changes }, { ...host, ...on });
    expect(choice.shape).toBeUndefined();
    expect(choice.why).toContain(why);
  });
});

it('puts disks and directories into their places, and what is missing beside them', () => {
  const disks = disksInSlots(needs.disks.toReversed());
  expect(disks.map(({ serial, format }) => `${serial} ${format}`)).toEqual([
    'root vmdk',
    'upper raw',
    'seed none',
  ]);
  const shares = sharesInSlots({ shares: 4 }, shared(2), '/empty');
  expect(shares?.entries.map(({ name, path }) => `${name} ${path}`)).toEqual([
    's0 /of/0',
    's1 /of/1',
    's2 /empty',
    's3 /empty',
  ]);
  expect(sharesInSlots({ shares: 0 }, undefined, '/empty')).toBeUndefined();
});

it('takes two measurements of one counter for the same, and two counters not', () => {
  expect(isSameTsc(2_000_000, 2_000_900)).toBe(true);
  expect(isSameTsc(2_000_000, 2_001_100)).toBe(false);
  expect(isSameTsc(undefined, undefined)).toBe(true);
  expect(isSameTsc(2_000_000, undefined)).toBe(false);
});
