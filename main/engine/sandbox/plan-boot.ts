/** From a record to what its machine is given and what its guest is told. Pure. */
import { scriptsDirectory } from '../../contract/config/scripts.ts';
import type { Patch } from '../../contract/config/patch.ts';
import type { Volume } from '../../contract/config/volume.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type {
  GuestNetwork,
  GuestPatch,
  GuestRoot,
  GuestSetup,
  GuestVolume,
} from '../agent/agent.ts';
import { addressText } from '../net/stack/address-text.ts';
import { ipv4, ipv6, macs } from '../net/stack/link-addresses.ts';
import type { SeedItem } from '../image/seed-disk.ts';
import { shareName } from '../template/template-shape.ts';
import type { VmDisk, VmShareEntry } from '../vm/driver.ts';
import { chainPaths } from '../snapshot/disk-chain.ts';
import type { RootRecord } from '../snapshot/root-record.ts';
import { belowDisk, diskOf } from './disk-of-record.ts';
import { hasUpperDisk } from './has-upper-disk.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import type { SandboxFiles } from './sandbox-records.ts';

/** By which a guest finds each of its disks. */
export const serials = { root: 'root', upper: 'upper', seed: 'seed' } as const;

/** Where a volume's content is on the host, looked at just before the start. */
export interface VolumeSource {
  /** Without symlinks. */
  readonly path: string;
  readonly isFile: boolean;
}

/** What {@link planBoot} decides. */
export interface BootPlan {
  readonly disks: readonly VmDisk[];
  readonly shares: readonly VmShareEntry[];
  readonly setup: Omit<GuestSetup, 'nowMs' | 'entropy' | 'shareTransport'>;
}

/** Whether there is anything to put on a seed disk. */
export function needsSeed(record: Pick<SandboxRecord, 'config' | 'isPatched'>): boolean {
  const { scripts, patches } = record.config;
  return Object.keys(scripts).length > 0 || (!record.isPatched && patches.some(seedSource));
}

/** What goes on the seed disk. */
export function seedContents(
  record: Pick<SandboxRecord, 'config' | 'isPatched'>,
): Record<'scripts' | 'patches', SeedItem[]> {
  const { scripts, patches, shell } = record.config;
  const pending = record.isPatched ? [] : patches;
  return {
    scripts: Object.entries(scripts).map(([name, text]) => ({
      name,
      mode: 0o755,
      text: text.startsWith('#!') ? text : `#!${shell}\n${text}`,
    })),
    patches: pending.flatMap((patch, index): SeedItem[] => {
      const name = String(index);
      const source = seedSource(patch);
      if (source === undefined) return [];
      return [typeof source === 'string' ? { name, hostPath: source } : { name, ...source }];
    }),
  };
}

/** Plans a start. `sources` has the volumes that are not tmpfs, by target, and a root directory as `/`. */
export function planBoot(
  record: SandboxRecord,
  files: SandboxFiles,
  sources: ReadonlyMap<string, VolumeSource>,
): BootPlan {
  const { config, root } = record;
  const withUpper = hasUpperDisk(config, root);
  const withSeed = needsSeed(record);
  const shares = rootShares(config, root, sources);
  const volumes = planVolumes(config.volumes, sources, shares.length);
  const disks: VmDisk[] = [
    ...rootDisks(record, files),
    ...(withUpper ? [writableDisk(serials.upper, record, files)] : []),
    ...(withSeed
      ? [
          {
            serial: serials.seed,
            path: files.seed.descriptor,
            format: 'vmdk',
            readOnly: true,
          } as const,
        ]
      : []),
  ];
  return {
    disks,
    shares: [...shares, ...volumes.shares],
    setup: {
      hostname: hostnameOf(config),
      root: guestRoot(config, root, withUpper),
      volumes: volumes.guest,
      network: guestNetwork(),
      ...(withSeed ? { seedSerial: serials.seed } : {}),
      hasScripts: Object.keys(config.scripts).length > 0,
      patches: record.isPatched ? [] : config.patches.map(guestPatch),
    },
  };
}

/** The network of every guest: each is alone on one that is the same. */
export function guestNetwork(): GuestNetwork {
  return {
    mac: macs.guest,
    ipv4: { address: ipv4.guest, prefix: ipv4.prefix, gateway: ipv4.gateway },
    ipv6: { address: ipv6.guest, prefix: ipv6.prefix, gateway: ipv6.gateway },
    nameServers: [addressText(ipv4.gateway)],
  };
}

function rootDisks(record: SandboxRecord, files: SandboxFiles): VmDisk[] {
  const { root } = record;
  const { root: serial } = serials;
  switch (root.kind) {
    case 'image':
      return [{ serial, path: files.rootDescriptor, format: 'vmdk', readOnly: true }];
    case 'directory':
      return [];
    case 'disk': {
      const { path, format, backing } = root;
      if (root.isForked) return [writableDisk(serial, record, files)];
      return [{ serial, path, format, readOnly: false, backing }];
    }
  }
}

