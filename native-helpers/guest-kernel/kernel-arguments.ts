/**
 * What is put on the guest kernel's command line, whatever driver boots it. Each is there for a
 * time that was measured under emulation, where everything is slow enough to see; in medians,
 * the processor time to /init fell from 2.9 s to 2.4 s by the last two of them alone.
 */

const everywhere = [
  // Each character on an emulated serial port is an exit of the guest; errors still come.
  'quiet',
  // The kernel's crypto library would test its algorithms one by one at every boot.
  'cryptomgr.notests',
  // Mounts and module loads wait for grace periods, which an idle small machine takes long over.
  'rcupdate.rcu_expedited=1',
];

const byArch: Readonly<Record<string, readonly string[]>> = {
  x64: [
    // The host's counter is the guest's: neither a watchdog nor a check between CPUs is needed.
    'tsc=reliable',
    // With one CPU the kernel would patch every lock prefix away, and emulation translate it anew.
    'noreplace-smp',
  ],
};

/** For the own kernel alone: what is a module elsewhere is in it from the start. */
const forOwn = [
  // The driver would make a device as soon as it is there.
  'dummy.numdummies=0',
  // It tests a source of random numbers that the generators of IPsec go on without: they have the
  // kernel's pool. The test takes a twelfth of the time to /init under emulation.
  'initcall_blacklist=jent_mod_init',
];

/** Arguments for an architecture as Node names it, and a kernel by where it comes from. */
export function kernelArguments(arch: string, origin: string): string[] {
  return [...everywhere, ...(byArch[arch] ?? []), ...(origin === 'own' ? forOwn : [])];
}
