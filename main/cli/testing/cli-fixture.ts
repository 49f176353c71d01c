/** Runs the real command against a host process of the test. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, Readable, type Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { silentLogger, type Engine } from '../../engine/index.ts';
import { startHostProcess, type HostProcess } from '../../server/host-process.ts';
import { runProgram } from '../program.ts';

/** The launcher, as users call it. */
export const skerry = path.resolve(import.meta.dirname, '../../../bin/skerry');

/** How a command ended, and what it wrote. */
export interface Result {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** What is started and where, unless the command in the test's own directory and environment. */
export interface Surroundings {
  readonly program?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
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
  begin(
    args: readonly string[],
    { program = skerry, cwd, env }: Surroundings = {},
  ): ChildProcessWithoutNullStreams {
    return spawn(program, args, {
      env: { ...environment(this.dir), ...env },
      ...(cwd !== undefined && { cwd }),
    });
  }

  /** Runs a command to its end. */
  run(
    args: readonly string[],
    input: string | Uint8Array = '',
    surroundings: Surroundings = {},
  ): Promise<Result> {
    const child = this.begin(args, surroundings);
    // A command that ends before it has read everything closes the pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return finish(child);
  }

  /**
   * Runs a command to its end in this process, where it is loaded already, which is many times
   * faster. One at a time: it takes over what belongs to the process.
   */
  async call(
    args: readonly string[],
    input = '',
    { cwd = this.dir, env }: Omit<Surroundings, 'program'> = {},
  ): Promise<Result> {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const replaced = replaceStreams({ stdin: Readable.from([Buffer.from(input)]), stdout, stderr });
    const before = { env: process.env, cwd: process.cwd() };
    process.env = { ...environment(this.dir), ...env };
    process.chdir(cwd);
    try {
      const written = Promise.all([buffer(stdout), text(stderr)]);
      const code = await runProgram(args);
      stdout.end();
      stderr.end();
      const [out, err] = await written;
      return { code, stdout: out, stderr: err };
    } finally {
      process.env = before.env;
      process.chdir(before.cwd);
      replaced[Symbol.dispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.close();
    await rm(this.dir, { recursive: true });
  }
}

type Streams = Readonly<Record<'stdin' | 'stdout' | 'stderr', Readable | Writable>>;

/** Puts other streams in the place of those of this process, until it is disposed. */
function replaceStreams(streams: Streams): Disposable {
  const before = Object.keys(streams).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  );
  for (const [name, value] of Object.entries(streams)) {
    Object.defineProperty(process, name, { value, configurable: true });
  }
  return {
    [Symbol.dispose]: () => {
      for (const [name, descriptor] of before) {
        if (descriptor !== undefined) Object.defineProperty(process, name, descriptor);
      }
    },
  };
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
