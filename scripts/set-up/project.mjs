/** Places of this checkout. No script here needs anything but Node 20 before node_modules is there. */
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** The checkout. */
export const projectDir = path.resolve(import.meta.dirname, '../..');

/** What set-up remembers goes with node_modules, so that a fresh one starts from nothing. */
export const stampDir = path.join(projectDir, 'node_modules', '.cache', 'skerry-set-up');

/** The Node that npm put into the checkout: everything after the first step runs on it. */
export const nodePath = path.join(projectDir, 'node_modules', '.bin', 'node');

/**
 * The environment of every tool: the checkout's own commands come first, and npm's settings for
 * the script that runs are not for the npm that it runs.
 */
export function toolEnvironment(env = process.env) {
  const inherited = Object.entries(env).filter(([name]) => !/^npm_(lifecycle|package)_/.test(name));
  const binDir = path.join(projectDir, 'node_modules', '.bin');
  const PATH = [binDir, env.PATH ?? '', '/usr/sbin', '/sbin'].join(path.delimiter);
  // npm and the caches need a home, which a service or a container may not have set.
  return { ...Object.fromEntries(inherited), HOME: env.HOME || homedir(), PATH };
}
