/**
 * A program that opens the engine of a home, suspends the sandbox `main` or starts it, and halts
 * where it is told to, so that it can be killed there. Arguments: the home, `suspend` or `start`,
 * where. It writes a line for each thing that it is at; where one is `where`, it is the last. Nothing
 * of the engine knows that it is watched: what renames files is replaced before it is loaded.
 */
import fs from 'node:fs/promises';
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

const [dir = '', what = '', where = ''] = process.argv.slice(2);
const stopped = new Promise(() => undefined);
let isWatched = false;
let saves = 0;

/** Writes the line. At `where` it never goes on; the timer keeps the process from ending. */
async function at(line: string): Promise<void> {
  if (!isWatched) return;
  writeSync(1, `${line}\n`);
  if (line !== where) return;
  setInterval(() => undefined, 60_000);
  await stopped;
}

const rename = fs.rename.bind(fs);
fs.rename = async (from, to) => {
  const name = path.basename(String(to));
  // The record is written more than once; each time by its number.
  const line = name === 'sandbox.json' ? `${name} ${String(isWatched ? ++saves : 0)}` : name;
  await at(`before ${line}`);
  await rename(from, to);
  await at(`after ${line}`);
};
const rm = fs.rm.bind(fs);
fs.rm = async (target, options) => {
  const name = path.basename(String(target));
  if (name === 'suspend') await at('before the saved machine is removed');
  await rm(target, options);
};
const link = fs.link.bind(fs);
fs.link = async (from, to) => {
  await at(`before ${path.basename(String(to))}`);
  await link(from, to);
  await at(`after ${path.basename(String(to))}`);
};
syncBuiltinESMExports();

const { openEngine } = await import('../open-engine.ts');
const { resolvePaths } = await import('../host/paths.ts');
const { silentLogger } = await import('../base/logger.ts');
const paths = resolvePaths({ ...process.env, SKERRY_HOME: dir });
const engine = await openEngine({
  paths,
  socketPath: path.join(paths.runtimeDir, 'test.sock'),
  version: 'test',
  logger: silentLogger,
  presetsDir: path.resolve(import.meta.dirname, '../../../assets/presets'),
  skerryCommand: [],
});
isWatched = true;
const { sandboxes, operations } = engine;
const operation = await (what === 'suspend' ? sandboxes.suspend('main') : sandboxes.start('main'));
const { state, error } = await operations.wait(operation.id);
writeSync(1, `done ${state} ${error?.message ?? ''}\n`);
await engine.close();
