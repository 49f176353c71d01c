import { chmodSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { resolvePaths, type SkerryPaths } from './paths.ts';

const directory = useTemporaryDirectory();
const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const resolve = (
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform = 'linux',
): SkerryPaths => {
  const paths = resolvePaths({ HOME: directory.path, ...env }, platform);
  made.push(paths.runtimeDir);
  return paths;
};

describe('resolvePaths', () => {
  it('follows the XDG base directories', () => {
    const own = (name: string): string => path.join(directory.path, name);
    expect(resolve({})).toMatchObject({
      stateDir: own('.local/share/skerry'),
      cacheDir: own('.cache/skerry'),
    });
    const named = { XDG_DATA_HOME: own('data'), XDG_CACHE_HOME: own('cache') };
    expect(resolve(named)).toMatchObject({
      stateDir: own('data/skerry'),
      cacheDir: own('cache/skerry'),
    });
    expect(resolve({ XDG_DATA_HOME: 'relative' }).stateDir).toBe(own('.local/share/skerry'));
  });

  it('follows macOS', () => {
    expect(resolve({ XDG_DATA_HOME: '/elsewhere' }, 'darwin')).toMatchObject({
      stateDir: path.join(directory.path, 'Library/Application Support/Skerry'),
      cacheDir: path.join(directory.path, 'Library/Caches/Skerry'),
    });
  });

  it('shares the cache between state directories', () => {
    const home = path.join(directory.path, 'state');
    const paths = resolve({ SKERRY_HOME: home });
    expect(paths.stateDir).toBe(home);
    expect(paths.cacheDir).toBe(path.join(directory.path, '.cache/skerry'));
    expect(resolve({ SKERRY_CACHE: '/var/cache/skerry' }).cacheDir).toBe('/var/cache/skerry');
  });

  it('has one runtime directory for a state directory, however it is named', () => {
    const real = path.join(directory.path, 'real');
    mkdirSync(real);
    symlinkSync(real, path.join(directory.path, 'link'));
    const runtimeDirOf = (home: string): string => resolve({ SKERRY_HOME: home }).runtimeDir;
    expect(runtimeDirOf(path.join(directory.path, 'link'))).toBe(runtimeDirOf(real));
    // Before the directory is made, too.
    const later = runtimeDirOf(path.join(directory.path, 'link/later'));
    mkdirSync(path.join(real, 'later'));
    expect(runtimeDirOf(path.join(real, 'later'))).toBe(later);
    expect(later).not.toBe(runtimeDirOf(real));
  });

  it('makes a runtime directory for this user alone', () => {
    const { runtimeDir } = resolve({});
    chmodSync(runtimeDir, 0o755);
    resolve({});
    for (const dir of [runtimeDir, path.dirname(runtimeDir)]) {
      expect(lstatSync(dir).mode & 0o777).toBe(0o700);
    }
    expect(runtimeDir.length).toBeLessThanOrEqual(49);
  });

  it('uses the runtime directory of the session where it is short', () => {
    // Temporary directories of macOS are long by themselves.
    const session = directory.path.length > 33 ? '/tmp' : directory.path;
    const { runtimeDir } = resolve({ XDG_RUNTIME_DIR: session });
    made.push(path.join(session, 'skerry'));
    expect(path.dirname(runtimeDir)).toBe(path.join(session, 'skerry'));
    const long = path.join(directory.path, 'x'.repeat(60));
    mkdirSync(long);
    expect(resolve({ XDG_RUNTIME_DIR: long }).runtimeDir).toMatch(/^\/tmp\/skerry-\d+\//);
    expect(resolve({ XDG_RUNTIME_DIR: '/not/there' }).runtimeDir).toMatch(/^\/tmp\/skerry-\d+\//);
  });

  it('refuses a runtime directory that is something else', () => {
    const { runtimeDir } = resolve({});
    rmSync(runtimeDir, { recursive: true });
    symlinkSync(directory.path, runtimeDir);
    expect(() => resolve({})).toThrow(expect.objectContaining({ code: 'host/runtime-dir-unsafe' }));
    rmSync(runtimeDir);
    writeFileSync(runtimeDir, '');
    expect(() => resolve({})).toThrow();
  });
});
