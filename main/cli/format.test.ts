import { describe, expect, it } from 'vitest';
import type { Image } from '../contract/image.ts';
import { sandboxConfigSchema } from '../contract/sandbox-config.ts';
import type { Sandbox } from '../contract/sandbox.ts';
import { describeReport } from './commands/doctor.ts';
import { imagesTable } from './commands/images.ts';
import { sandboxesTable, sandboxFacts } from './commands/list.ts';
import { presetsTable } from './commands/presets.ts';
import { volumeFacts, volumesTable } from './commands/volumes.ts';
import { formatAge, formatBytes, formatTable, printable, printableLine } from './format.ts';
import { describeStage } from './progress.ts';

const digest = `sha256:${'0123456789ab'.repeat(6).slice(0, 64)}`;

function aSandbox(changes: Partial<Sandbox> = {}): Sandbox {
  return {
    id: 'id-1',
    name: 'web',
    state: 'running',
    config: sandboxConfigSchema.parse({ name: 'web', image: 'alpine', cpus: 2, env: { A: '1' } }),
    imageDigest: digest,
    createdAtMs: 0,
    startedAtMs: 60_000,
    bootMs: 740,
    network: 'none',
    ...changes,
  };
}

describe('output', () => {
  it('lists sandboxes', () => {
    const stopped = aSandbox({ name: 'a-longer-name', state: 'stopped' });
    expect(sandboxesTable([aSandbox(), stopped], 180_000)).toMatchInlineSnapshot(`
      "NAME           STATE    IMAGE   CPUS  MEMORY   UP
      web            running  alpine  2     512 MiB  2 min
      a-longer-name  stopped  alpine  2     512 MiB  -
      "
    `);
  });

  it('shows a sandbox', () => {
    const lastError = { code: 'vm/crashed', message: 'QEMU ended.', hint: 'Start it.' } as const;
    expect(sandboxFacts(aSandbox({ lastError }))).toMatchInlineSnapshot(`
      "Name         web
      State        running
      Id           id-1
      Image        alpine
      Digest       sha256:0123456789ab0123456789ab0123456789ab0123456789ab0123456789ab0123
      Pull         if-missing
      CPUs         2
      Memory       512 MiB
      Root disk    8 GiB
      Network      public
      Shell        /bin/sh
      Environment  A=1
      Created      1970-01-01T00:00:00.000Z
      Started      1970-01-01T00:01:00.000Z
      Boot         0.74 s
      Last error   QEMU ended. (vm/crashed)
      "
    `);
  });

  it('shows what a sandbox is made of', () => {
    const config = sandboxConfigSchema.parse({
      name: 'web',
      image: '/disks/d.img',
      root: { partition: 2, fork: true },
      user: 'app',
      hostname: 'web.local',
      workdir: '/srv',
      entrypoint: ['npm'],
      cmd: ['run', 'a b'],
      volumes: {
        '/data': { bind: '/home/me/data' },
        '/cache': { named: 'cache' },
        '/scratch': { tmpfs: { sizeMiB: 64 } },
      },
      scripts: { greet: 'echo hi', build: 'make' },
      patches: [{ kind: 'remove', path: '/etc/issue' }],
      labels: { team: 'a' },
      network: { ports: ['8080:80'] },
      pullPolicy: 'never',
    });
    const root = {
      kind: 'disk',
      path: '/disks/d.img',
      format: 'qcow2',
      virtualBytes: 1024 ** 3,
      backingFiles: ['/disks/base.img'],
    } satisfies Sandbox['root'];
    expect(sandboxFacts(aSandbox({ config, root, sharedBy: 'virtiofs' }))).toMatchInlineSnapshot(`
      "Name        web
      State       running
      Id          id-1
      Image       /disks/d.img
      Root        the qcow2 disk /disks/d.img, 1 GiB, partition 2, forked, with /disks/base.img
      Digest      sha256:0123456789ab0123456789ab0123456789ab0123456789ab0123456789ab0123
      Pull        never
      CPUs        1
      Memory      512 MiB
      Root disk   8 GiB
      Network     public, 8080:80
      Host name   web.local
      User        app
      Shell       /bin/sh
      Directory   /srv
      Entrypoint  ["npm"]
      Command     ["run","a b"]
      Volume      /cache: volume cache, rw by virtiofs
      Volume      /data: /home/me/data, ro by virtiofs
      Volume      /scratch: 64 MiB of memory
      Scripts     greet, build
      Patches     1
      Label       team=a
      Created     1970-01-01T00:00:00.000Z
      Started     1970-01-01T00:01:00.000Z
      Boot        0.74 s
      "
    `);
    const directory = aSandbox({
      config: { ...config, root: { access: 'ro' } },
      root: { kind: 'directory', path: '/rootfs' },
    });
    expect(sandboxFacts(directory)).toContain('the directory /rootfs, read-only below a disk');
  });

  it('lists volumes and presets', () => {
    const volume = { name: 'cache', path: '/state/cache', createdAtMs: 0, usedBy: ['a', 'b'] };
    expect(volumesTable([volume, { ...volume, name: 'c', usedBy: [] }], 7_200_000))
      .toMatchInlineSnapshot(`
      "VOLUME  CREATED  USED BY
      cache   2 h ago  a, b
      c       2 h ago  -
      "
    `);
    expect(volumeFacts({ ...volume, diskBytes: 4096 })).toMatchInlineSnapshot(`
      "Name       cache
      Directory  /state/cache
      Created    1970-01-01T00:00:00.000Z
      Size       4 KiB
      Used by    a, b
      "
    `);
    expect(
      presetsTable([
        { name: 'shell', title: 'A shell', description: 'Small.', origin: 'shipped', request: {} },
        { name: 'mine', title: 'mine', description: '', origin: 'own', request: {} },
      ]),
    ).toMatchInlineSnapshot(`
      "PRESET  TITLE    FROM    DESCRIPTION
      shell   A shell  Skerry  Small.
      mine    mine     you
      "
    `);
  });

  it('lists images', () => {
    const image: Image = {
      reference: 'alpine',
      digest,
      platform: 'linux/amd64',
      downloadBytes: 1,
      diskBytes: 8_100_000,
      layers: [],
      pulledAtMs: 0,
    };
    expect(imagesTable([image], 3 * 86_400_000)).toMatchInlineSnapshot(`
      "IMAGE   DIGEST        PLATFORM     SIZE     PULLED
      alpine  0123456789ab  linux/amd64  7.7 MiB  3 d ago
      "
    `);
  });

  it('shows what the machine can do, and what mends it', () => {
    const report = describeReport({
      version: '0.1.0',
      platform: 'linux x64',
      cpus: 2,
      memoryMiB: 2048,
      accelerator: 'tcg',
      acceleratorNote: 'Sandboxes are slow.',
      stateDir: '/state',
      checks: [
        {
          id: 'qemu',
          title: 'QEMU',
          result: 'fail',
          evidence: 'not found',
          fix: 'apt install qemu',
        },
        { id: 'disk-space', title: 'Disk space', result: 'pass', evidence: '9 GiB free' },
      ],
      host: null,
    });
    expect(report).toMatchInlineSnapshot(`
      "Skerry        0.1.0
      Machine       linux x64, 2 CPUs, 2048 MiB
      Accelerator   tcg: Sandboxes are slow.
      State         /state
      Host process  none runs

      ✗ QEMU        not found
                    → apt install qemu
      ✓ Disk space  9 GiB free
      "
    `);
  });

  it('shows the stages of an operation', () => {
    expect(
      [
        { key: 'a', label: 'Resolve alpine', state: 'done', startedAtMs: 0, endedAtMs: 120 },
        { key: 'b', label: 'Pull layer 1/2', state: 'active', bytesDone: 1024, bytesTotal: 4096 },
        { key: 'c', label: 'Pull layer 2/2', state: 'active', note: 'unpacking' },
      ].map((stage) => describeStage(stage as never)),
    ).toEqual([
      '✓ Resolve alpine  0.1 s',
      '● Pull layer 1/2  1 KiB of 4 KiB',
      '● Pull layer 2/2  unpacking',
    ]);
  });

  it('says how fast a stage moves its bytes, and how long that takes', () => {
    const stage = { key: 'b', label: 'Pull layer 1/2', state: 'active' } as const;
    const bytes = { bytesDone: 1024, bytesTotal: 5 * 1024 };
    const rate = { bytes: 1024, atMs: 0, bytesPerSecond: 2048 };
    expect(describeStage({ ...stage, ...bytes }, rate)).toBe(
      '● Pull layer 1/2  1 KiB of 5 KiB  2 KiB/s  2 s left',
    );
    expect(describeStage({ ...stage, bytesDone: 5 * 1024, bytesTotal: 5 * 1024 }, rate)).toBe(
      '● Pull layer 1/2  5 KiB of 5 KiB  2 KiB/s',
    );
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [20 * 1024 ** 3, '20 GiB'],
    [3000 * 1024 ** 4, '3000 TiB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [3_600_000, '1 h'],
    [48 * 3_600_000, '2 d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatAge(0, ms)).toBe(text);
  });

  it('lets nothing drive the terminal', () => {
    expect(printable('a\u001b[2Jb\u0007\u009bc\td')).toBe('a\ufffd[2Jb\ufffd\ufffdc\td');
    expect(printable('a\u202egpj.exe\u2066\nb')).toBe('a\ufffdgpj.exe\ufffd\nb');
    expect(printableLine('a\nskerry: all is well')).toBe('a\ufffdskerry: all is well');
    expect(formatTable([['\u001b[31mred', 'x']])).toBe('\ufffd[31mred  x\n');
  });
});
