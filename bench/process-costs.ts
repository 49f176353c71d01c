/** What processes of this machine cost, out of proc(5). */
import { readdir, readFile } from 'node:fs/promises';

const bytesPerMiB = 1024 * 1024;

/** Proportional set size: a page that several processes have counts in parts. */
export async function sharedMiB(pids: readonly number[]): Promise<number> {
  const all = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
      const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
      if (kilobytes === undefined) throw new Error(`Process ${String(pid)} has no Pss.`);
      return (Number(kilobytes) * 1024) / bytesPerMiB;
    }),
  );
  return all.reduce((sum, each) => sum + each, 0);
}

/** Milliseconds that all threads of these processes have run. A thread that has ended counts no more. */
export async function runMs(pids: readonly number[]): Promise<number> {
  let nanoseconds = 0;
  for (const pid of pids) {
    const tasks = `/proc/${String(pid)}/task`;
    for (const task of await readdir(tasks)) {
      const [ran] = (await readFile(`${tasks}/${task}/schedstat`, 'utf8').catch(() => '0')).split(
        ' ',
      );
      nanoseconds += Number(ran);
    }
  }
  return nanoseconds / 1e6;
}

/** How many threads a process has. */
export async function countThreads(pid: number): Promise<number> {
  return (await readdir(`/proc/${String(pid)}/task`)).length;
}

/** How many files a process has open. */
export async function countFiles(pid: number): Promise<number> {
  return (await readdir(`/proc/${String(pid)}/fd`)).length;
}
