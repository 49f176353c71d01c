/** The host process is killed at each step of a suspend and of a start that goes on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSandbox, runScript, succeed, TestHome } from '../../testing/test-engine.ts';

const program = path.resolve(import.meta.dirname, '../../testing/power-and-halt.ts');
const name = 'main';
// Several machines are started and read, one after the other, on a host that may be busy.
vi.setConfig({ testTimeout: 300_000 });

describe('a host process that is killed', () => {
  let home: TestHome;
  /** Of a process in the guest that is to live through all of it. */
  let counter: string;
  beforeAll(async () => {
    home = await TestHome.make();
    const engine = await home.open();
    await createSandbox(engine, { name, memoryMiB: 256, rootDiskMiB: 256 });
    await runScript(engine, name, 'sleep 1000000 >/dev/null 2>&1 & echo $! > /tmp/counter');
    counter = (await runScript(engine, name, 'cat /tmp/counter')).stdout.trim();
    await home.close();
  });
  afterAll(async () => {
    await home[Symbol.asyncDispose]();
  });

  /** Does it in another process, which is killed where it halts. */
  async function killAt(what: 'suspend' | 'start', where: string): Promise<void> {
    const child = spawn(process.execPath, [program, home.dir, what, where], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    const lines: string[] = [];
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        if (line === where) break;
      }
    } finally {
      child.kill('SIGKILL');
      await closed;
    }
    expect(lines.at(-1)).toBe(where);
  }

  /** The next engine finds it so, and it goes on with the same processes; it is left in `after`. */
  async function expectFound(state: 'running' | 'suspended', after: typeof state): Promise<void> {
    const engine = await home.open();
    expect(engine.sandboxes.inspect(name)).toMatchObject({ state });
    if (state === 'suspended') await succeed(engine, await engine.sandboxes.start(name));
    const script = `kill -0 ${counter} && echo lives`;
    expect((await runScript(engine, name, script)).stdout.trim()).toBe('lives');
    const { id } = engine.sandboxes.inspect(name);
    expect(await readdir(path.join(home.dir, 'sandboxes', id))).not.toContain('suspend');
    if (after === 'suspended') await succeed(engine, await engine.sandboxes.suspend(name));
    await home.close();
  }

  it.each<[string, 'running' | 'suspended']>([
    ['before state', 'running'],
    ['before saved.json', 'running'],
    ['after saved.json', 'running'],
    ['before sandbox.json 1', 'running'],
    ['after sandbox.json 1', 'suspended'],
  ])('by a suspend, %s, leaves it %s', async (where, state) => {
    await killAt('suspend', where);
    await expectFound(state, 'running');
  });

  it.each<[string, 'running' | 'suspended']>([
    ['before sandbox.json 1', 'suspended'],
    ['after sandbox.json 1', 'running'],
    ['before the saved machine is removed', 'running'],
  ])('by a start, %s, leaves it %s', async (where, state) => {
    const engine = await home.open();
    await succeed(engine, await engine.sandboxes.suspend(name));
    await home.close();
    await killAt('start', where);
    await expectFound(state, 'running');
  });
});
