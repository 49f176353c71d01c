/** Sandboxes that start from templates, in real guests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, truncate, watch, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../engine.ts';
import { describeTemplate } from '../template/template-manifest.ts';
import type { TemplateShape } from '../template/template-shape.ts';
import { makeOwnCache } from '../testing/own-cache.ts';
import { createSandbox, runScript, TestHome } from '../testing/test-engine.ts';

let home: TestHome;
let engine: Engine;
let cacheDir: string;
/** A template is made while others test: a bound on what hangs. */
const longestMs = 300_000;

beforeAll(async () => {
  home = await TestHome.make();
  cacheDir = await makeOwnCache(path.join(home.dir, 'cache'));
  engine = await home.open({ templates: 'on', cacheDir });
}, longestMs);
afterAll(async () => {
  await home[Symbol.asyncDispose]();
}, longestMs);

const keyPattern = /^[0-9a-f]{32}$/;
const templatesDir = () => path.join(cacheDir, 'templates');

async function output(name: string, script: string): Promise<string> {
  const { stdout, stderr, exit } = await runScript(engine, name, script);
  expect(exit, `${script}: ${stderr}`).toEqual({ kind: 'exited', code: 0 });
  return stdout;
}

/** Resolves with the name of what appears in a directory and looks so. */
async function appears(dir: string, name: RegExp): Promise<string> {
  const aborter = new AbortController();
  try {
    const events = watch(dir, { signal: aborter.signal });
    for (;;) {
      const found = (await readdir(dir)).find((each) => name.test(each));
      if (found !== undefined) return found;
      await events[Symbol.asyncIterator]().next();
    }
  } finally {
    aborter.abort();
  }
}

async function remove(...names: string[]): Promise<void> {
  for (const name of names) await engine.sandboxes.remove(name, { force: true });
}

async function latestBoot(name: string) {
  const [latest] = await engine.sandboxes.boots(name);
  return Object.fromEntries((latest?.steps ?? []).map((step) => [step.key, step]));
}

it(
  'starts warm once a machine of the same shape was booted',
  async () => {
    await createSandbox(engine, { name: 'cold' });
    expect(engine.sandboxes.inspect('cold').beganBy).toBe('cold');
    expect((await latestBoot('cold'))['template']?.detail).toBe('There is none of this shape yet.');
    const key = await appears(templatesDir(), keyPattern);
    expect(await engine.templates.list()).toMatchObject([{ key, cpus: 1, useCount: 0 }]);
    await createSandbox(engine, { name: 'warm' });
    expect(engine.sandboxes.inspect('warm').beganBy).toBe('warm');
    expect(Object.keys(await latestBoot('warm'))).toEqual(
      expect.arrayContaining(['restore', 'agent', 'root', 'network']),
    );
    expect(await output('warm', 'hostname; cat /etc/hostname')).toBe('warm\nwarm\n');
    const report = await engine.host.report();
    expect(report.checks.find(({ id }) => id === 'templates')).toMatchObject({
      result: 'pass',
      evidence: expect.stringContaining('on disk') as string,
    });
    await remove('cold', 'warm');
  },
  longestMs,
);

it(
  'gives each of two sandboxes of one template what is its own',
  async () => {
    await createSandbox(engine, { name: 'one', rootDiskMiB: 300 });
    await createSandbox(engine, { name: 'two', rootDiskMiB: 700, scripts: { greet: 'echo hi' } });
    const script =
      'cat /proc/sys/kernel/random/boot_id; head -c 32 /dev/urandom | od -An -tx1; ' +
      'cat /proc/sys/kernel/random/uuid; head -c 32 /dev/hwrng 2>/dev/null | od -An -tx1';
    const [one, two] = await Promise.all([output('one', script), output('two', script)]);
    const lines = [...one.split('\n'), ...two.split('\n')].filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(6);
    expect(new Set(lines).size).toBe(lines.length);
    const sizeOf = async (name: string) =>
      Number(await output(name, "df -m / | awk 'NR==2 {print $2}'"));
    expect(await sizeOf('one')).toBeLessThan(300);
    expect(await sizeOf('two')).toBeGreaterThan(500);
    expect(await output('two', 'greet')).toBe('hi\n');
    for (const name of ['one', 'two']) {
      const before = Math.floor(Date.now() / 1000);
      const now = Number(await output(name, 'date +%s'));
      expect(now).toBeGreaterThanOrEqual(before - 1);
      expect(now).toBeLessThanOrEqual(Date.now() / 1000 + 1);
      expect(engine.sandboxes.inspect(name).beganBy).toBe('warm');
    }
    // What is written is the sandbox's own, and stays.
    await output('one', 'echo kept > /root/kept; sync');
    await engine.sandboxes.stop('one');
    await engine.operations.wait((await engine.sandboxes.start('one')).id);
    expect(engine.sandboxes.inspect('one').beganBy).toBe('warm');
    expect(await output('one', 'cat /root/kept')).toBe('kept\n');
    await remove('one', 'two');
  },
  longestMs,
);

