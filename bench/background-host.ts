/** A host process over a state directory of its own, that only programs of the command line use. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { connectHost, type HostClient } from '../main/server/client/host-client.ts';

/** The command as users call it. */
const skerry = path.resolve(import.meta.dirname, '../bin/skerry');
const run = promisify(execFile);

/** See the head of this file. */
export class BackgroundHost implements AsyncDisposable {
  readonly client: HostClient;
  readonly #process: ChildProcess;
  readonly #dir: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(dir: string, env: NodeJS.ProcessEnv, host: ChildProcess, client: HostClient) {
    this.#dir = dir;
    this.#env = env;
    this.#process = host;
    this.client = client;
  }

  /** @param more variables of its environment */
  static async start(more: NodeJS.ProcessEnv = {}): Promise<BackgroundHost> {
    const dir = await mkdtemp(path.join(tmpdir(), 'skerry-bench-'));
    const env = { ...process.env, ...more, SKERRY_HOME: dir };
    const child = spawn(skerry, ['serve', '--background', '--ready-fd', '3'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    const ready = JSON.parse(await text(child.stdio[3] as Readable)) as { socket?: string };
    if (ready.socket === undefined) throw new Error(`It does not serve: ${JSON.stringify(ready)}`);
    return new BackgroundHost(dir, env, child, await connectHost(ready.socket));
  }

  /** Of the host process. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Runs a command to its end. @throws Error with what it said where it fails */
  async run(...args: readonly string[]): Promise<void> {
    await run(skerry, args, { env: this.#env });
  }

  /** Runs a command until its output matches, and ends it. */
  async until(pattern: RegExp, ...args: readonly string[]): Promise<void> {
    const child = spawn(skerry, args, { env: this.#env, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString('latin1');
    });
    try {
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk: Buffer) => {
          output += chunk.toString('latin1');
          if (pattern.test(output)) resolve();
        });
        child.once('exit', () => {
          reject(new Error(`skerry ${args.join(' ')} ended: ${output}${errors}`));
        });
      });
    } finally {
      // SIGTERM is for the command in the guest, and a shell there does not mind it.
      await end(child, 'SIGKILL');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { sandboxes } = this.client.procedures;
    for (const { name } of await sandboxes.list()) await sandboxes.remove({ name, force: true });
    this.client.close();
    await end(this.#process);
    await rm(this.#dir, { recursive: true, force: true });
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
