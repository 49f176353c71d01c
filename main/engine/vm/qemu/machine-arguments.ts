/** The arguments that say what kind of machine it is and how QEMU itself is confined. */
import type { VmPlan } from '../plan.ts';
import { optionList } from './option-arguments.ts';

/** No configuration of the user, no device that was not asked for, no window, no default network. */
export function isolationArguments(seccomp: boolean): string[] {
  const sandbox = optionList('on', {
    obsolete: 'deny',
    elevateprivileges: 'deny',
    spawn: 'deny',
    resourcecontrol: 'deny',
  });
  return [
    ...(seccomp ? ['-sandbox', sandbox] : []),
    '-no-user-config',
    '-nodefaults',
    '-display',
    'none',
    '-nic',
    'none',
  ];
}

/** The name in process lists, and the time before each line of the monitor's log. */
export function nameArguments(plan: VmPlan): string[] {
  return [
    '-name',
    optionList('', { guest: plan.name, 'debug-threads': true }),
    '-msg',
    'timestamp=on',
  ];
}

/**
 * `microvm` with its second IOAPIC has 24 virtio-mmio slots; `virt` has 32.
 * A core dump of QEMU leaves the guest's memory out: it may hold secrets.
 */
export function machineArguments(plan: VmPlan): string[] {
  const machine =
    plan.arch === 'x64'
      ? optionList('microvm', { ioapic2: true, ...commonMachineOptions })
      : optionList('virt', { 'gic-version': 'max', ...commonMachineOptions });
  // Modern virtio: legacy devices cannot negotiate VIRTIO_F_VERSION_1.
  return ['-M', machine, '-global', 'virtio-mmio.force-legacy=false'];
}

const commonMachineOptions = { 'memory-backend': 'memory', 'dump-guest-core': false };

/**
 * Its own: private, so that what was never written is nothing, also when it is read to be saved; or,
 * for a daemon that maps it (virtiofsd), shared. In a file: shared with it, or copied on write.
 * Nothing is allocated before it is touched.
 */
export function memoryArguments(plan: VmPlan, memfd: boolean): string[] {
  const size = `${String(plan.memoryMiB)}M`;
  return ['-m', size, '-object', optionList(...memoryBackend(plan, memfd, size))];
}

function memoryBackend(
  { memory, shares }: VmPlan,
  memfd: boolean,
  size: string,
): Parameters<typeof optionList> {
  const common = { id: 'memory', size };
  if (memory.kind !== 'own') {
    const share = memory.kind === 'kept';
    return ['memory-backend-file', { ...common, 'mem-path': memory.path, share }];
  }
  if (memfd && shares?.transport === 'virtiofs') {
    return ['memory-backend-memfd', { ...common, share: true }];
  }
  return ['memory-backend-ram', { ...common, share: false }];
}

/** How virtual CPUs run. Pointer authentication by the book makes emulated arm64 very slow. */
export function cpuArguments(plan: VmPlan): string[] {
  const emulated = plan.arch === 'arm64' ? 'max,pauth-impdef=on' : 'max';
  return [
    '-accel',
    plan.accelerator === 'tcg' ? 'tcg,thread=multi' : plan.accelerator,
    '-cpu',
    plan.accelerator === 'tcg' ? emulated : 'host',
    '-smp',
    String(plan.cpus),
  ];
}

/**
 * The kernel, or the wait for the state of a saved machine, which on x86-64 needs none: the kernel's
 * file is then not opened at all. A guest that restarts ends its machine.
 */
export function bootArguments(plan: VmPlan): string[] {
  const kernel = [
    ...['-kernel', plan.kernelPath],
    ...['-initrd', plan.initramfsPath],
    ...['-append', plan.commandLine],
  ];
  const restores = plan.from !== undefined;
  return [
    ...(restores && plan.arch === 'x64' ? [] : kernel),
    ...(restores ? ['-incoming', 'defer'] : []),
    '-no-reboot',
  ];
}
