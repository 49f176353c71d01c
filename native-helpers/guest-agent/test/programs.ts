/**
 * Builds the agent's test programs (with the address sanitizer) and runs the agent on this machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const sourceDir = join(import.meta.dirname, '..');
const buildDir = join(sourceDir, '../../node_modules/.cache/skerry-guest-agent-test');

/** How long a build may take on a slow machine; a second one finds everything done. */
export const buildTimeoutMs = 180_000;

/** Runs a program and returns what it wrote; throws with all of it where it fails. */
export async function run(file: string, ...args: string[]): Promise<string> {
  const child = spawn(file, args, { cwd: sourceDir, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${file} ended with ${String(code)}:\n${output}`);
  return output;
}

/** Paths of the test programs. */
interface TestPrograms {
  readonly codecTest: string;
  readonly changesTest: string;
  readonly agent: string;
}

/** Builds the test programs and returns their paths. */
export async function buildTestPrograms(): Promise<TestPrograms> {
  await run('make', 'asan', `OUT=${buildDir}`);
  return {
    codecTest: join(buildDir, 'codec-test'),
    changesTest: join(buildDir, 'changes-test'),
    agent: join(buildDir, 'agent-test-host'),
  };
}

/** An agent that runs on this machine instead of in a guest. */
export interface HostAgent extends AsyncDisposable {
  /** Another connection to its port; the agent serves one at a time. */
  openPort(): Promise<Socket>;
  /** Settles when the agent has ended by itself. */
  readonly ended: Promise<void>;
}

/**
 * Starts an agent; disposing of it ends it, and fails where the sanitizer had something to say.
 * @param overlay directories that it takes for its root, and for what that is joined of: upper, lower
 */
export async function startHostAgent(
  overlay: readonly [root: string, upper: string, lower: string] | readonly [] = [],
): Promise<HostAgent> {
  const { agent } = await buildTestPrograms();
  const dir = await mkdtemp(join(tmpdir(), 'skerry-agent-'));
  const path = join(dir, 'port');
  const child = spawn(agent, [path, ...overlay], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const ended = once(child, 'close').then(() => undefined);
  await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => {
      throw new Error(`The agent ended at once: ${complaints}`);
    }),
  ]);
  return {
    ended,
    async openPort() {
      const socket = connect(path);
      await once(socket, 'connect');
      return socket;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      await rm(dir, { recursive: true, force: true });
      if (/Sanitizer|runtime error/.test(complaints)) throw new Error(complaints);
    },
  };
}