/** The disk that is the sandbox's own, with every file that it consists of. */
function writableDisk(serial: string, record: SandboxRecord, { dir }: SandboxFiles): VmDisk {
  const chain = diskOf(record);
  if (chain === undefined) throw new Error('This sandbox has no disk of its own.');
  const [top, ...lower] = chainPaths(dir, chain);
  if (top === undefined) throw new Error('A disk has a file.');
  const backing = [...lower, ...belowDisk(record.root, chain)];
  return { serial, ...top, readOnly: false, ...(backing.length === 0 ? {} : { backing }) };
}

function rootShares(
  config: SandboxConfig,
  root: RootRecord,
  sources: ReadonlyMap<string, VolumeSource>,
): VmShareEntry[] {
  if (root.kind !== 'directory') return [];
  const readOnly = config.root.access === 'ro';
  const { path } = sourceOf('/', sources);
  return [{ name: shareName(0), path, isFile: false, readOnly }];
}

function sourceOf(target: string, sources: ReadonlyMap<string, VolumeSource>): VolumeSource {
  const source = sources.get(target);
  if (source === undefined) throw new Error(`The source of ${target} was not looked at.`);
  return source;
}

function guestRoot(config: SandboxConfig, root: RootRecord, withUpper: boolean): GuestRoot {
  switch (root.kind) {
    case 'image':
      return { kind: 'image', lowerSerial: serials.root, upperSerial: serials.upper };
    case 'directory':
      return {
        kind: 'directory',
        share: shareName(0),
        ...(withUpper ? { upperSerial: serials.upper } : {}),
      };
    case 'disk': {
      const { partition } = config.root;
      return {
        kind: 'disk',
        serial: serials.root,
        ...(partition === undefined ? {} : { partition }),
      };
    }
  }
}

/** In the order of the configuration, which has parents before what is in them. */
function planVolumes(
  volumes: Readonly<Record<string, Volume>>,
  sources: ReadonlyMap<string, VolumeSource>,
  sharesBefore: number,
): { shares: VmShareEntry[]; guest: GuestVolume[] } {
  const shares: VmShareEntry[] = [];
  const guest: GuestVolume[] = [];
  for (const [target, volume] of Object.entries(volumes)) {
    if (volume.tmpfs !== undefined) {
      guest.push({ kind: 'tmpfs', target, sizeMiB: volume.tmpfs.sizeMiB });
      continue;
    }
    const { path, isFile } = sourceOf(target, sources);
    const name = shareName(sharesBefore + shares.length);
    const readOnly = volume.access !== 'rw';
    shares.push({ name, path, isFile, readOnly });
    guest.push({ kind: 'share', target, share: name, isFile, readOnly });
  }
  return { shares, guest };
}

/** What of a patch comes by the seed disk. */
function seedSource(patch: Patch): string | { mode: number; text: string } | undefined {
  switch (patch.kind) {
    case 'text':
    case 'append':
      return { mode: 0o644, text: patch.content };
    case 'file':
    case 'dir':
      return patch.source;
    case 'symlink':
    case 'mkdir':
    case 'remove':
      return undefined;
  }
}

function guestPatch(patch: Patch, index: number): GuestPatch {
  const { path } = patch;
  const source = `patches/${String(index)}`;
  const mode = 'mode' in patch && patch.mode !== undefined ? { mode: parseInt(patch.mode, 8) } : {};
  const owner = 'owner' in patch && patch.owner !== undefined ? { owner: patch.owner } : {};
  switch (patch.kind) {
    case 'text':
    case 'file':
      return { kind: 'file', path, source, ...mode, ...owner, replace: patch.replace };
    case 'dir':
      return { kind: 'dir', path, source, ...owner, replace: patch.replace };
    case 'append':
      return { kind: 'append', path, source };
    case 'symlink':
      return { kind: 'symlink', path, target: patch.target, replace: patch.replace };
    case 'mkdir':
      return { kind: 'mkdir', path, ...mode, ...owner };
    case 'remove':
      return { kind: 'remove', path };
  }
}

/** What the guest calls itself. */
export function hostnameOf({ hostname, name }: SandboxConfig): string {
  return hostname ?? guestHostname(name);
}

/** RFC 1123 labels have letters, digits and hyphens; `_` is what names have besides. Linux takes 64. */
export function guestHostname(name: string): string {
  return name.replaceAll('_', '-').replace(/[.-]+$/, '') || 'sandbox';
}

/** A PATH with the scripts of the sandbox before everything else. */
export function pathWithScripts(path: string): string {
  return `${scriptsDirectory}:${path}`;
}
