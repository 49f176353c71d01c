/** A real host process opens a real xterm on a real machine: what reaches outside of the window. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toClientError } from './client/client-error.ts';
import { findHost } from './client/find-host.ts';
import { connectHost, type HostClient } from './client/host-client.ts';
import { SessionClient } from './client/session-client.ts';
import { startDisplay, type Display } from './testing/x-display.ts';

const launcher = path.resolve(import.meta.dirname, '../../bin/skerry');

/** A `skerry serve` of the test, and a client of it. */
async function serve(home: string, env: NodeJS.ProcessEnv) {
  const child = spawn(launcher, ['serve'], {
    env: { ...process.env, SKERRY_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const _announced of createInterface({ input: child.stdout })) break;
  const client = await connectHost((await findHost(home))?.socket ?? '');
  const end = async () => {
    client.close();
    child.kill();
    await ended;
  };
  return { client, end };
}

/** The processes of this name that have `word` among their arguments or in their environment. */
function processesOf(name: string, word: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => readProcess(entry, 'comm').trim() === name)
    .filter((entry) => readProcess(entry, 'environ').includes(word))
    .map(Number);
}

function readProcess(pid: number | string, file: 'comm' | 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

describe('a terminal of the desktop', () => {
  let home: string;
  let display: Display;
  let host: Awaited<ReturnType<typeof serve>>;
  let client: HostClient['procedures'];

  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'skerry-home-'));
    display = await startDisplay();
    const secret = { SECRET_OF_THE_HOST: 'hunter2' };
    host = await serve(home, { DISPLAY: display.name, ...secret });
    client = host.client.procedures;
    const { id } = await client.sandboxes.create({ name: 'main', image: 'skerry/starter' });
    for await (const operation of await client.operations.watch({ id })) {
      if (operation.state === 'failed') throw new Error(operation.error?.message);
    }
  });
  afterAll(async () => {
    await client.sandboxes.remove({ name: 'main', force: true });
    await host.end();
    await display[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  it('is a client of a session of the sandbox, and ends with its shell', async () => {
    expect(await client.host.openTerminal({ name: 'main', emulator: 'xterm' })).toEqual({
      emulator: '/usr/bin/xterm',
    });
    const [xterm = 0] = processesOf('xterm', home);
    expect(readProcess(xterm, 'cmdline').split('\0').slice(-4, -1)).toEqual([
      ...[launcher, 'shell', 'main'],
    ]);
    expect(readProcess(xterm, 'environ')).not.toContain('hunter2');
    const session = await vi.waitFor(
      async () => {
        const found = (await client.sandboxes.sessions({ name: 'main' })).find(
          ({ tty, clients }) => tty && clients === 1,
        );
        if (found === undefined) throw new Error('No terminal shows the session yet.');
        return found;
      },
      { timeout: 60_000, interval: 200 },
    );

    // Another client of the same terminal sees what xterm shows, and at xterm's size.
    let seen = '';
    let wake = (): void => undefined;
    const terminal = new SessionClient(await host.client.openSession(session.id), {
      onStdout: (bytes) => {
        seen += Buffer.from(bytes).toString('latin1');
        wake();
        return Promise.resolve();
      },
      onStderr: () => Promise.resolve(),
    });
    terminal.resize(60, 200);
    await terminal.write(Buffer.from('echo size-$(stty size | tr " " x)-$((6 * 7))\r'));
    while (!/size-\d+x\d+-42/.test(seen)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    expect(seen).toContain('size-24x80-42');
    await terminal.write(Buffer.from('exit\r'));
    await terminal.exit;
    await vi.waitFor(() => {
      expect(processesOf('xterm', home)).toEqual([]);
    }, 60_000);
  });

  it('fails with words where the sandbox does not run, or the display is not there', async () => {
    const refusal = (name: string, emulator?: string): Promise<unknown> =>
      client.host.openTerminal({ name, emulator }).then(
        () => Promise.reject(new Error('It was opened.')),
        (error: unknown) => toClientError(error).data,
      );
    expect(await refusal('other')).toMatchObject({ code: 'sandbox/not-found' });
    await host.end();
    host = await serve(home, { DISPLAY: ':32767' });
    client = host.client.procedures;
    expect(await refusal('main', 'xterm')).toMatchObject({
      code: 'terminal/failed',
      message: '/usr/bin/xterm ended with exit code 1.',
    });
    await host.end();
    host = await serve(home, { DISPLAY: '', WAYLAND_DISPLAY: '' });
    client = host.client.procedures;
    expect(await refusal('main')).toMatchObject({ code: 'terminal/no-display' });
    await client.sandboxes.stop({ name: 'main', graceMs: 0 });
    expect(await refusal('main')).toMatchObject({ code: 'sandbox/not-running' });
  });
});
