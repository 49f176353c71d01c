/**
 * A program that a test kills while it makes a template. Arguments: state directory, cache
 * directory.
 */
import path from 'node:path';
import { silentLogger } from '../base/logger.ts';
import { resolvePaths } from '../host/paths.ts';
import { openEngine } from '../open-engine.ts';
import { createSandbox } from './test-engine.ts';

const [stateDir = '', cacheDir = ''] = process.argv.slice(2);
const paths = resolvePaths({ ...process.env, SKERRY_HOME: stateDir, SKERRY_CACHE: cacheDir });
const engine = await openEngine({
  paths,
  socketPath: path.join(paths.runtimeDir, 'test.sock'),
  version: 'test',
  templates: 'ahead',
  logger: silentLogger,
  presetsDir: stateDir,
  skerryCommand: [],
});
await createSandbox(engine, { name: 'waits' });
