/** Runs the real command against a host process of the test. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { silentLogger, type Engine } from '../../engine/index.ts';
import { startHostProcess, type HostProcess } from '../../server/host-process.ts';

/** The launcher, as users call it. */
export const skerry = path.resolve(import.meta.dirname, '../../../bin/skerry');

/** How a command ended, and what it wrote. */
export interface Result {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A state directory of its own whose host process serves the given engine over its socket. */
export class CliFixture implements AsyncDisposable {
  readonly dir: string;
  readonly host: HostProcess;

  private constructor(dir: string, host: HostProcess) {
    this.dir = dir;
    this.host = host;
  }

  static async start(engine: Engine): Promise<CliFixture> {
    const dir = await makeTestDir();
    const host = await startHostProcess({
      paths: { stateDir: dir, cacheDir: dir, runtimeDir: path.join(dir, 'run') },
      version: '0.0.0',
      logger: silentLogger,
      openEngine: () => Promise.resolve(engine),
    });
    const owner = { version: 1, pid: process.pid, startTime: '', socket: host.socketPath };
    await writeFile(path.join(dir, 'host.json'), JSON.stringify(owner));
    return new CliFixture(dir, host);
  }

  /** Starts a command. */
  begin(args: readonly string[], program = skerry): ChildProcessWithoutNullStreams {
    return spawn(program, args, { env: environment(this.dir) });
  }

  /** Runs a command to its end. */
  run(args: readonly string[], input: string | Uint8Array = ''): Promise<Result> {
    const child = this.begin(args);
    // A command that ends before it has read everything closes the pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return finish(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.close();
    await rm(this.dir, { recursive: true });
  }
}

/** A temporary directory with room for sockets, whose paths have to be short. */
export async function makeTestDir(): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'skerry-cli-'));
  await mkdir(path.join(dir, 'x'), { mode: 0o700 });
  return dir;
}

/** The environment in which a directory of {@link makeTestDir} is the state directory. */
export function environment(dir: string): NodeJS.ProcessEnv {
  return { ...process.env, SKERRY_HOME: dir, XDG_RUNTIME_DIR: path.join(dir, 'x') };
}

/** Resolves when a started command has ended. */
export async function finish(child: ChildProcessWithoutNullStreams): Promise<Result> {
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  const [stderr, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout: Buffer.concat(parts), stderr };
}
