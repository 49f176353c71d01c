/**
 * Which kernel modules the guest loads, and in which order. The order is read from the modules
 * themselves: packages do not carry modules.dep, which is made when a kernel is installed.
 */
import { readElfSections } from './elf.ts';

/** A module as it says of itself in its `.modinfo` section. */
export interface ModuleInfo {
  /** With `_` for `-`, as the kernel names it. */
  readonly name: string;
  readonly depends: readonly string[];
}

/** A module the guest is to have. */
export interface WantedModule {
  readonly name: string;
  /** Without it no sandbox starts; the others give a feature or speed. */
  readonly required: boolean;
}

const required = (name: string): WantedModule => ({ name, required: true });
const optional = (name: string): WantedModule => ({ name, required: false });

/**
 * Only what every sandbox uses: under emulation each module costs tens of milliseconds a boot.
 * In the order of loading, before dependencies are put in front of what needs them.
 */
export const guestModules: readonly WantedModule[] = [
  required('virtio_mmio'),
  required('virtio_blk'),
  required('virtio_console'),
  optional('virtio_rng'),
  // The checksum of erofs asks for whatever computes crc32c when it is loaded.
  optional('crc32c_intel'),
  optional('crc32c_generic'),
  required('erofs'),
  required('ext4'),
  required('overlay'),
];

/**
 * Modules that a guest loads when its sandbox asks for what they bring, by the name of their list.
 * Those of `diskModules` are megabytes, which only the guests of disk images carry.
 */
export const modulesOnDemand: Readonly<Record<string, readonly string[]>> = {
  virtiofs: ['virtiofs'],
  '9p': ['9pnet_virtio', '9p'],
  network: ['virtio_net'],
};

/** See {@link modulesOnDemand}. */
export const diskModules: Readonly<Record<string, readonly string[]>> = {
  // Each computes its checksums by whatever there is for crc32c, which is loaded already.
  xfs: ['xfs'],
  btrfs: ['btrfs'],
};

/** The kernel's own form of a module's name. */
export function moduleName(fileName: string): string {
  return fileName.replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_');
}

/** What an uncompressed module says of itself. */
export function readModuleInfo(fileName: string, module: Uint8Array): ModuleInfo {
  const section = readElfSections(module).find(({ name }) => name === '.modinfo');
  if (section === undefined) throw new Error(`${fileName} has no .modinfo section.`);
  const fields = Buffer.from(section.data).toString('latin1').split('\0');
  const depends = fields
    .filter((field) => field.startsWith('depends='))
    .flatMap((field) => field.slice('depends='.length).split(','))
    .filter((name) => name !== '');
  return { name: moduleName(fileName), depends: depends.map((name) => moduleName(name)) };
}

const signatureEnd = Buffer.from('~Module signature appended~\n');
/** struct module_signature, the last field of which is the length before it, big-endian. */
const signatureInfoBytes = 12;

/**
 * The module without the signature that may follow it. The initramfs is the host's own and nothing
 * there can be replaced without replacing the kernel's whole world, so that verifying an RSA
 * signature for each module would only cost time.
 */
export function stripModuleSignature(module: Uint8Array): Uint8Array {
  const infoEnd = module.length - signatureEnd.length;
  const end = Buffer.from(module.buffer, module.byteOffset, module.byteLength).subarray(infoEnd);
  if (infoEnd < signatureInfoBytes || !end.equals(signatureEnd)) return module;
  const view = new DataView(module.buffer, module.byteOffset, module.byteLength);
  const length = view.getUint32(infoEnd - 4, false);
  const contentEnd = infoEnd - signatureInfoBytes - length;
  if (contentEnd <= 0) throw new Error('The signature of a module is longer than the module.');
  return module.subarray(0, contentEnd);
}

/** What {@link planModules} decides. */
export interface ModulePlan {
  /** Names in the order of loading; what is built in is not among them. */
  readonly load: readonly string[];
  /** Names that work once these are loaded, built in or not. */
  readonly present: ReadonlySet<string>;
}

/**
 * Puts each wanted module after what it depends on.
 * @param read what a modular module says of itself, or undefined where there is no such module
 * @throws Error where a required module is neither there nor built in
 */
export function planModules(
  wanted: readonly WantedModule[],
  builtIn: ReadonlySet<string>,
  read: (name: string) => ModuleInfo | undefined,
): ModulePlan {
  const load: string[] = [];
  const present = new Set<string>();
  const add = (name: string, path: readonly string[]): boolean => {
    if (present.has(name)) return true;
    if (builtIn.has(name)) {
      present.add(name);
      return true;
    }
    if (path.includes(name)) throw new Error(`The module ${name} depends on itself.`);
    const info = read(name);
    if (info === undefined) return false;
    if (!info.depends.every((dependency) => add(dependency, [...path, name]))) return false;
    present.add(name);
    load.push(name);
    return true;
  };
  for (const { name, required: isRequired } of wanted) {
    if (!add(name, []) && isRequired) {
      throw new Error(`The kernel has no module ${name}, without which no sandbox starts.`);
    }
  }
  return { load, present };
}
