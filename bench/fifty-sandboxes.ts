/** Many idle sandboxes of one image at once, against as many bare machines of the same shape. */
import { setTimeout as delay } from 'node:timers/promises';
import { BackgroundHost } from './background-host.ts';
import { endProcess, type StartedMachine } from './bare-boot.ts';
import { BareMachines, type BareBeginning } from './bare-machines.ts';
import { countFiles, countThreads, runMs, sharedMiB } from './process-costs.ts';
import { figure, type Figure } from './statistics.ts';
import { inSeconds, waitForTemplate } from './ways-to-a-prompt.ts';

/** Guests have done by then what they do after a start. */
const settleMs = 10_000;
const idleMs = 30_000;

/** What a crowd of machines costs. */
interface Crowd {
  /** Of each start. */
  readonly seconds: readonly number[];
  /** Memory of each machine but the first, with what else grew. */
  readonly memoryMiB: number;
  /** Milliseconds of a processor in a second, of each machine. */
  readonly idleMs: number;
  readonly files: number;
  readonly threads: number;
}

interface HostCosts {
  readonly memoryMiB: number;
  readonly idleMs: number;
  readonly files: number;
  readonly threads: number;
}

/** @param count how many sandboxes */
export async function benchFiftySandboxes(count: number): Promise<Figure[]> {
  await using host = await BackgroundHost.start();
  const { procedures } = host.client;
  // The first one loads code and makes what all later ones share.
  await createOne(host, 'first');
  const warmth: BareBeginning = (await waitForTemplate(() => procedures.host.templates()))
    ? 'warm'
    : 'cold';
  await procedures.sandboxes.remove({ name: 'first', force: true });
  const bare = await measureBare(count, warmth);
  const { crowd, host: ours } = await measureSandboxes(host, count);
  const against = `bare QEMU ${warmth === 'warm' ? 'restored' : 'booted'}, as many at once`;
  const each = (what: string): string => `${what}-per-sandbox`;
  const starts = [...new Set([1, 10, 50, count])].filter((at) => at <= count);
  return [
    figure(
      { name: each('memory'), unit: 'MiB', against },
      crowd.memoryMiB + ours.memoryMiB,
      bare.memoryMiB,
    ),
    figure({ name: each('idle'), unit: 'ms', against }, crowd.idleMs + ours.idleMs, bare.idleMs),
    figure({ name: each('idle-host-process'), unit: 'ms', against }, ours.idleMs, bare.idleMs),
    figure(
      { name: each('files'), unit: 'files', against: 'open files of a bare QEMU' },
      ours.files,
      bare.files,
    ),
    figure(
      { name: each('threads'), unit: 'threads', against },
      crowd.threads + ours.threads,
      bare.threads,
    ),
    ...starts.map((at) =>
      figure(
        { name: `start-of-number-${String(at)}`, unit: 's', against },
        crowd.seconds[at - 1] ?? 0,
        bare.seconds[at - 1] ?? 0,
      ),
    ),
  ];
}

async function measureBare(count: number, warmth: BareBeginning): Promise<Crowd> {
  await using machines = await BareMachines.make();
  const started: StartedMachine[] = [];
  try {
    let firstMiB = 0;
    while (started.length < count) {
      started.push(await machines.start(warmth));
      if (started.length === 1) firstMiB = await sharedMiB(pidsOf(started));
      tell('bare machine', started.length, started.at(-1)?.seconds);
    }
    return await measureCrowd(
      pidsOf(started),
      firstMiB,
      started.map(({ seconds }) => seconds),
    );
  } finally {
    await Promise.all(started.map(({ child }) => endProcess(child)));
  }
}

async function measureSandboxes(
  host: BackgroundHost,
  count: number,
): Promise<{ crowd: Crowd; host: HostCosts }> {
  const { sandboxes } = host.client.procedures;
  const pids = async (): Promise<number[]> =>
    (await sandboxes.list()).flatMap(({ vmPid }) => (vmPid === undefined ? [] : [vmPid]));
  const seconds: number[] = [];
  let firstMiB = 0;
  let before = { memoryMiB: 0, files: 0, threads: 0 };
  while (seconds.length < count) {
    seconds.push(await createOne(host, `crowd-${String(seconds.length + 1)}`));
    if (seconds.length === 1) {
      firstMiB = await sharedMiB(await pids());
      before = await costsOf(host.pid);
    }
    tell('sandbox', seconds.length, seconds.at(-1));
  }
  const startedMs = await runMs([host.pid]);
  const startedAtMs = performance.now();
  const crowd = await measureCrowd(await pids(), firstMiB, seconds);
  const ran = (await runMs([host.pid])) - startedMs;
  const wall = (performance.now() - startedAtMs) / 1000;
  const after = await costsOf(host.pid);
  const grown = (what: keyof typeof before): number =>
    (after[what] - before[what]) / Math.max(1, count - 1);
  return {
    crowd,
    host: {
      memoryMiB: grown('memoryMiB'),
      idleMs: ran / wall / count,
      files: grown('files'),
      threads: grown('threads'),
    },
  };
}

async function measureCrowd(
  pids: readonly number[],
  firstMiB: number,
  seconds: readonly number[],
): Promise<Crowd> {
  await delay(settleMs);
  const memoryMiB = ((await sharedMiB(pids)) - firstMiB) / Math.max(1, pids.length - 1);
  const before = await runMs(pids);
  await delay(idleMs);
  const ran = (await runMs(pids)) - before;
  const [first = 0] = pids;
  return {
    seconds,
    memoryMiB,
    idleMs: ran / (idleMs / 1000) / pids.length,
    files: await countFiles(first),
    threads: await countThreads(first),
  };
}

async function costsOf(pid: number) {
  return {
    memoryMiB: await sharedMiB([pid]),
    files: await countFiles(pid),
    threads: await countThreads(pid),
  };
}

function createOne({ client }: BackgroundHost, name: string): Promise<number> {
  const { sandboxes, operations } = client.procedures;
  return inSeconds(async () => {
    const { id } = await sandboxes.create({ name, image: 'skerry/starter' });
    let last;
    for await (const operation of await operations.watch({ id })) last = operation;
    if (last?.state === 'succeeded') return;
    throw new Error(`${name}: ${last?.error?.message ?? last?.state ?? 'nobody knows'}`);
  });
}

function pidsOf(machines: readonly StartedMachine[]): number[] {
  return machines.flatMap(({ child }) => (child.pid === undefined ? [] : [child.pid]));
}

function tell(what: string, count: number, seconds = 0): void {
  process.stderr.write(`  ${what} ${String(count)}: ${seconds.toFixed(3)} s\n`);
}
