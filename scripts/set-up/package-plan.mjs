/** Decides which Debian packages to install, and by which command. Pure. */

/** @typedef {'start' | 'kernel' | 'test'} Purpose `kernel` is to build our own. */

/** @type {Record<string, string>} */
const emulators = { x64: 'qemu-system-x86', arm64: 'qemu-system-arm' };

/**
 * The packages that a purpose needs on this architecture, as Node names it.
 * @param {Purpose} purpose
 * @param {string} arch
 * @returns {string[]}
 */
export function neededPackages(purpose, arch) {
  const forStart = [
    ...(arch in emulators ? [emulators[arch]] : []),
    // The guest agent is compiled here, and the empty disks are made by mke2fs.
    ...['gcc', 'libc6-dev', 'make', 'musl-tools', 'binutils', 'e2fsprogs'],
    // Kernel modules of newer distributions are compressed by it.
    'xz-utils',
    // What a disk image is, and forks of it, are qemu-img's to say and make.
    'qemu-utils',
    // Echoes (ICMP) of guests to elsewhere are asked for by it.
    'iputils-ping',
  ];
  if (purpose === 'start') return forStart;
  const forKernel = [...forStart, 'bc', 'bison', 'flex', 'libelf-dev', 'perl'];
  if (purpose === 'kernel') return forKernel;
  return [
    // The kernel of ours is tested beside the distribution's.
    ...forKernel,
    // A registry, and other programs' views of the same images.
    ...['docker-registry', 'skopeo', 'umoci', 'debootstrap', 'busybox-static'],
    ...['erofs-utils', 'chromium', 'xvfb', 'iproute2', 'openssl'],
    // An emulator that a desktop has, to open a terminal in.
    'xterm',
    // Disks with partitions and the filesystems that a root can have.
    ...['fdisk', 'xfsprogs', 'btrfs-progs'],
    // A guest of our kernel makes firewalls as VPNs and Docker do, with this machine's programs.
    ...['nftables', 'iptables'],
    // Passwords of a registry, and where other programs keep theirs.
    ...['apache2-utils', 'libsecret-tools', 'gnome-keyring', 'dbus-daemon'],
    ...['golang-docker-credential-helpers', 'pass'],
    // Builders of images, and readers of those that are exported.
    ...['buildah', 'podman', 'crun'],
  ];
}

/** Where QEMU itself brings the daemon that shares directories, as on Debian 12. */
export const bundledShareDaemon = '/usr/lib/qemu/virtiofsd';

/** Packages that are wanted where the distribution has them: the daemon that shares directories. */
export const optionalPackages = ['virtiofsd'];

/**
 * Those of `names` that are not installed, by what `dpkg-query --show` printed for them in the
 * format {@link queryFormat}.
 * @param {readonly string[]} names
 * @param {string} queryOutput
 */
export function missingPackages(names, queryOutput) {
  const installed = new Set();
  for (const line of queryOutput.split('\n')) {
    const [name, status] = line.split('\t');
    if (name !== undefined && status?.trim() === 'ii') installed.add(name);
  }
  return names.filter((name) => !installed.has(name));
}

/** For `dpkg-query --showformat`. */
export const queryFormat = '${Package}\\t${db:Status-Abbrev}\\n';

/**
 * The apt-get command that installs packages, or brings the package lists up to date.
 * @param {string[]} args
 * @param {'root' | 'sudo'} as
 */
export function aptCommand(args, as) {
  const command = ['apt-get', '-o', 'DPkg::Lock::Timeout=600', ...args];
  // A package that asks while it is configured would wait for an answer that nobody gives.
  const withoutQuestions = ['env', 'DEBIAN_FRONTEND=noninteractive', ...command];
  return as === 'root' ? withoutQuestions : ['sudo', ...withoutQuestions];
}

/**
 * The arguments of apt-get that install packages.
 * @param {readonly string[]} names
 * @returns {string[]}
 */
export function installArguments(names) {
  return ['install', '-y', '--no-install-recommends', ...names];
}

/**
 * How to go about what needs root.
 * @param {{ isRoot: boolean, yes: boolean, isTerminal: boolean, hasSudo: boolean }} situation
 * @returns {'as-root' | 'with-sudo' | 'ask' | 'tell'}
 */
export function chooseWay({ isRoot, yes, isTerminal, hasSudo }) {
  if (isRoot) return 'as-root';
  if (!hasSudo) return 'tell';
  if (yes) return 'with-sudo';
  return isTerminal ? 'ask' : 'tell';
}
