/** How the command finds a host process, and how it starts one; only the engine is a fake. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, watch, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { openSocket } from '../server/client/host-client.ts';
import { rpcPath } from '../server/endpoints.ts';
import { startBackgroundHost } from './start-background-host.ts';
import { CliFixture, environment, finish, makeTestDir, skerry } from './testing/cli-fixture.ts';

// Each command is a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let dir: string;
const inherited = { ...process.env };

beforeEach(async () => {
  dir = await makeTestDir();
  Object.assign(process.env, environment(dir));
});

afterEach(async () => {
  process.env = { ...inherited };
  await rm(dir, { recursive: true });
});

describe('the host process', () => {
  it('is named by doctor', async () => {
    await using cli = await CliFixture.start(new FakeEngine());
    const { code, stdout } = await cli.run(['doctor', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      accelerator: 'tcg',
      host: { pid: process.pid, socket: cli.host.socketPath },
    });
  });

  it('is started in the background once, serves everyone, and ends at a signal', async () => {
    const entry = path.join(dir, 'entry.ts');
    await writeFile(entry, fakeHostEntry());
    const sockets = await Promise.all([
      startBackgroundHost({ stateDir: dir, cacheDir: dir }, entry),
      startBackgroundHost({ stateDir: dir, cacheDir: dir }, entry),
    ]);
    expect(new Set(sockets).size).toBe(1);
    const { pid } = JSON.parse(await readFile(path.join(dir, 'host.json'), 'utf8')) as {
      pid: number;
    };
    expect((await finish(spawn(skerry, ['ls', '--json']))).stdout.toString()).toBe('[]\n');

    // A second one for a person says who runs and where.
    const second = await finish(spawn(process.execPath, [entry, 'serve', '--port', '0']));
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^skerry: Process \d+ already serves .*\n→ Open http:.*token=/);

    const log = await readFile(path.join(dir, 'logs/host.log'), 'utf8');
    expect(log).toContain('The host process is ready');
    expect(log).not.toContain('token');
    const isReleased = untilRemoved(dir, 'host.json');
    process.kill(pid, 'SIGTERM');
    await isReleased;
    await expect(openSocket(sockets[0], rpcPath)).rejects.toMatchObject({
      data: { code: 'host/unreachable' },
    });
  });

  it('says why it did not start', async () => {
    const entry = path.join(dir, 'entry.ts');
    await writeFile(entry, 'console.error("out of luck"); process.exit(3);');
    const starting = startBackgroundHost({ stateDir: dir, cacheDir: dir }, entry);
    await expect(starting).rejects.toMatchObject({
      data: {
        code: 'host/unreachable',
        message: expect.stringContaining('out of luck') as unknown,
      },
    });
  });
});

async function untilRemoved(folder: string, name: string): Promise<void> {
  for await (const { eventType, filename } of watch(folder)) {
    if (eventType === 'rename' && filename === name && !existsSync(path.join(folder, name))) return;
  }
}

/** A `main.ts` whose engine is the fake, with the real lock. */
function fakeHostEntry(): string {
  const source = (file: string): string => JSON.stringify(path.resolve(import.meta.dirname, file));
  return `
    import { parseArgs } from 'node:util';
    import { serve } from ${source('commands/serve.ts')};
    import { describeFailure } from ${source('report-error.ts')};
    import { FakeEngine } from ${source('../engine/testing/fake-engine.ts')};
    import { acquireStateLock } from ${source('../engine/host/state-lock.ts')};

    const { values } = parseArgs({
      allowPositionals: true,
      options: {
        background: { type: 'boolean' },
        'ready-fd': { type: 'string' },
        port: { type: 'string' },
      },
    });
    try {
      const options = {
        background: values.background,
        readyFd: values['ready-fd'] && Number(values['ready-fd']),
        port: values.port && Number(values.port),
      };
      process.exitCode = await serve(options, async ({ paths, socketPath }) => {
        const lock = await acquireStateLock(paths.stateDir, socketPath);
        const engine = new FakeEngine(paths.stateDir);
        engine.close = () => lock.release();
        return engine;
      });
    } catch (error) {
      process.stderr.write(describeFailure(error, false));
      process.exit(1);
    }
  `;
}
