/** Where a copy goes, as `docker cp` and `cp -r` have it. Pure. */
import path from 'node:path';
import { UsageError } from '../exit-code.ts';
import type { LocalEnd } from './copy-ends.ts';

/** What is at a path. */
export type Kind = 'file' | 'directory' | 'nothing';

/** Where a tar is unpacked. */
export interface CopyPlace {
  /** The directory, which is there; with `makes` it is made, and its parent is there. */
  readonly directory: string;
  readonly makes: boolean;
  /** What the copied file or directory is called there; without it what is in it is copied. */
  readonly name: string | undefined;
}

/** One end of a copy, as it is found. */
export interface FoundEnd extends LocalEnd {
  readonly kind: Kind;
}

/**
 * | from \ to    | a directory                 | a file      | nothing                          |
 * | ------------ | --------------------------- | ----------- | -------------------------------- |
 * | file         | into it, by its name        | replaces it | is called so                     |
 * | directory    | into it, by its name        | refused     | is called so                     |
 * | directory/.  | what is in it goes into it  | refused     | is made, and gets what is in it  |
 * @throws UsageError
 */
export function placeCopy(from: FoundEnd, to: FoundEnd): CopyPlace {
  if (to.kind === 'file' && from.kind === 'directory') {
    throw new UsageError(`${to.path} is a file, and ${from.path} is a directory.`);
  }
  if (to.kind !== 'directory' && to.isDirectory && from.kind === 'file') {
    throw new UsageError(`There is no directory ${to.path}.`);
  }
  if (from.isContents) {
    return { directory: to.path, makes: to.kind === 'nothing', name: undefined };
  }
  if (to.kind === 'directory') {
    const name = path.posix.basename(from.path);
    // A root has no name: what is in it is all there is.
    return { directory: to.path, makes: false, name: name === '' ? undefined : name };
  }
  if (path.posix.basename(from.path) === '') {
    return { directory: to.path, makes: to.kind === 'nothing', name: undefined };
  }
  return {
    directory: path.posix.dirname(to.path),
    makes: false,
    name: path.posix.basename(to.path),
  };
}
