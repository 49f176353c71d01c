import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { StatsSampler } from '../main/engine/live/stats/stats-sampler.ts';
import { compare, type Figure } from './statistics.ts';

const machines = 50;
const seconds = 5;

/**
 * Processor time of a second of sampling fifty idle machines, all of them looked at, against
 * reading the same files of theirs through the thread pool.
 */
export async function benchStatsSampling(rounds: number): Promise<Figure> {
  const children = Array.from({ length: machines }, () => spawn('sleep', ['3600']));
  const pids = children.map(({ pid }) => pid ?? 0);
  try {
    return await compare(
      { name: 'sample-50-machines', unit: 'ms', against: 'reading /proc by fs/promises' },
      rounds,
      () => measure(() => sample(pids)),
      () => measure(() => readFiles(pids)),
    );
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** Milliseconds of a processor for each second. */
async function measure(begin: () => () => void): Promise<number> {
  const end = begin();
  // Neither the first round nor what it compiles counts.
  await delay(1500);
  const before = process.cpuUsage();
  await delay(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  end();
  return (user + system) / 1000 / seconds;
}

function sample(pids: readonly number[]): () => void {
  const sampler = new StatsSampler();
  const offs = pids.map((pid, index) => {
    const id = String(index);
    const traffic = () => Promise.resolve({ sentBytes: 0, receivedBytes: 0 });
    sampler.began({ id, name: id, pid, traffic, guest: () => Promise.resolve({ processes: 1 }) });
    return sampler.watch(id, () => undefined);
  });
  return () => {
    for (const off of offs) off();
    for (const index of pids.keys()) sampler.ended(String(index));
  };
}

function readFiles(pids: readonly number[]): () => void {
  const timer = setInterval(() => {
    for (const pid of pids) {
      for (const file of ['stat', 'statm', 'io']) {
        void readFile(`/proc/${String(pid)}/${file}`, 'latin1');
      }
    }
  }, 1000);
  return () => {
    clearInterval(timer);
  };
}
