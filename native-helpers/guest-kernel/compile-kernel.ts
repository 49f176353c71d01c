/**
 * Compiles a kernel from its unpacked source. Whatever decides what the bytes are is in this file
 * and in `config/`, so that kernels can be told apart by the two.
 */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { differencesOf, parseKernelConfig, readFragment } from './kernel-config.ts';
import { mendKernel, mendsFor } from './mend-kernel.ts';
import { runCommand } from './run-command.ts';

/** The kernel's name of an architecture, and what a machine of it boots. */
const builds: Readonly<Record<string, KernelBuild>> = {
  x64: { arch: 'x86_64', target: 'vmlinux', image: 'vmlinux', strips: true },
  arm64: { arch: 'arm64', target: 'Image', image: 'arch/arm64/boot/Image', strips: false },
};

interface KernelBuild {
  readonly arch: string;
  readonly target: string;
  /** Where make leaves it. */
  readonly image: string;
  /** It is an ELF file, with names. */
  readonly strips: boolean;
}

/** Nothing of the machine and the moment goes into the kernel. Documentation/kbuild/reproducible-builds.rst */
const reproducible = {
  KBUILD_BUILD_TIMESTAMP: 'Thu Jan  1 00:00:00 UTC 1970',
  KBUILD_BUILD_USER: 'skerry',
  KBUILD_BUILD_HOST: 'skerry',
  KBUILD_BUILD_VERSION: '1',
};

/** What is compiled, where to, and how it is followed. */
export interface CompileOptions {
  readonly sourceDir: string;
  /** A new folder. */
  readonly outDir: string;
  /** As Node names it. */
  readonly arch: string;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((step: string) => void) | undefined;
}

/** Files in `outDir`, and the kernel's own name. */
export interface CompiledKernel {
  readonly imagePath: string;
  readonly configPath: string;
  /** `6.1.176-skerry` */
  readonly release: string;
}

/** @throws Error naming what of the fragment the kernel's rules did not take, or what make said */
export async function compileKernel(options: CompileOptions): Promise<CompiledKernel> {
  const { sourceDir, outDir, signal, onStep } = options;
  const build = builds[options.arch];
  if (build === undefined) throw new Error(`No kernel is built for ${options.arch}.`);
  const make = (target: string, env: Record<string, string> = {}, onLine?: () => void) =>
    runCommand(
      'make',
      [
        ...['-C', sourceDir, `O=${outDir}`, `ARCH=${build.arch}`, 'LOCALVERSION='],
        ...[`-j${String(availableParallelism())}`, target],
      ],
      { signal, env: { ...reproducible, ...env }, ...(onLine === undefined ? {} : { onLine }) },
    );

  const fragment = await readFragment(options.arch);
  const fragmentPath = path.join(outDir, 'fragment.config');
  await writeFile(fragmentPath, fragment);
  await mendKernel(sourceDir, mendsFor(options.arch));
  onStep?.('Configure the kernel');
  await make('allnoconfig', { KCONFIG_ALLCONFIG: fragmentPath });
  const configPath = path.join(outDir, '.config');
  const config = parseKernelConfig(await readFile(configPath, 'utf8'));
  const differences = differencesOf(parseKernelConfig(fragment), config);
  if (differences.length > 0) {
    throw new Error(`The kernel does not take its configuration:\n${differences.join('\n')}`);
  }

  let files = 0;
  await make(build.target, {}, () => {
    files += 1;
    if (files % linesPerStep === 0) onStep?.(`Compile the kernel: ${String(files)} files`);
  });
  const imagePath = path.join(outDir, 'image');
  if (build.strips) {
    // Names that nobody reads: the kernel carries those that it tells itself.
    const image = path.join(outDir, build.image);
    await runCommand('strip', ['--strip-all', '-o', imagePath, image], { signal });
  } else {
    await copyFile(path.join(outDir, build.image), imagePath);
  }
  const release = await readFile(path.join(outDir, 'include/config/kernel.release'), 'utf8');
  return { imagePath, configPath, release: release.trim() };
}

/** make says a line for each file; a hundred of them take some ten seconds. */
const linesPerStep = 100;
