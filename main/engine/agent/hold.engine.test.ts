/** Holding real guests: everything but the agent stands still until it is told the time. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { boot, connect, driver, makeSpec, textOf, useBareGuests } from '../testing/bare-guest.ts';

const execute = promisify(execFile);
/** Later than any clock that runs on from the boot of a guest. */
const branchedAtMs = 1_950_000_000_000;
useBareGuests();

/** Two programs, one in a group of its own, that draw a random number again and again, with the time. */
const draws = ['one', 'other']
  .map(
    (name) =>
      `(while :; do t=$EPOCHREALTIME; read -r u </proc/sys/kernel/random/uuid; echo "$t $u"; done) </dev/null >/run/${name} 2>/dev/null & echo $! >>/run/pids`,
  )
  .join('\n');
const ownGroup = 'mkdir /sys/fs/cgroup/g; echo $! >/sys/fs/cgroup/g/cgroup.procs';
const drawSome =
  'for each in one other; do n=$(wc -l </run/$each); while [ $(wc -l </run/$each) -lt $((n + 20)) ]; do sleep 0.05; done; done';

interface Drawn {
  readonly line: string;
  readonly atMs: number;
  readonly number: string;
}

/** What each of two guests has drawn that go on from one memory, and run for a while untold. */
async function branch(name: string, isHeld: boolean): Promise<Drawn[][][]> {
  const spec = await makeSpec(name);
  const { agent, vm } = await boot(spec);
  await textOf(agent, `${draws}\n${ownGroup}\n${drawSome}`);
  if (isHeld) await agent.hold();
  await vm.pause();
  const statePath = path.join(path.dirname(spec.consoleLogPath), 'state');
  await vm.save(statePath);
  await vm.kill();
  const goOn = async (as: string): Promise<Drawn[][]> => {
    const own = await makeSpec(as);
    const [, upper] = own.disks;
    await execute('cp', ['--sparse=always', spec.disks[1]?.path ?? '', upper?.path ?? '']);
    const going = await driver.start({ ...own, from: { statePath } });
    onTestFinished(() => going.kill());
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const there = (await connect(going)).agent;
    await there.setClock(branchedAtMs, randomBytes(64));
    await textOf(there, `${drawSome}; kill $(cat /run/pids)`);
    const files = await textOf(there, 'cat /run/one; echo; cat /run/other');
    await going.kill();
    return files.split('\n\n').map((file) =>
      file
        .trim()
        .split('\n')
        .map((line) => {
          const [seconds = '', number = ''] = line.split(' ');
          return { line, atMs: Number(seconds) * 1000, number };
        }),
    );
  };
  return [await goOn(`${name}-1`), await goOn(`${name}-2`)];
}

/** Of one program in both: how many numbers were drawn twice, and how often it saw a time of before. */
function compare(one: readonly Drawn[] = [], other: readonly Drawn[] = []) {
  const shared = one.findIndex(({ line }, at) => line !== other[at]?.line);
  const own = [one.slice(shared), other.slice(shared)];
  const numbers = own.flat().map(({ number }) => number);
  // What a program had read already when it was held is in its memory: the first line of each.
  const late = own.flatMap((lines) => lines.slice(1)).filter(({ atMs }) => atMs < branchedAtMs);
  return { shared, same: numbers.length - new Set(numbers).size, late: late.length };
}

describe('a guest that is held', () => {
  it('holds what runs in it until it is told the time, and puts it back as it was', async () => {
    const { agent, vm } = await boot(await makeSpec('hold'));
    const groups = '/sys/fs/cgroup';
    const later = '</dev/null >/dev/null 2>&1 & echo $!';
    const spin = `while :; do :; done ${later}`;
    await textOf(
      agent,
      `mkdir ${groups}/runs ${groups}/rests; (${spin} >>/run/pids); (${spin} >${groups}/runs/cgroup.procs)
      (sleep 100000 ${later} >${groups}/rests/cgroup.procs); echo 1 >${groups}/rests/cgroup.freeze`,
    );
    const places = (): Promise<string> =>
      textOf(
        agent,
        `cd ${groups}; ls -d */; cat /proc/1/cgroup /proc/self/cgroup r*/cgroup.freeze r*/cgroup.procs
        for pid in $(cat /run/pids r*/cgroup.procs); do cat /proc/$pid/cgroup; done; cat rests/cgroup.events`,
      );
    const spun = async (pids?: readonly number[]): Promise<number[]> =>
      (await agent.processes())
        .filter(({ pid }) => pid > 1 && pids?.includes(pid) !== false)
        .map(({ cpuMs }) => cpuMs);
    const goOn = (): Promise<void> => agent.setClock(Date.now(), new Uint8Array(64).fill(9));
    const before = await places();
    expect(before).toMatch(/^rests\/\nruns\/\n0::\/\n0::\/\n1\n0\n/);

    await agent.hold();
    const pids = (await agent.processes()).map(({ pid }) => pid);
    const held = await spun(pids);
    expect(held).toHaveLength(3);
    const late = textOf(agent, 'echo late');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await spun(pids)).toEqual(held);
    await agent.hold();
    await goOn();
    expect(await late).toBe('late\n');
    expect(await places()).toBe(before);
    await expect.poll(() => spun(pids)).not.toEqual(held);

    // Nobody lets them go on: they do so by themselves.
    await agent.hold();
    expect(await textOf(agent, 'echo again')).toBe('again\n');
    expect(await places()).toBe(before);

    // Everything that can be is in another group, the agent and threads of the kernel as well.
    const all = `for pid in $(cat ${groups}/cgroup.procs); do echo $pid >${groups}/runs/cgroup.procs; done`;
    await textOf(agent, all);
    expect(await textOf(agent, `cat /proc/1/cgroup; wc -l <${groups}/runs/cgroup.procs`)).toMatch(
      /^0::\/runs\n\d\d+\n$/,
    );
    await agent.hold();
    await goOn();
    expect(await textOf(agent, 'cat /proc/1/cgroup')).toBe('0::/\n');

    // What waits for the disk cannot stand still.
    await agent.freeze();
    const written = textOf(agent, 'echo after >/after; echo done');
    const states = async (): Promise<string> =>
      (await agent.processes()).map(({ state }) => state).join('');
    await expect.poll(states).toContain('D');
    await expect(agent.hold()).rejects.toThrow('hold every process: Operation timed out');
    await agent.thaw();
    expect(await written).toBe('done\n');
    expect(await textOf(agent, `ls -d ${groups}/*/`)).toBe(`${groups}/rests/\n${groups}/runs/\n`);

    await agent.hold();
    await agent.shutdown();
    expect(await vm.exited).toMatchObject({ reason: 'shutdown' });
  });

  it('goes on twice from one memory, and no program sees the time or the numbers of before', async () => {
    const [one, two] = await branch('held', true);
    for (const program of [0, 1]) {
      const compared = compare(one?.[program], two?.[program]);
      expect(compared).toEqual({ shared: expect.any(Number) as number, same: 0, late: 0 });
      expect(compared.shared).toBeGreaterThan(0);
    }
    // That it would be seen: without HOLD they run, and see the time of before. That their numbers are
    // the same as well is up to the kernel, which may just then reseed.
    const [free, too] = await branch('free', false);
    for (const program of [0, 1]) {
      expect(compare(free?.[program], too?.[program]).late).toBeGreaterThan(0);
    }
  });
});
