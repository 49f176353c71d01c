/** What the `image` of a configuration is: looked at, and not guessed from its name. */
import type { RootFacts } from '../../contract/config/config-report.ts';
import { isLocalPath } from '../../contract/config/local-path.ts';
import type { RootOptions } from '../../contract/config/root-options.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import { isAppError } from '../base/app-error.ts';
import { inspectDiskImage, type DiskImageFile } from '../host/disk-image.ts';
import type { ConfigProblem, Findings } from './config-problem.ts';
import { expandLocalPath, isAllowed, lookAtLocalFile } from './local-files.ts';

/** A root that can be used, with what its record must say. */
export type ResolvedRoot =
  | Extract<RootFacts, { kind: 'image' | 'directory' }>
  | (Extract<RootFacts, { kind: 'disk' }> & {
      /** The files below, each with its format; nothing else is opened. */
      readonly backing: readonly DiskImageFile[];
    });

/** What was seen, and the configuration with what follows from it filled in. */
export interface RootLook {
  readonly root?: ResolvedRoot;
  readonly image: string;
  readonly options: RootOptions;
}

/** What looking needs. */
export interface RootContext {
  readonly home?: string | undefined;
  readonly isImageStored: (reference: string) => Promise<boolean>;
}

/** Looks at the root and says what is wrong with it. */
export async function lookAtRoot(
  { image, root: options }: Pick<SandboxConfig, 'image' | 'root'>,
  context: RootContext,
  findings: Findings,
): Promise<RootLook> {
  const problem = (path: string, message: string, code: ConfigProblem['code']): RootLook => {
    findings.problems.push({ path, message, code });
    return { image, options };
  };
  if (!isLocalPath(image)) {
    const isStored = await context.isImageStored(image);
    return { root: { kind: 'image', reference: image, isStored }, image, options };
  }
  const file = expandLocalPath(image, context.home);
  if (file === undefined) {
    return problem(
      'image',
      `"${image}" is relative; here a path must be absolute.`,
      'root/not-found',
    );
  }
  const found = await lookAtLocalFile(file);
  if (typeof found === 'string') return problem('image', found, 'root/not-found');
  switch (found.kind) {
    case 'directory':
      return lookAtDirectory(file, found.realPath, options, findings);
    case 'file':
      return lookAtDisk(file, options, findings);
    case 'other':
      return problem('image', `${file} is neither a directory nor a file.`, 'root/unsupported');
  }
}

async function lookAtDirectory(
  file: string,
  realPath: string,
  given: RootOptions,
  findings: Findings,
): Promise<RootLook> {
  refuseOptions(
    given,
    ['format', 'partition', 'fork', 'allowBackingFiles'],
    'a disk image',
    findings,
  );
  const access = given.access ?? 'rw';
  const options = { access };
  const add = (message: string, code: ConfigProblem['code']) => {
    findings.problems.push({ path: 'image', message, code });
  };
  if (realPath === '/') {
    add('"/" is the whole host; choose a directory below it.', 'root/unsupported');
  } else if (!(await isAllowed(realPath, access === 'rw' ? 'rwx' : 'rx'))) {
    const what = access === 'rw' ? 'changed' : 'read';
    add(`${file} cannot be ${what} by this user.`, 'root/unsupported');
  } else if (access === 'rw') {
    findings.notes.push({
      path: 'image',
      message: `The sandbox changes the files of ${file} itself.`,
    });
  }
  return { root: { kind: 'directory', path: file }, image: file, options };
}

async function lookAtDisk(file: string, given: RootOptions, findings: Findings): Promise<RootLook> {
  refuseOptions(given, ['access'], 'a directory', findings);
  const problem = (path: string, message: string, code: ConfigProblem['code']): RootLook => {
    findings.problems.push({ path, message, code });
    return { image: file, options: given };
  };
  try {
    const { format, virtualBytes, backing, otherFiles } = await inspectDiskImage(file, {
      ...(given.format === undefined ? {} : { format: given.format }),
    });
    const backingFiles = [...backing.map(({ path }) => path), ...otherFiles];
    const fork = given.fork === true || format === 'vmdk';
    const { access: _ofDirectories, ...kept } = given;
    const options: RootOptions = { ...kept, format, fork };
    const root: ResolvedRoot = {
      kind: 'disk',
      path: file,
      format,
      virtualBytes,
      backingFiles,
      backing,
    };
    if (backingFiles.length > 0 && given.allowBackingFiles !== true) {
      findings.problems.push({
        path: 'root.allowBackingFiles',
        message: `${file} would open other files as well: ${backingFiles.join(', ')}.`,
        code: 'root/backing-refused',
      });
    } else if (!fork && !(await isAllowed(file, 'rw'))) {
      problem(
        'image',
        `${file} cannot be written by this user; fork it instead.`,
        'root/unsupported',
      );
    }
    if (format === 'vmdk' && given.fork !== true) {
      findings.notes.push({
        path: 'root.fork',
        message: 'A VMDK is never written: changes go to an overlay of the sandbox.',
      });
    } else if (!fork) {
      findings.notes.push({ path: 'image', message: `The sandbox writes to ${file} itself.` });
    }
    return { root, image: file, options };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return problem('image', error.message, error.code);
  }
}

function refuseOptions(
  given: RootOptions,
  names: readonly (keyof RootOptions)[],
  what: string,
  { problems }: Findings,
): void {
  for (const name of names) {
    // What says "no" asks for nothing.
    if (given[name] === undefined || given[name] === false) continue;
    const message = `"${name}" is for ${what}.`;
    problems.push({ path: `root.${name}`, message, code: 'config/invalid' });
  }
}
