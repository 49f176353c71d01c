import type { VmSpec } from '../vm/driver.ts';

/** A machine with a root disk and a writable one, at paths where nothing is. */
export function aVmSpec(overrides: Partial<VmSpec> = {}): VmSpec {
  return {
    id: 'box',
    cpus: 2,
    memoryMiB: 512,
    accelerator: 'tcg',
    kernelPath: '/assets/vmlinux',
    initramfsPath: '/assets/initramfs.cpio',
    kernelArguments: ['quiet'],
    disks: [
      { serial: 'root', path: '/state/box/root.vmdk', format: 'vmdk', readOnly: true },
      { serial: 'upper', path: '/state/box/upper, disk.raw', format: 'raw', readOnly: false },
    ],
    runtimeDir: '/run/box',
    consoleLogPath: '/state/box/console.log',
    monitorLogPath: '/state/box/monitor.log',
    ...overrides,
  };
}
