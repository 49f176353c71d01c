/**
 * A program for tests that run as root: it becomes an ordinary user, makes a sandbox that shares a
 * directory, and prints what a script wrote there. Arguments: user id, state directory, cache
 * directory, shared directory, script. Everything is loaded before root is given up, so that the
 * user need not be able to read the checkout.
 */
import path from 'node:path';
import { silentLogger } from '../base/logger.ts';
import { resolvePaths } from '../host/paths.ts';
import { openEngine } from '../open-engine.ts';
import { createSandbox, runScript } from './test-engine.ts';

const [uid = '', stateDir = '', cacheDir = '', shared = '', script = ''] = process.argv.slice(2);

process.setgroups?.([]);
process.setgid?.(Number(uid));
process.setuid?.(Number(uid));
const env = { HOME: stateDir, SKERRY_HOME: stateDir, SKERRY_CACHE: cacheDir };
Object.assign(process.env, env, { SKERRY_ACCEL: 'tcg' });
delete process.env['XDG_RUNTIME_DIR'];
process.umask(0o022);

const paths = resolvePaths();
const engine = await openEngine({
  paths,
  socketPath: path.join(paths.runtimeDir, 'test.sock'),
  version: 'test',
  logger: silentLogger,
  presetsDir: stateDir,
  skerryCommand: [],
});
const volumes = { '/shared': { bind: shared, access: 'rw' }, '/named': { named: 'own' } } as const;
try {
  await createSandbox(engine, { name: 'ordinary', volumes });
  const result = await runScript(engine, 'ordinary', script);
  const volume = await engine.volumes.inspect('own');
  process.stdout.write(JSON.stringify({ ...result, volume: volume.path }));
} finally {
  for (const { name } of engine.sandboxes.list()) {
    await engine.sandboxes.remove(name, { force: true });
  }
  await engine.close();
}
