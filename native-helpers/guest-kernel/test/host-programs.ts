/** Programs of this machine for a guest: each with the libraries it is linked to, in its place. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from '../../../main/engine/testing/run-tool.ts';
import type { CpioEntry } from '../cpio.ts';

/**
 * Entries of an archive with these programs and folders, and every folder above them. A link
 * becomes what it points at.
 */
export async function hostPrograms(
  programs: readonly string[],
  folders: readonly string[] = [],
): Promise<CpioEntry[]> {
  const files = new Set(programs);
  for (const folder of folders) {
    for (const name of await readdir(folder)) files.add(path.join(folder, name));
  }
  const linked = await Promise.all([...files].map((file) => librariesOf(file)));
  for (const library of linked.flat()) files.add(library);
  const entries = new Map<string, CpioEntry>();
  for (const file of files) {
    if (!(await stat(file)).isFile()) continue;
    for (let dir = path.dirname(file); dir !== '/'; dir = path.dirname(dir)) {
      const name = dir.slice(1);
      entries.set(name, { type: 'directory', path: name, mode: 0o755 });
    }
    const name = file.slice(1);
    const data = await readFile(await realpath(file));
    entries.set(name, { type: 'file', path: name, mode: 0o755, data });
  }
  return [...entries.values()];
}

/** As the loader finds them; none for what is not linked. */
async function librariesOf(file: string): Promise<string[]> {
  const output = await runTool('ldd', [file]).catch(() => '');
  return [...output.matchAll(/(\/\S+) \(0x/g)].map(([, library]) => library ?? '');
}
