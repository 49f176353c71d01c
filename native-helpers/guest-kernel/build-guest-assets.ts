/**
 * Builds the guest assets: the kernel, the initramfs with the agent, empty disks and the starter
 * image. What was built before from the same recipe is found at once.
 */
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { readlink, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  currentAssetsLink,
  guestAssetsFolder,
} from '../../main/engine/host/guest-assets-folder.ts';
import {
  guestAssetsManifestSchema,
  guestAssetsVersion,
  type GuestAssetsManifest,
  type GuestKernelKind,
} from '../../main/engine/host/guest-assets.ts';
import type { GuestKernelWish } from '../../main/engine/host/guest-kernel-wish.ts';
import { fetchAndUnpack, findPackage } from './debian-packages.ts';
import { buildInitramfs } from './initramfs.ts';
import { kernelArguments } from './kernel-arguments.ts';
import {
  chooseKernel,
  packagesOf,
  readChosenKernel,
  wordOf,
  type KernelChoice,
} from './kernel-choice.ts';
import { kernelsDirOf } from './own-kernel.ts';
import { hashRecipe, readRecipe } from './recipe.ts';
import { runCommand } from './run-command.ts';
import { buildStarterImage, findBusybox } from './starter-image.ts';
import { buildUpperTemplate, upperTemplateSizes } from './upper-template.ts';

/** What is built, where, and how it is followed. */
export interface BuildOptions {
  /** The cache that keeps the assets, and what they are built from. */
  readonly cacheDir: string;
  /** Ask the package lists even where assets of this recipe are there, for a newer kernel. */
  readonly refresh?: boolean;
  /** Which kernel; `auto` where it is not said. */
  readonly kernel?: GuestKernelWish;
  /** Where own kernels are, if not in this cache. */
  readonly kernelsDir?: string;
  /** Another `skerry-agent` than the one that would be built from its sources. */
  readonly agentPath?: string;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: string) => void;
}

/** What was built or found. */
export interface BuiltAssets {
  readonly dir: string;
  readonly manifest: GuestAssetsManifest;
  /** They were there already. */
  readonly found: boolean;
}

const recipeDir = import.meta.dirname;
const agentDir = path.join(recipeDir, '..', 'guest-agent');
/** With the current ones: earlier versions may still use them. Older ones are removed. */
const keptAssets = 3;

/** Debian's names for the architectures that Skerry knows. */
const debianArchs: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Makes the assets of the present recipe the current ones of the cache.
 * @throws Error that says which step failed and what the tool said
 */
