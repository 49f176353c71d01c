/** A root made by debootstrap, made once for a machine and unpacked for each test that wants one. */
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { resolvePaths } from '../host/paths.ts';
import { runTool } from './run-tool.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

const suite = 'bookworm';

/** How long making it may take on a slow machine; unpacking it takes a second. */
export const debianRootTimeoutMs = 600_000;

/** Unpacks a minimal Debian into `dir`, which is made. Needs root, as debootstrap does. */
export async function unpackDebianRoot(dir: string): Promise<void> {
  const archive = path.join(
    resolvePaths().cacheDir,
    'test',
    `${suite}-minbase-${process.arch}.tar`,
  );
  if ((await stat(archive).catch(() => undefined)) === undefined) await makeArchive(archive);
  await mkdir(dir, { recursive: true });
  await runTool('tar', ['--extract', '--numeric-owner', '--xattrs', '-C', dir, '-f', archive]);
}

async function makeArchive(archive: string): Promise<void> {
  await using directory = await makeTemporaryDirectory();
  const root = path.join(directory.path, 'root');
  const sites = await runTool('apt-get', ['indextargets', '--format', '$(SITE) $(CODENAME)']);
  const site = sites
    .split('\n')
    .find((line) => line.endsWith(` ${suite}`))
    ?.split(' ')[0];
  if (site === undefined) throw new Error(`The package lists have nothing of ${suite}.`);
  await runTool('debootstrap', ['--variant=minbase', suite, root, site]);
  await rm(path.join(root, 'var/cache/apt/archives'), { recursive: true, force: true });
  await mkdir(path.dirname(archive), { recursive: true });
  const draft = `${archive}.${String(process.pid)}`;
  await runTool('tar', ['--create', '--numeric-owner', '--xattrs', '-C', root, '-f', draft, '.']);
  await rename(draft, archive);
}
