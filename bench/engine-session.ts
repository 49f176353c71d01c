/** An engine over a new state directory, and the few things a benchmark does with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEngine, resolvePaths, silentLogger, type Engine } from '../main/engine/index.ts';
import type { Session } from '../main/contract/session.ts';

/** Opens one; disposing removes its sandboxes and its directory. */
export async function openBenchEngine(): Promise<{ engine: Engine } & AsyncDisposable> {
  const home = await mkdtemp(path.join(tmpdir(), 'skerry-bench-'));
  const paths = resolvePaths({ ...process.env, SKERRY_HOME: home });
  const engine = await openEngine({
    paths,
    socketPath: path.join(paths.runtimeDir, 'bench.sock'),
    version: 'bench',
    logger: silentLogger,
  });
  return {
    engine,
    [Symbol.asyncDispose]: async () => {
      for (const { name } of engine.sandboxes.list()) {
        await engine.sandboxes.remove(name, { force: true });
      }
      await engine.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Creates a sandbox of the starter image and waits until it runs. */
export async function createStarter(engine: Engine, name: string): Promise<void> {
  const { id } = await engine.sandboxes.create({ name, image: 'skerry/starter' });
  const ended = await engine.operations.wait(id);
  if (ended.state !== 'succeeded') throw new Error(ended.error?.message ?? ended.state);
}

/** Resolves with the output so far when it matches, or when the session has ended. */
export async function readSession(
  engine: Engine,
  session: Session,
  until?: RegExp,
): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const attachment = engine.sessions.attach(session.id, {
      onStdout: (bytes) => {
        output += Buffer.from(bytes).toString();
        attachment.acknowledge(bytes.length);
        if (until?.test(output) === true) {
          attachment.detach();
          resolve(output);
        }
      },
      onStderr: (bytes) => {
        attachment.acknowledge(bytes.length);
      },
      onExit: () => {
        resolve(output);
      },
      onError: reject,
    });
  });
}
