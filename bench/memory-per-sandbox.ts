import { readFile } from 'node:fs/promises';
import { createSandbox, TestHome } from '../main/engine/testing/test-engine.ts';
import { figure, median, type Figure } from './statistics.ts';

const sandboxes = 5;
const bytesPerMiB = 1024 * 1024;

/**
 * What the engine holds for each idle sandbox: its heap and buffers after a collection, since the
 * resident size of its process moves by more than they weigh. Against what QEMU holds for one.
 */
export async function benchMemory(): Promise<Figure> {
  await using home = await TestHome.make();
  const engine = await home.open();
  // The first one loads code and fills pools that all later ones share.
  await createSandbox(engine, { name: 'bench-0' });
  const before = await heldMiB();
  for (let index = 1; index <= sandboxes; index += 1) {
    await createSandbox(engine, { name: `bench-${String(index)}` });
  }
  const ours = ((await heldMiB()) - before) / sandboxes;
  const machines = engine.sandboxes
    .list()
    .flatMap(({ vmPid }) => (vmPid === undefined ? [] : [vmPid]));
  const qemu = median(await Promise.all(machines.map(residentMiB)));
  return figure(
    { name: 'memory-per-sandbox', unit: 'MiB', against: "QEMU's own resident memory" },
    ours,
    qemu,
  );
}

async function heldMiB(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('Run with --expose-gc.');
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / bytesPerMiB;
}

/** proc(5), VmRSS. */
async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  if (found === null) throw new Error(`Process ${String(pid)} has no VmRSS.`);
  return Number(found[1]) / 1024;
}