describe('a template that cannot be used', () => {
  /** Says of the files that are in the folder that they are what was saved. */
  async function describeAnew(dir: string, shape: TemplateShape): Promise<void> {
    const manifest = await describeTemplate(dir, shape, Date.now());
    await writeFile(path.join(dir, 'manifest.json'), JSON.stringify(manifest));
  }

  async function copyFiles(from: string, to: string): Promise<void> {
    await mkdir(to, { recursive: true });
    for (const name of ['state', 'memory']) {
      await copyFile(path.join(from, name), path.join(to, name));
    }
  }

  it.each<[string, (at: (name: string) => string) => Promise<void>]>([
    ['its state is garbage', (at) => writeFile(at('state'), 'garbage')],
    [
      'its memory is all zeros',
      async (at) => {
        await truncate(at('memory'), 0);
        await truncate(at('memory'), 512 * 1024 * 1024);
      },
    ],
    ['its memory is too short', (at) => truncate(at('memory'), 1024 * 1024)],
  ])(
    'goes, and the same start boots the machine, where %s',
    async (_what, damage) => {
      const dir = path.join(templatesDir(), await appears(templatesDir(), keyPattern));
      const kept = path.join(home.dir, 'kept-template');
      const text = await readFile(path.join(dir, 'manifest.json'), 'utf8');
      const shape = JSON.parse(text) as TemplateShape;
      await copyFiles(dir, kept);
      await damage((name) => path.join(dir, name));
      await describeAnew(dir, shape);

      await createSandbox(engine, { name: 'brave' });
      expect(engine.sandboxes.inspect('brave').beganBy).toBe('cold');
      expect((await latestBoot('brave'))['template']?.detail).toContain('was booted instead');
      expect(await output('brave', 'echo works')).toBe('works\n');
      expect(await engine.templates.list()).toEqual([]);
      const report = await engine.host.report();
      expect(report.checks.find(({ id }) => id === 'templates')).toMatchObject({ result: 'warn' });
      await remove('brave');

      // What could not be used is forgotten, and the good one is back for those that follow.
      await engine.templates.clear();
      await copyFiles(kept, dir);
      await describeAnew(dir, shape);
    },
    longestMs,
  );
});

/** The kernel's names of this process's open files. */
const openFiles = async () => (await readdir('/proc/self/fd')).length;

it(
  'leaves nothing behind, however often a sandbox starts warm',
  async () => {
    const count = Number(process.env['SKERRY_MANY_STARTS'] ?? '12');
    await createSandbox(engine, { name: 'again' });
    await appears(templatesDir(), keyPattern);
    await engine.sandboxes.stop('again', { graceMs: 0 });
    const before = { files: await openFiles(), templates: await readdir(templatesDir()) };
    for (let start = 0; start < count; start++) {
      const { id } = await engine.sandboxes.start('again');
      expect(await engine.operations.wait(id)).toMatchObject({ state: 'succeeded' });
      expect(engine.sandboxes.inspect('again').beganBy, `start ${String(start)}`).toBe('warm');
      await engine.sandboxes.stop('again', { graceMs: 0 });
    }
    expect(await machinesOf(home.dir)).toEqual([]);
    expect(await readdir(templatesDir())).toEqual(before.templates);
    // A few come and go: timers of the loop, sockets that are closing.
    expect(await openFiles()).toBeLessThanOrEqual(before.files + 5);
    await remove('again');
  },
  longestMs + Number(process.env['SKERRY_MANY_STARTS'] ?? '0') * 20_000,
);

it(
  'has no template, and no machine of one, after a process was killed while it made one',
  async () => {
    const other = await TestHome.make();
    onTestFinished(() => other[Symbol.asyncDispose]());
    const cache = await makeOwnCache(path.join(other.dir, 'cache'));
    const dir = path.join(cache, 'templates');
    await mkdir(dir);
    const program = path.join(import.meta.dirname, '../testing/make-template-and-wait.ts');
    const child = spawn(process.execPath, [program, other.dir, cache], { stdio: 'inherit' });
    const made = await appears(dir, /^\.new-/);
    await appears(path.join(dir, made), /^memory$/);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect((await readdir(dir)).filter((name) => !name.startsWith('.'))).toEqual([]);
    await other.open({ templates: 'on', cacheDir: cache });
    await other.close();
    expect(await readdir(dir)).toEqual([]);
    expect(await machinesOf(cache)).toEqual([]);
  },
  longestMs,
);

/** Command lines of machines that name this directory. */
async function machinesOf(dir: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')),
  );
  return lines.filter((line) => line.includes('qemu-system') && line.includes(dir));
}
