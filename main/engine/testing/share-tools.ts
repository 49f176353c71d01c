/** What shares directories on this machine, for tests of what stands below the engine. Needs cc and virtiofsd. */
import { join } from 'node:path';
import type { ShareTools } from '../host/share-command.ts';
import { probeShares } from '../host/share-probe.ts';
import { runTool } from './run-tool.ts';

const source = join(import.meta.dirname, '../../../native-helpers/guest-kernel/share-mount.c');

/** Compiles share-mount.c into a directory and returns its path. */
export async function compileShareMount(directory: string): Promise<string> {
  const program = join(directory, 'share-mount');
  await runTool('cc', ['-O2', '-static', '-Wall', '-Wextra', '-Werror', '-o', program, source]);
  return program;
}

/** The tools that the probe finds, as this user; `directory` takes the program and what is remembered. */
export async function findShareTools(directory: string): Promise<ShareTools> {
  const { tools, evidence } = await probeShares({
    cacheDir: directory,
    features: { virtiofs: true, ninep: false },
    shareMountPath: await compileShareMount(directory),
  });
  if (tools === undefined) throw new Error(evidence);
  return tools;
}
