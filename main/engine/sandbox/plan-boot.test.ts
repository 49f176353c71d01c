import { describe, expect, it } from 'vitest';
import { aConfig } from '../testing/a-config.ts';
import { hasUpperDisk } from './has-upper-disk.ts';
import { needsSeed, planBoot, seedContents, type VolumeSource } from './plan-boot.ts';
import type { RootRecord } from '../snapshot/root-record.ts';
import type { SandboxFiles } from './sandbox-records.ts';
import { aRecord } from './testing/a-record.ts';

const files: SandboxFiles = {
  dir: '/s',
  upperDisk: '/s/upper.img',
  forkDisk: '/s/fork.qcow2',
  rootDescriptor: '/s/root.vmdk',
  seed: { descriptor: '/s/seed.vmdk', metadata: '/s/seed.erofs', data: '/s/seed.data' },
  consoleLog: '/s/console.log',
  monitorLog: '/s/monitor.log',
  networkLog: '/s/network-log.json',
  suspendDir: '/s/suspend',
  logDir: '/s/log',
  commands: '/s/commands.json',
  boots: '/s/boots.json',
};

const disk: Extract<RootRecord, { kind: 'disk' }> = {
  kind: 'disk',
  path: '/disks/d.img',
  format: 'raw',
  virtualBytes: 1024,
  backing: [],
  otherFiles: [],
  isForked: false,
};

describe('planBoot', () => {
  it('gives an image its two disks', () => {
    const plan = planBoot(aRecord(), files, new Map());
    expect(plan).toEqual({
      disks: [
        { serial: 'root', path: '/s/root.vmdk', format: 'vmdk', readOnly: true },
        { serial: 'upper', path: '/s/upper.img', format: 'raw', readOnly: false },
      ],
      shares: [],
      setup: {
        hostname: 'web',
        root: { kind: 'image', lowerSerial: 'root', upperSerial: 'upper' },
        volumes: [],
        hasScripts: false,
        network: expect.objectContaining({ nameServers: ['192.0.0.1'] }) as unknown,
        patches: [],
      },
    });
  });

  it.each([
    ['rw', false],
    ['ro', true],
  ] as const)('shares a directory %s, with a disk above it or without', (access, withUpper) => {
    const record = aRecord({
      config: aConfig({ image: '/roots/a', root: { access } }),
      root: { kind: 'directory', path: '/roots/a' },
    });
    const sources = new Map([['/', { path: '/real/a', isFile: false }]]);
    const { disks, shares, setup } = planBoot(record, files, sources);
    expect(disks.map(({ serial }) => serial)).toEqual(withUpper ? ['upper'] : []);
    expect(shares).toEqual([
      { name: 's0', path: '/real/a', isFile: false, readOnly: access === 'ro' },
    ]);
    expect(setup.root).toEqual({
      kind: 'directory',
      share: 's0',
      ...(withUpper ? { upperSerial: 'upper' } : {}),
    });
    expect(hasUpperDisk(record.config, record.root)).toBe(withUpper);
  });

  it('opens a disk image as it is recorded, or a fork above it', () => {
    const config = aConfig({ image: '/disks/d.img', root: { partition: 2 } });
    const direct = planBoot(aRecord({ config, root: disk }), files, new Map());
    expect(direct.disks).toEqual([
      { serial: 'root', path: '/disks/d.img', format: 'raw', readOnly: false, backing: [] },
    ]);
    expect(direct.setup.root).toEqual({ kind: 'disk', serial: 'root', partition: 2 });
    const base = { path: '/disks/base', format: 'qcow2' } as const;
    const forked: RootRecord = { ...disk, format: 'qcow2', isForked: true, backing: [base] };
    expect(planBoot(aRecord({ config, root: forked }), files, new Map()).disks).toEqual([
      {
        serial: 'root',
        path: '/s/fork.qcow2',
        format: 'qcow2',
        readOnly: false,
        backing: [{ path: '/disks/d.img', format: 'qcow2' }, base],
      },
    ]);
  });

  it('shares volumes in the order in which they are mounted', () => {
    const volumes = {
      '/data/deep': { bind: '/a/file', access: 'rw' },
      '/data': { named: 'cache' },
      '/tmp': { tmpfs: { sizeMiB: 5 } },
      '/etc/ro': { bind: '/b' },
    } as const;
    const sources = new Map<string, VolumeSource>([
      ['/data', { path: '/volumes/cache', isFile: false }],
      ['/data/deep', { path: '/a/file', isFile: true }],
      ['/etc/ro', { path: '/b', isFile: false }],
    ]);
    const plan = planBoot(aRecord({ config: aConfig({ volumes }) }), files, sources);
    expect(plan.shares).toEqual([
      { name: 's0', path: '/volumes/cache', isFile: false, readOnly: false },
      { name: 's1', path: '/a/file', isFile: true, readOnly: false },
      { name: 's2', path: '/b', isFile: false, readOnly: true },
    ]);
    expect(plan.setup.volumes).toEqual([
      { kind: 'share', target: '/data', share: 's0', isFile: false, readOnly: false },
      { kind: 'share', target: '/data/deep', share: 's1', isFile: true, readOnly: false },
      { kind: 'share', target: '/etc/ro', share: 's2', isFile: false, readOnly: true },
      { kind: 'tmpfs', target: '/tmp', sizeMiB: 5 },
    ]);
  });

  it('sends patches once, scripts at each start', () => {
    const config = aConfig({
      scripts: { greet: 'echo hi', shebang: '#!/usr/bin/env python3\n' },
      shell: '/bin/bash',
      patches: [
        { kind: 'mkdir', path: '/srv', mode: '700' },
        { kind: 'text', path: '/a', content: 'x', owner: 'dev', replace: true },
        { kind: 'dir', path: '/b', source: '/host/tree' },
      ],
    });
    const first = planBoot(aRecord({ config }), files, new Map());
    expect(first.setup).toMatchObject({
      seedSerial: 'seed',
      hasScripts: true,
      patches: [
        { kind: 'mkdir', path: '/srv', mode: 0o700 },
        { kind: 'file', path: '/a', source: 'patches/1', owner: 'dev', replace: true },
        { kind: 'dir', path: '/b', source: 'patches/2', replace: false },
      ],
    });
    expect(first.disks.at(-1)).toEqual({
      serial: 'seed',
      path: '/s/seed.vmdk',
      format: 'vmdk',
      readOnly: true,
    });
    expect(seedContents(aRecord({ config }))).toEqual({
      scripts: [
        { name: 'greet', mode: 0o755, text: '#!/bin/bash\necho hi' },
        { name: 'shebang', mode: 0o755, text: '#!/usr/bin/env python3\n' },
      ],
      patches: [
        { name: '1', mode: 0o644, text: 'x' },
        { name: '2', hostPath: '/host/tree' },
      ],
    });
    const later = planBoot(aRecord({ config, isPatched: true }), files, new Map());
    expect(later.setup).toMatchObject({ seedSerial: 'seed', hasScripts: true, patches: [] });
  });

  it('has no seed disk where nothing is on it', () => {
    const config = aConfig({ patches: [{ kind: 'text', path: '/a', content: '' }] });
    expect(needsSeed(aRecord({ config }))).toBe(true);
    expect(needsSeed(aRecord({ config, isPatched: true }))).toBe(false);
    const removing = aConfig({ patches: [{ kind: 'remove', path: '/a' }] });
    expect(planBoot(aRecord({ config: removing }), files, new Map()).setup).toMatchObject({
      patches: [{ kind: 'remove', path: '/a' }],
    });
    expect(needsSeed(aRecord({ config: removing }))).toBe(false);
  });
});
