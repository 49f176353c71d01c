/**
 * What Skerry adds to a terminal of its guest, without a window: from a key to its echo beside a
 * flood, and how fast output comes out. The limit is a terminal with both its ends in that guest,
 * beside the same flood or with the same output: what is left then is the guest and its processor.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Engine } from '../main/engine/index.ts';
import { createSandbox, runScript, TestHome } from '../main/engine/testing/test-engine.ts';
import { compare, figure, median, percentile, type Figure } from './statistics.ts';

const keysPerRound = 100;
const pauseMs = 20;
const outputMiB = 4;
const name = 'bench';
const probe = '/tmp/guest-terminal';
const tty = { rows: 40, columns: 120 };
const against = 'a terminal inside the guest';
const output = `yes ${'x'.repeat(62)} | head -c ${String(outputMiB * 1024 * 1024)}`;

/** Latencies as median and 99th percentile, and the time of some MiB of output. */
export async function benchGuestTerminal(rounds: number): Promise<Figure[]> {
  await using home = await TestHome.make();
  const engine = await home.open();
  await createSandbox(engine, { name });
  await bringProbe(engine);
  const ours: number[] = [];
  const limit: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const sides = [
      async () => ours.push(...(await echoMs(engine))),
      async () => limit.push(...(await guestEchoMs(engine))),
    ];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
    process.stderr.write(`  echo ${String(round + 1)}/${String(rounds)}\n`);
  }
  const echo = (what: string) =>
    ({ name: `echo beside a flood, ${what}`, unit: 'ms', against }) as const;
  return [
    figure(echo('median'), median(ours), median(limit)),
    figure(echo('99th percentile'), percentile(ours, 0.99), percentile(limit, 0.99)),
    await compare(
      { name: `${String(outputMiB)} MiB out of a terminal`, unit: 'ms', against },
      rounds,
      () => timed(() => readAll(engine, output)),
      () => timed(() => runScript(engine, name, `${probe} drain sh -c '${output}'`)),
    ),
  ];
}

async function bringProbe(engine: Engine): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'skerry-bench-'));
  try {
    const file = path.join(dir, 'guest-terminal');
    const source = path.join(import.meta.dirname, 'guest-terminal.c');
    await promisify(execFile)('cc', ['-O2', '-Wall', '-Werror', '-static', '-o', file, source]);
    const command = ['sh', '-c', `cat >${probe} && chmod +x ${probe}`];
    const session = await engine.sandboxes.exec({ name, command });
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const attachment = engine.sessions.attach(session.id, {
      ...deaf,
      onExit: () => {
        resolve(undefined);
      },
      onError: reject,
    });
    await attachment.write(await readFile(file));
    attachment.endInput();
    await promise;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const deaf = {
  onAttached: () => undefined,
  onSize: () => undefined,
  onStdout: (_bytes: Uint8Array): void => undefined,
  onStderr: () => undefined,
};

/** A terminal of the engine; `output` resolves with the next bytes. */
async function openTerminal(engine: Engine, script: string) {
  const session = await engine.sandboxes.shell({ name, tty, script });
  let wake: () => void = () => undefined;
  const ended = Promise.withResolvers<undefined>();
  const attachment = engine.sessions.attach(session.id, {
    ...deaf,
    onStdout: (bytes) => {
      attachment.acknowledge(bytes.length);
      wake();
    },
    onExit: () => {
      ended.resolve(undefined);
    },
    onError: ended.reject,
  });
  // One that is closed here ends with an error that nobody waits for.
  ended.promise.catch(() => undefined);
  return {
    ended: ended.promise,
    output: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
    type: (text: string) => attachment.write(Buffer.from(text)),
    close: () => engine.sessions.close(session.id),
  };
}

async function echoMs(engine: Engine): Promise<readonly number[]> {
  const flood = await openTerminal(engine, 'yes');
  await flood.output();
  const terminal = await openTerminal(engine, 'echo ready; sleep 1000');
  await terminal.output();
  const all: number[] = [];
  for (let key = 0; key < keysPerRound; key += 1) {
    const fromMs = performance.now();
    const echo = terminal.output();
    await terminal.type('x');
    await echo;
    all.push(performance.now() - fromMs);
    await delay(pauseMs);
  }
  await terminal.close();
  await flood.close();
  return all;
}

async function guestEchoMs(engine: Engine): Promise<readonly number[]> {
  const { stdout } = await runScript(engine, name, `${probe} echo ${String(keysPerRound)} yes`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => Number(line) / 1000);
}

async function readAll(engine: Engine, script: string): Promise<void> {
  const terminal = await openTerminal(engine, script);
  await terminal.ended;
  await terminal.close();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
