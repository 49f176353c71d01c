import { readFile } from 'node:fs/promises';
import { createSandbox, TestHome } from '../main/engine/testing/test-engine.ts';
import { figure, median, type Figure } from './statistics.ts';

const sandboxes = 5;

/** What the engine's own process grows by for an idle sandbox, against what QEMU holds for it. */
export async function benchMemory(): Promise<Figure> {
  await using home = await TestHome.make();
  const engine = await home.open();
  // The first one loads code and fills pools that all later ones share.
  await createSandbox(engine, { name: 'bench-0' });
  const before = await settledRssMiB();
  for (let index = 1; index <= sandboxes; index += 1) {
    await createSandbox(engine, { name: `bench-${String(index)}` });
  }
  const ours = Math.max(0, (await settledRssMiB()) - before) / sandboxes;
  const machines = engine.sandboxes
    .list()
    .flatMap(({ vmPid }) => (vmPid === undefined ? [] : [vmPid]));
  const qemu = median(await Promise.all(machines.map(rssMiB)));
  return figure(
    { name: 'memory-per-sandbox', unit: 'MiB', against: "QEMU's own resident memory" },
    ours,
    qemu,
  );
}

async function settledRssMiB(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('Run with --expose-gc.');
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  return rssMiB(process.pid);
}

/** proc(5), VmRSS. */
async function rssMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  if (found === null) throw new Error(`Process ${String(pid)} has no VmRSS.`);
  return Number(found[1]) / 1024;
}
