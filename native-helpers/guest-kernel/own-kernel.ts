/**
 * The own kernel: built from the distribution's kernel source and the fragments in `config/`, and
 * kept in the cache by what it was built from.
 */
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { copyFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { guestAssetsFolder } from '../../main/engine/host/guest-assets-folder.ts';
import { compileKernel } from './compile-kernel.ts';
import { fetchAndUnpack, findKernelSource } from './debian-packages.ts';
import { readFragment } from './kernel-config.ts';
import { hashRecipe } from './recipe.ts';
import { runCommand } from './run-command.ts';

/** What is built, where, and how it is followed. */
export interface OwnKernelOptions {
  /** Where kernels are kept: `guest/kernels` of a cache. */
  readonly kernelsDir: string;
  /** As Node names it. */
  readonly arch: string;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: (step: string) => void;
}

const descriptionSchema = z.strictObject({
  /** Changes with whatever the kernel is built from; its folder is named for it. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
  /** Changes with the fragments, the build and the compiler, and not with the source. */
  recipe: z.string(),
  /** Package and version. */
  source: z.string(),
  /** What the compiler says of itself. */
  compiler: z.string(),
  /** `6.1.176-skerry` */
  release: z.string(),
});

/** A kernel in the cache. */
export interface OwnKernel extends z.infer<typeof descriptionSchema> {
  readonly dir: string;
  /** What a machine boots. */
  readonly imagePath: string;
  readonly configPath: string;
}

/** The folder of own kernels in a cache. */
export function kernelsDirOf(cacheDir: string): string {
  return path.join(cacheDir, guestAssetsFolder, 'kernels');
}

const descriptionFile = 'kernel.json';
const imageFile = 'vmlinux';
const configFile = 'config';
/** With the one before, so that a change can be taken back without building again. */
const keptKernels = 2;
/** What a build that was killed left behind; none takes this long. */
const staleAfterMs = 24 * 60 * 60 * 1000;

/**
 * The kernel of the present recipe that was built last, whatever its source's version; undefined
 * where there is none.
 */
export async function findOwnKernel({
  kernelsDir,
  arch,
  signal,
}: OwnKernelOptions): Promise<OwnKernel | undefined> {
  const kernels = await listKernels(kernelsDir);
  // Nor need there be a compiler.
  if (kernels.length === 0) return undefined;
  const { recipe } = await kernelRecipe(arch, signal);
  return kernels.find((kernel) => kernel.recipe === recipe);
}

/** How the kernel is built. */
export interface BuildOptions extends OwnKernelOptions {
  /** Ask the package lists even where a kernel of the present recipe is there, for newer source. */
  readonly refresh?: boolean;
}

/**
 * Builds the kernel from the newest source in the package lists, or finds it built.
 * @throws Error that says which step failed and what the tool said
 */
export async function buildOwnKernel(
  options: BuildOptions,
): Promise<OwnKernel & { readonly found: boolean }> {
  const { kernelsDir, arch, refresh, signal, onStep } = options;
  const present = refresh === true ? undefined : await findOwnKernel(options);
  if (present !== undefined) return { ...present, found: true };
  await mkdir(kernelsDir, { recursive: true });
  onStep?.('Find the kernel source in the package lists');
  const sourcePackage = await findKernelSource(signal);
  const source = `${sourcePackage.name} ${sourcePackage.version}`;
  const { recipe, compiler } = await kernelRecipe(arch, signal);
  const key = hashRecipe([], [recipe, source]);
  const dir = path.join(kernelsDir, key);
  const found = await readKernel(dir);
  if (found) {
    await touch(dir);
    return { ...found, found: true };
  }

  await removeStale(kernelsDir);
  const workDir = await mkdtemp(path.join(kernelsDir, 'building-'));
  try {
    onStep?.(`Fetch ${source}`);
    const keptDir = path.join(kernelsDir, 'packages');
    const root = await fetchAndUnpack([sourcePackage], { keptDir, workDir, signal });
    onStep?.('Unpack the kernel source');
    const sourceDir = path.join(workDir, 'source');
    await unpackSource(root, sourceDir, signal);
    const outDir = path.join(workDir, 'out');
    await mkdir(outDir);
    const compiled = await compileKernel({ sourceDir, outDir, arch, signal, onStep });

    const newDir = path.join(workDir, 'kernel');
    await mkdir(newDir);
    await copyFile(compiled.imagePath, path.join(newDir, imageFile));
    await copyFile(compiled.configPath, path.join(newDir, configFile));
    const { release } = compiled;
    const description = descriptionSchema.parse({ key, recipe, source, compiler, release });
    await writeFile(path.join(newDir, descriptionFile), JSON.stringify(description, null, 2));
    await publish(newDir, dir);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  await removeOld(kernelsDir);
  const built = await readKernel(dir);
  if (built === undefined) throw new Error(`The kernel in ${dir} went away.`);
  return { ...built, found: false };
}

/** What makes two kernels of one source differ: a digest, and what the compiler says of itself. */
export async function kernelRecipe(
  arch: string,
  signal?: AbortSignal,
): Promise<{ recipe: string; compiler: string }> {
  const scripts = ['compile-kernel.ts', 'mend-kernel.ts'];
  const said = [];
  for (const tool of ['cc', 'ld']) said.push(await runCommand(tool, ['--version'], { signal }));
  const compiler = said.map((text) => text.split('\n')[0] ?? '').join(', ');
  const files = [{ name: 'fragment', data: Buffer.from(await readFragment(arch)) }];
  for (const name of scripts) {
    files.push({ name, data: await readFile(path.join(import.meta.dirname, name)) });
  }
  return { recipe: hashRecipe(files, [arch, compiler]), compiler };
}

/** Whole ones alone, the one that was built or asked for last before the others. */
async function listKernels(kernelsDir: string): Promise<OwnKernel[]> {
  const names = await readdir(kernelsDir).catch(() => []);
  const keys = names.filter((name) => /^[0-9a-f]{16}$/.test(name));
  const dated = await Promise.all(
    keys.map(async (key) => {
      const dir = path.join(kernelsDir, key);
      const usedAtMs = await stat(dir).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { usedAtMs, kernel: await readKernel(dir) };
    }),
  );
  return dated
    .sort((a, b) => b.usedAtMs - a.usedAtMs)
    .flatMap(({ kernel }) => (kernel === undefined ? [] : [kernel]));
}

async function readKernel(dir: string): Promise<OwnKernel | undefined> {
  try {
    const text = await readFile(path.join(dir, descriptionFile), 'utf8');
    const description = descriptionSchema.parse(JSON.parse(text));
    const imagePath = path.join(dir, imageFile);
    const configPath = path.join(dir, configFile);
    for (const file of [imagePath, configPath]) await stat(file);
    return { ...description, dir, imagePath, configPath };
  } catch {
    return undefined;
  }
}

/** The source is an archive in the package: Debian's and Ubuntu's places for it. */
async function unpackSource(root: string, sourceDir: string, signal?: AbortSignal): Promise<void> {
  const entries = await readdir(path.join(root, 'usr/src'), { recursive: true });
  const archive = entries.find((entry) => /linux-source-[^/]+\.tar\.\w+$/.test(entry));
  if (archive === undefined) throw new Error('The kernel source package holds no archive.');
  await mkdir(sourceDir);
  const from = path.join(root, 'usr/src', archive);
  await runCommand('tar', ['-C', sourceDir, '--strip-components=1', '-xf', from], { signal });
}

/** In one step; what another build has put there meanwhile is the same. */
async function publish(newDir: string, dir: string): Promise<void> {
  await chmod(newDir, 0o755);
  // What is there and not whole was damaged: a build puts whole folders in their place.
  if ((await readKernel(dir)) === undefined) await rm(dir, { recursive: true, force: true });
  try {
    await rename(newDir, dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

async function touch(dir: string): Promise<void> {
  const now = new Date();
  await utimes(dir, now, now);
}

async function removeOld(kernelsDir: string): Promise<void> {
  for (const { dir } of (await listKernels(kernelsDir)).slice(keptKernels)) {
    await rm(dir, { recursive: true, force: true });
  }
}

async function removeStale(kernelsDir: string): Promise<void> {
  const names = await readdir(kernelsDir);
  for (const name of names.filter((one) => one.startsWith('building-'))) {
    const dir = path.join(kernelsDir, name);
    const info = await stat(dir).catch(() => undefined);
    if (info === undefined || Date.now() - info.mtimeMs < staleAfterMs) continue;
    await rm(dir, { recursive: true, force: true });
  }
}
