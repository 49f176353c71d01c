/**
 * What of the kernel's source has to be otherwise for our configuration. Each change is of a place
 * that is there once; one that is not there any more fails the build instead of being left out.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** One place in the source. */
export interface Mend {
  /** Relative to the source. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Without PCI, ACPICA still wants a handler for the configuration space of PCI, has none, and then
 * gives up on all of ACPI: seen in 6.1.
 */
const acpiWithoutPci: readonly Mend[] = [
  {
    file: 'include/acpi/acconfig.h',
    from: '#define ACPI_NUM_DEFAULT_SPACES         4\n',
    to: '#ifdef CONFIG_PCI\n#define ACPI_NUM_DEFAULT_SPACES         4\n#else\n#define ACPI_NUM_DEFAULT_SPACES         3\n#endif\n',
  },
  {
    file: 'drivers/acpi/acpica/evhandler.c',
    from: '\tACPI_ADR_SPACE_SYSTEM_IO,\n\tACPI_ADR_SPACE_PCI_CONFIG,\n',
    to: '\tACPI_ADR_SPACE_SYSTEM_IO,\n#ifdef CONFIG_PCI\n\tACPI_ADR_SPACE_PCI_CONFIG,\n#endif\n',
  },
];

/**
 * Where algorithms are not tested, a thread is still started for each, which says that it has
 * passed. It can be said at once. Seen in 6.1.
 */
const untestedWithoutThreads: readonly Mend[] = [
  {
    file: 'crypto/algboss.c',
    from: '\tstruct crypto_test_param *param;\n\tu32 type;\n\n',
    to: '\tstruct crypto_test_param *param;\n\tu32 type;\n\n\tif (IS_ENABLED(CONFIG_CRYPTO_MANAGER_DISABLE_TESTS)) {\n\t\tcrypto_alg_tested(alg->cra_driver_name, 0);\n\t\treturn NOTIFY_STOP;\n\t}\n\n',
  },
];

/** The changes for an architecture, as Node names it. */
export function mendsFor(arch: string): readonly Mend[] {
  return arch === 'x64' ? [...acpiWithoutPci, ...untestedWithoutThreads] : untestedWithoutThreads;
}

/**
 * Changes the source; what was changed before stays as it is.
 * @throws Error naming the file where a place is not there, or more than once
 */
export async function mendKernel(sourceDir: string, mends: readonly Mend[]): Promise<void> {
  for (const { file, from, to } of mends) {
    const name = path.join(sourceDir, file);
    const text = await readFile(name, 'utf8');
    if (text.includes(to)) continue;
    const [before, after, ...more] = text.split(from);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${file} of the kernel's source is not as it was: look at mend-kernel.ts.`);
    }
    await writeFile(name, before + to + after);
  }
}
