import { describe, expect, it } from 'vitest';
import { aConfig } from '../../testing/a-config.ts';
import type { DiskChain } from '../../snapshot/disk-chain.ts';
import { belowDisk, diskOf } from '../disk-of-record.ts';
import type { MachineShape } from '../power/machine-shape.ts';
import { aRecord } from '../testing/a-record.ts';
import { branchConfig, hostPlace } from './branch-sandbox.ts';
import { shapeWithDisk, withDisk } from './record-disk.ts';
import { keepableDisk, whyNoMemory } from './snapshot-limits.ts';

const aDisk = {
  kind: 'disk',
  path: '/disks/base.qcow2',
  format: 'qcow2',
  virtualBytes: 1,
  backing: [{ path: '/disks/below.img', format: 'raw' }],
  otherFiles: [],
} as const;
const forked = aRecord({
  root: { ...aDisk, backing: [...aDisk.backing], otherFiles: [], isForked: true },
});

const shape: MachineShape = {
  ...{ driverVersion: '7.2.22', accelerator: 'tcg', assetsKey: 'k', agentProtocol: 1 },
  ...{ cpus: 1, memoryMiB: 512, initramfs: 'image', kernelArguments: [], isFromTemplate: false },
  disks: [
    { serial: 'root', path: 'root.vmdk', format: 'vmdk', readOnly: true },
    { serial: 'upper', path: 'upper.img', format: 'raw', readOnly: false },
  ],
};
const run = { startedAtMs: 1, bootMs: 1, accelerator: 'tcg', machine: shape } as const;

function overlays(count: number): DiskChain {
  return Array.from({ length: count }, (_, index) => ({
    name: `disk-${String(index).padStart(10, '0')}.qcow2`,
    format: 'qcow2' as const,
  }));
}

describe('the disk of a record', () => {
  it('is the file that it was made with, until the record says otherwise', () => {
    expect(diskOf(aRecord())).toEqual([{ name: 'upper.img', format: 'raw' }]);
    expect(diskOf(forked)).toEqual([{ name: 'fork.qcow2', format: 'qcow2' }]);
    const disk = [...overlays(1), { name: 'upper.img', format: 'raw' as const }];
    expect(diskOf(aRecord({ disk }))).toEqual(disk);
  });

  it('rests on what was forked, unless it is whole', () => {
    const below = [{ path: '/disks/base.qcow2', format: 'qcow2' }, ...aDisk.backing];
    expect(belowDisk(forked.root, overlays(2))).toEqual(below);
    expect(belowDisk(forked.root, [{ name: 'disk-0123456789.img', format: 'raw' }])).toEqual([]);
    expect(belowDisk(aRecord().root, overlays(1))).toEqual([]);
  });

  it('is that of the machine that runs, too', () => {
    const disk = [...overlays(1), { name: 'upper.img', format: 'raw' as const }];
    const changed = withDisk(aRecord({ run }), disk);
    expect(changed.disk).toEqual(disk);
    expect(changed.run?.machine?.disks).toEqual([
      shape.disks[0],
      {
        serial: 'upper',
        path: overlays(1)[0]?.name,
        format: 'qcow2',
        readOnly: false,
        backing: [{ path: 'upper.img', format: 'raw' }],
      },
    ]);
  });

  it('has what was forked below it in a machine', () => {
    const { disks } = shapeWithDisk(shape, forked.root, overlays(2));
    expect(disks[0]).toMatchObject({
      serial: 'root',
      readOnly: false,
      backing: [
        { path: overlays(2)[1]?.name },
        { path: '/disks/base.qcow2' },
        { path: '/disks/below.img' },
      ],
    });
    expect(disks[1]).toEqual(shape.disks[1]);
  });
});

describe('what can be kept', () => {
  it.each([
    ['a directory that is written itself', { kind: 'directory', path: '/home/me' }, 'rw'],
    ['a disk that is written itself', { ...aDisk, isForked: false }, undefined],
  ] as const)('is not %s', (_what, root, access) => {
    const config = aConfig({ image: root.path, root: access === undefined ? {} : { access } });
    const record = aRecord({ config, root: root as ReturnType<typeof aRecord>['root'] });
    expect(() => keepableDisk(record)).toThrow(`it writes to ${root.path} itself`);
  });

  it('is a disk of few files', () => {
    expect(keepableDisk(aRecord({ disk: [...overlays(13)] }))).toHaveLength(13);
    expect(() => keepableDisk(aRecord({ disk: [...overlays(64)] }))).toThrow('64 files');
  });

  it('is a memory without directories of this machine', () => {
    expect(whyNoMemory(aRecord({ run }))).toBeUndefined();
    expect(whyNoMemory(aRecord({ run: { ...run, sharedBy: '9p' } }))).toContain('mounted');
    const { machine: _unknown, ...earlier } = run;
    expect(whyNoMemory(aRecord({ run: earlier }))).toContain('restart');
  });
});

describe('the configuration of a branch', () => {
  it('leaves out ports that are taken, and those of an earlier branch', () => {
    const config = aConfig({ network: { ports: ['8080:80', '127.0.0.1:9000:90/udp'] } });
    const taken = new Set([hostPlace('8080:81')]);
    const one = branchConfig(config, 'one', taken);
    expect(one.leftOut).toEqual(['8080:80']);
    expect(one.config.name).toBe('one');
    expect(one.config.network.ports).toHaveLength(1);
    for (const port of one.config.network.ports) taken.add(hostPlace(port));
    expect(branchConfig(config, 'two', taken).config.network.ports).toEqual([]);
  });
});