export async function buildGuestAssets(options: BuildOptions): Promise<BuiltAssets> {
  const assetsDir = path.join(options.cacheDir, guestAssetsFolder);
  const recipesDir = path.join(assetsDir, 'recipes');
  await mkdir(recipesDir, { recursive: true });
  const choice = await chooseKernel({
    wish: options.kernel ?? 'auto',
    kernelsDir: options.kernelsDir ?? kernelsDirOf(options.cacheDir),
    arch: process.arch,
    signal: options.signal,
  });
  const recipe = await hashSources(options, choice);
  const recipeFile = path.join(recipesDir, recipe);
  if (options.refresh !== true) {
    const found = await findAssets(assetsDir, await readFile(recipeFile, 'utf8').catch(() => ''));
    if (found) {
      await makeCurrent(assetsDir, found.manifest.key, choice.kind);
      return { ...found, found: true };
    }
  }
  const workDir = await mkdtemp(path.join(assetsDir, 'building-'));
  try {
    const manifest = await build(options, choice, recipe, workDir);
    const dir = await publish(workDir, assetsDir, manifest.key);
    await writeFile(recipeFile, manifest.key);
    await makeCurrent(assetsDir, manifest.key, choice.kind);
    await removeOld(assetsDir);
    return { dir, manifest, found: false };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function hashSources({ agentPath }: BuildOptions, choice: KernelChoice): Promise<string> {
  const agent =
    agentPath === undefined
      ? await readRecipe(agentDir)
      : [{ name: 'agent', data: await readFile(agentPath) }];
  return hashRecipe([...(await readRecipe(recipeDir)), ...agent], [process.arch, wordOf(choice)]);
}

async function findAssets(
  assetsDir: string,
  key: string,
): Promise<Omit<BuiltAssets, 'found'> | undefined> {
  if (!/^[0-9a-f]+$/.test(key)) return undefined;
  const dir = path.join(assetsDir, key);
  try {
    const manifest: unknown = JSON.parse(await readFile(path.join(dir, 'manifest.json'), 'utf8'));
    return { dir, manifest: guestAssetsManifestSchema.parse(manifest) };
  } catch {
    return undefined;
  }
}

async function build(
  { cacheDir, agentPath, signal, onStep }: BuildOptions,
  choice: KernelChoice,
  recipe: string,
  workDir: string,
): Promise<GuestAssetsManifest> {
  const debianArch = debianArchs[process.arch];
  if (process.platform !== 'linux' || debianArch === undefined) {
    throw new Error(`Guest assets cannot be built on ${process.platform} ${process.arch}.`);
  }
  onStep?.('Find the packages in their lists');
  const busyboxPackage = await findPackage('busybox-static', signal);
  const packages = [...(await packagesOf(choice, debianArch, signal)), busyboxPackage];
  const versions = packages.map(({ name, version }) => `${name} ${version}`);
  const key = hashRecipe([], [recipe, ...versions]);

  onStep?.(`Fetch ${versions.join(', ')}`);
  const packageRoot = await fetchAndUnpack(packages, {
    keptDir: path.join(cacheDir, guestAssetsFolder, 'packages'),
    workDir,
    signal,
  });
  const outDir = path.join(workDir, 'assets');
  await mkdir(outDir);

  onStep?.('Compile the guest agent');
  const agent = await readFile(agentPath ?? (await compileAgent(workDir, signal)));
  const tools = await compileHostTools(workDir, outDir, signal);

  onStep?.('Make the initramfs');
  const kernel = await readChosenKernel(choice, packageRoot, process.arch);
  await writeFile(path.join(outDir, kernel.imageFileName), kernel.image);
  const { modules, onDemand, forDisks } = kernel;
  const initramfs = buildInitramfs(agent, modules, onDemand);
  await writeFile(path.join(outDir, 'initramfs.cpio'), initramfs);
  // Without modules there is nothing that one of them has and the other has not.
  const diskInitramfs = forDisks.size === 0 ? 'initramfs.cpio' : 'initramfs-disks.cpio';
  if (forDisks.size > 0) {
    const withDisks = buildInitramfs(agent, modules, new Map([...onDemand, ...forDisks]));
    await writeFile(path.join(outDir, diskInitramfs), withDisks);
  }

  onStep?.('Make the empty disks');
  const upperTemplates = [];
  for (const size of upperTemplateSizes) {
    upperTemplates.push(await buildUpperTemplate(size, outDir, tools.dataRanges, signal));
  }

  onStep?.('Make the starter image');
  const starterImage = 'starter-image';
  await buildStarterImage(path.join(outDir, starterImage), {
    packageRoot,
    version: busyboxPackage.version,
    arch: process.arch,
  });

  const shell = 'shell';
  await copyFile(await findBusybox(packageRoot), path.join(outDir, shell));

  const manifest = guestAssetsManifestSchema.parse({
    version: guestAssetsVersion,
    key,
    arch: process.arch,
    kernel: {
      file: kernel.imageFileName,
      release: kernel.release,
      origin: kernel.origin,
      features: kernel.features,
      arguments: kernelArguments(process.arch, kernel.origin),
    },
    initramfs: 'initramfs.cpio',
    diskInitramfs,
    upperTemplates,
    starterImage,
    shell,
    ...(tools.tscRate === undefined ? {} : { tscRate: path.basename(tools.tscRate) }),
    shareMount: path.basename(tools.shareMount),
  });
  await writeFile(path.join(outDir, 'manifest.json'), JSON.stringify(manifest, null, 2));
  return manifest;
}

async function compileAgent(workDir: string, signal?: AbortSignal): Promise<string> {
  const outDir = path.join(workDir, 'agent');
  await mkdir(outDir);
  await runCommand('make', ['-C', agentDir, `OUT=${outDir}`], { signal });
  return path.join(outDir, 'skerry-agent');
}

/** Compiles what is run on the host: here to build, and later by the engine. */
async function compileHostTools(
  workDir: string,
  outDir: string,
  signal?: AbortSignal,
): Promise<{ dataRanges: string; tscRate: string | undefined; shareMount: string }> {
  const compile = async (name: string, dir: string): Promise<string> => {
    const tool = path.join(dir, name);
    const flags = ['-O2', '-static', '-Wall', '-Wextra', '-Werror'];
    const source = path.join(recipeDir, `${name}.c`);
    await runCommand('cc', [...flags, '-o', tool, source], { signal });
    return tool;
  };
  return {
    dataRanges: await compile('data-ranges', workDir),
    tscRate: process.arch === 'x64' ? await compile('tsc-rate', outDir) : undefined,
    shareMount: await compile('share-mount', outDir),
  };
}

/** Moves the finished assets to their place; what is there under this key is the same. */
async function publish(workDir: string, assetsDir: string, key: string): Promise<string> {
  const dir = path.join(assetsDir, key);
  await chmod(path.join(workDir, 'assets'), 0o755);
  try {
    await rename(path.join(workDir, 'assets'), dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    if (await findAssets(assetsDir, key)) return dir;
    // An incomplete folder, which this program never leaves.
    await rm(dir, { recursive: true });
    await rename(path.join(workDir, 'assets'), dir);
  }
  return dir;
}

/** Points the engine at these assets, each link in one step. */
async function makeCurrent(assetsDir: string, key: string, kind: GuestKernelKind): Promise<void> {
  const now = new Date();
  await utimes(path.join(assetsDir, key), now, now);
  const linkDir = await mkdtemp(path.join(assetsDir, 'linking-'));
  try {
    for (const link of [currentAssetsLink(kind), currentAssetsLink()]) {
      await symlink(key, path.join(linkDir, link));
      await rename(path.join(linkDir, link), path.join(assetsDir, link));
    }
  } finally {
    await rm(linkDir, { recursive: true, force: true });
  }
}

/** Never those that a link points at: the last of each kernel. */
async function removeOld(assetsDir: string): Promise<void> {
  const names = await readdir(assetsDir);
  const linked = await Promise.all(
    names
      .filter((name) => name.startsWith(currentAssetsLink()))
      .map((name) => readlink(path.join(assetsDir, name)).catch(() => '')),
  );
  const keys = names.filter((name) => /^[0-9a-f]{16}$/.test(name) && !linked.includes(name));
  const dated = await Promise.all(
    keys.map(async (key) => ({ key, usedAtMs: (await stat(path.join(assetsDir, key))).mtimeMs })),
  );
  const old = dated.sort((a, b) => b.usedAtMs - a.usedAtMs).slice(keptAssets - 1);
  for (const { key } of old) await rm(path.join(assetsDir, key), { recursive: true, force: true });
}
