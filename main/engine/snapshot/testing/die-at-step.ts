/**
 * A process that changes a disk chain and is killed before one of its steps: `dir`, what it does,
 * and the number of the step. It ends with 0 where it has no step of that number.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

const [dir = '', what = '', step = ''] = process.argv.slice(2);
let left = Number(step);

/** What changes the filesystem, and is one step of it. */
const changing = ['link', 'rename', 'chmod', 'rm', 'mkdir', 'writeFile', 'open'] as const;
const promises = fs.promises as unknown as Record<string, (...args: unknown[]) => unknown>;
for (const name of changing) {
  const original = promises[name];
  if (original === undefined) throw new Error(`There is no ${name}.`);
  promises[name] = (...args) => {
    // A file that is only read is no change.
    if (name !== 'open' || (args[1] !== undefined && args[1] !== 'r')) {
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
    }
    return original.apply(fs.promises, args);
  };
}
syncBuiltinESMExports();

const { ChainHome } = await import('./chain-home.ts');
const home = new ChainHome(path.resolve(dir));
if (what === 'freeze') await home.freeze();
else if (what === 'adopt') await home.adopt();
else if (what === 'remove') await home.remove();
else throw new Error(`Nothing is "${what}".`);
