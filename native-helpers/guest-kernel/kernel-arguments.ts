/** What is put on the guest kernel's command line, whatever driver boots it. */

const everywhere = [
  // Each character on an emulated serial port is an exit of the guest; errors still come.
  'quiet',
  // Algorithms of the kernel's crypto library would be tested one by one at every boot.
  'cryptomgr.notests',
];

const byArch: Readonly<Record<string, readonly string[]>> = {
  // The host's counter is the guest's: neither a watchdog nor a check between CPUs is needed.
  x64: ['tsc=reliable'],
};

/** Arguments for an architecture as Node names it. */
export function kernelArguments(arch: string): string[] {
  return [...everywhere, ...(byArch[arch] ?? [])];
}
