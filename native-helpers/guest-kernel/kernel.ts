/** Takes the kernel and the modules out of unpacked packages. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { decompress } from './decompress.ts';
import type { KernelFeatures } from './kernel-config.ts';
import { extractPvhKernel } from './kernel-image.ts';
import {
  diskModules,
  guestModules,
  moduleName,
  modulesOnDemand,
  planModules,
  readModuleInfo,
  stripModuleSignature,
  type ModuleInfo,
} from './kernel-modules.ts';

/** What programs for containers need, by the names of modules. */
const modulesOfContainers = [
  'veth',
  'bridge',
  'br_netfilter',
  'nf_tables',
  'iptable_nat',
  'xt_addrtype',
];

/** A module as the guest is to load it. */
export interface GuestModule {
  readonly fileName: string;
  readonly data: Uint8Array;
}

/** Lists of modules, each in the order of loading. */
export type ModuleLists = ReadonlyMap<string, readonly GuestModule[]>;

/** Everything of a kernel that the guest assets are made of. */
export interface GuestKernel {
  /** Whose kernel it is. */
  readonly origin: 'own' | 'debian-cloud' | 'ubuntu';
  /** `6.1.0-49-cloud-amd64` */
  readonly release: string;
  /** What a machine boots: an uncompressed ELF with a PVH entry, or the packaged image. */
  readonly image: Uint8Array;
  readonly imageFileName: string;
  /** What every guest loads, in the order of loading. */
  readonly modules: readonly GuestModule[];
  /** What a guest loads when it is asked for, by the name of the list. */
  readonly onDemand: ModuleLists;
  /** The same, for guests whose root is a disk image. */
  readonly forDisks: ModuleLists;
  readonly features: KernelFeatures;
}

/** Reads the kernel whose packages were unpacked into `rootDir`. @throws Error saying what is missing */
export async function readGuestKernel(rootDir: string, arch: string): Promise<GuestKernel> {
  const { release, dir } = await findModuleTree(rootDir);
  const packaged = await readFile(path.join(rootDir, 'boot', `vmlinuz-${release}`));
  const pvh = arch === 'x64' ? extractPvhKernel(packaged) : undefined;
  const files = await listModuleFiles(dir);
  const builtIn = (await readFile(path.join(dir, 'modules.builtin'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => moduleName(path.basename(line)));

  const contents = new Map<string, GuestModule>();
  const read = (file: string): Promise<Uint8Array> =>
    readFile(file).then((bytes) => stripModuleSignature(decompress(bytes)));
  const lists = { ...modulesOnDemand, ...diskModules };
  const wanted = [...guestModules.map(({ name }) => name), ...Object.values(lists).flat()];
  const infos = await readInfos(wanted, files, read, contents);
  const inBuild = new Set(builtIn);
  const { load, present } = planModules(guestModules, inBuild, (name) => infos.get(name));
  const modulesOf = (names: readonly string[]): readonly GuestModule[] =>
    names.flatMap((name) => contents.get(name) ?? []);
  const there = new Set(present);
  const planLists = (of: Readonly<Record<string, readonly string[]>>): ModuleLists =>
    new Map(
      Object.entries(of).map(([list, names]) => {
        const planned = planModules(
          names.map((name) => ({ name, required: false })),
          new Set([...inBuild, ...present]),
          (name) => infos.get(name),
        );
        if (names.every((name) => planned.present.has(name))) there.add(list);
        return [list, modulesOf(planned.load)];
      }),
    );
  const onDemand = planLists(modulesOnDemand);
  const forDisks = planLists(diskModules);
  return {
    origin: release.includes('-cloud-') ? 'debian-cloud' : 'ubuntu',
    release,
    // Where it cannot be entered directly it is booted as it was packaged. QEMU unpacks gzip
    // for arm64, which it would do at every start, so that is done here.
    image: pvh ?? (arch === 'x64' ? packaged : decompress(packaged)),
    imageFileName: pvh === undefined ? 'vmlinuz' : 'vmlinux',
    modules: modulesOf(load),
    onDemand,
    forDisks,
    features: {
      virtiofs: there.has('virtiofs'),
      ninep: there.has('9p'),
      network: there.has('network'),
      xfs: there.has('xfs'),
      btrfs: there.has('btrfs'),
      // A guest has no modules but those it is given, which are none of these.
      tun: inBuild.has('tun'),
      wireguard: inBuild.has('wireguard'),
      containers: modulesOfContainers.every((name) => inBuild.has(name)),
    },
  };
}

/** Reads the wanted modules and whatever they depend on, as far as there are such files. */
async function readInfos(
  wanted: readonly string[],
  files: ReadonlyMap<string, string>,
  read: (file: string) => Promise<Uint8Array>,
  contents: Map<string, GuestModule>,
): Promise<Map<string, ModuleInfo>> {
  const infos = new Map<string, ModuleInfo>();
  const waiting = [...wanted];
  for (const name of waiting) {
    const file = files.get(name);
    if (file === undefined || infos.has(name)) continue;
    const data = await read(file);
    const info = readModuleInfo(path.basename(file), data);
    infos.set(name, info);
    contents.set(name, { fileName: `${name}.ko`, data });
    waiting.push(...info.depends);
  }
  return infos;
}

async function findModuleTree(rootDir: string): Promise<{ release: string; dir: string }> {
  for (const parent of ['lib/modules', 'usr/lib/modules']) {
    const releases = await readdir(path.join(rootDir, parent)).catch(() => []);
    for (const release of releases) {
      const dir = path.join(rootDir, parent, release);
      if ((await readdir(dir)).includes('kernel')) return { release, dir };
    }
  }
  throw new Error('The kernel packages hold no modules.');
}

async function listModuleFiles(dir: string): Promise<Map<string, string>> {
  const entries = await readdir(path.join(dir, 'kernel'), { recursive: true });
  const modules = entries.filter((entry) => /\.ko(\.\w+)?$/.test(entry));
  return new Map(
    modules.map((entry) => [moduleName(path.basename(entry)), path.join(dir, 'kernel', entry)]),
  );
}
