import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A directory that is new for each test. */
export interface TemporaryDirectory {
  readonly path: string;
}

/** Gives each test of the `describe` it is called in an empty directory, removed afterwards. */
export function useTemporaryDirectory(): TemporaryDirectory {
  let path: string | undefined;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'skerry-test-'));
  });
  afterEach(async () => {
    if (path !== undefined) await rm(path, { recursive: true, force: true });
    path = undefined;
  });
  return {
    get path() {
      if (path === undefined) throw new Error('The temporary directory exists in tests only.');
      return path;
    },
  };
}

/** A temporary directory for a hook or a script; `await using` removes it. */
export async function makeTemporaryDirectory(): Promise<TemporaryDirectory & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'skerry-test-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
