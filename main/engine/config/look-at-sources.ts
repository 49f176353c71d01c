/** The files of the host that volumes and patches name: made absolute, and looked at. */
import type { Patch } from '../../contract/config/patch.ts';
import type { Volume } from '../../contract/config/volume.ts';
import type { Findings } from './config-problem.ts';
import { expandLocalPath, isAllowed, lookAtLocalFile } from './local-files.ts';

type Volumes = Readonly<Record<string, Volume>>;

/** Looks at the sources of bind volumes; gives the volumes back with absolute paths. */
export async function lookAtVolumes(
  volumes: Volumes,
  home: string | undefined,
  { problems }: Findings,
): Promise<Record<string, Volume>> {
  const seen = Object.entries(volumes).map(async ([target, volume]) => {
    if (volume.bind === undefined) return [target, volume] as const;
    const problem = (message: string): void => {
      problems.push({ path: `volumes.${target}.bind`, message, code: 'volume/source-missing' });
    };
    const source = expandLocalPath(volume.bind, home);
    if (source === undefined) {
      problem(`"${volume.bind}" is relative; here a path must be absolute.`);
      return [target, volume] as const;
    }
    const found = await lookAtLocalFile(source);
    if (typeof found === 'string') problem(`The source of ${target} is missing. ${found}`);
    else if (found.kind === 'other') problem(`${source} is neither a directory nor a file.`);
    else {
      const access = volume.access ?? 'ro';
      const wanted = found.kind === 'directory' ? (access === 'rw' ? 'rwx' : 'rx') : access;
      if (!(await isAllowed(found.realPath, wanted === 'ro' ? 'r' : wanted))) {
        problem(`${source} cannot be ${access === 'rw' ? 'written' : 'read'} by this user.`);
      }
    }
    return [target, { ...volume, bind: source }] as const;
  });
  return Object.fromEntries(await Promise.all(seen));
}

/** Looks at what patches copy from the host; gives the patches back with absolute paths. */
export async function lookAtPatches(
  patches: readonly Patch[],
  home: string | undefined,
  { problems }: Findings,
): Promise<Patch[]> {
  const seen = patches.map(async (patch, index) => {
    if (patch.kind !== 'file' && patch.kind !== 'dir') return patch;
    const problem = (message: string): void => {
      const path = `patches.${String(index)}.source`;
      problems.push({ path, message, code: 'patch/source-missing' });
    };
    const source = expandLocalPath(patch.source, home);
    if (source === undefined) {
      problem(`"${patch.source}" is relative; here a path must be absolute.`);
      return patch;
    }
    const found = await lookAtLocalFile(source);
    const wanted = patch.kind === 'file' ? 'file' : 'directory';
    if (typeof found === 'string') problem(found);
    else if (found.kind !== wanted) problem(`${source} is no ${wanted}.`);
    else if (!(await isAllowed(found.realPath, wanted === 'file' ? 'r' : 'rx'))) {
      problem(`${source} cannot be read by this user.`);
    }
    return { ...patch, source };
  });
  return Promise.all(seen);
}
