/** The real command against a real host process over a unix socket; only the engine is a fake. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../engine/index.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { patternBytes } from '../engine/testing/fake-session.ts';
import { openSocket } from '../server/client/host-client.ts';
import { rpcPath } from '../server/endpoints.ts';
import { startHostProcess, type HostProcess } from '../server/host-process.ts';
import { startBackgroundHost } from './start-background-host.ts';

const skerry = path.resolve(import.meta.dirname, '../../bin/skerry');

let dir: string;
let engine: FakeEngine;
let host: HostProcess;

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'skerry-cli-'));
  engine = new FakeEngine(dir);
  host = await startHostProcess({
    paths: { stateDir: dir, cacheDir: dir, runtimeDir: path.join(dir, 'run') },
    version: '0.0.0',
    logger: silentLogger,
    openEngine: () => Promise.resolve(engine),
  });
  const owner = { version: 1, pid: process.pid, startTime: '', socket: host.socketPath };
  await writeFile(path.join(dir, 'host.json'), JSON.stringify(owner));
});

afterEach(async () => {
  await host.close();
  await rm(dir, { recursive: true });
});

interface Result {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, SKERRY_HOME: dir, XDG_RUNTIME_DIR: path.join(dir, 'xdg') };
}

function begin(args: readonly string[]): ChildProcess {
  return spawn(skerry, args, { env: environment() });
}

async function finish(child: ChildProcess): Promise<Result> {
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  const [stderr, [code]] = await Promise.all([
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout: Buffer.concat(parts), stderr };
}

function run(args: readonly string[], input: string | Uint8Array = ''): Promise<Result> {
  const child = begin(args);
  // A command that ends before it has read everything closes the pipe.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return finish(child);
}

async function expectOutput(args: readonly string[], stdout: string, code = 0): Promise<void> {
  const result = await run(args);
  expect({ ...result, stdout: result.stdout.toString() }).toEqual({ code, stdout, stderr: '' });
}

/** Resolves when the engine says so, which is when the child is far enough. */
function untilEvent(
  matches: (event: Parameters<Parameters<FakeEngine['subscribe']>[0]>[0]) => boolean,
) {
  return new Promise<void>((resolve) => {
    const off = engine.subscribe((event) => {
      if (!matches(event)) return;
      queueMicrotask(() => {
        off();
        resolve();
      });
    });
  });
}

describe('sandboxes', () => {
  it('are created, listed, stopped, started and removed', async () => {
    await expectOutput(['create', 'web', '--image', 'skerry/starter', '--cpus', '2'], 'web\n');
    const listed = await run(['ls', '--json']);
    expect(JSON.parse(listed.stdout.toString())).toMatchObject([
      { name: 'web', state: 'running', config: { cpus: 2, memoryMiB: 512 } },
    ]);
    await expectOutput(['start', 'web'], '');
    await expectOutput(['stop', 'web'], '');
    expect(engine.sandboxes.inspect('web').state).toBe('stopped');
    const started = await run(['start', 'web', '--json']);
    expect(JSON.parse(started.stdout.toString())).toMatchObject({ state: 'running' });
    const refused = await run(['rm', 'web']);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('sandbox/running');
    await expectOutput(['rm', '--force', 'web'], '');
    expect(engine.sandboxes.list()).toEqual([]);
  });

  it('take every option of their configuration', async () => {
    const options =
      '--memory 256 --disk 1024 --env A=1 --env B=x=y --workdir /srv --shell /bin/ash';
    await run(['create', 'web', '--image', 'skerry/starter', ...options.split(' ')]);
    expect(engine.sandboxes.inspect('web').config).toMatchObject({
      memoryMiB: 256,
      rootDiskMiB: 1024,
      env: { A: '1', B: 'x=y' },
      workdir: '/srv',
      shell: '/bin/ash',
    });
  });

  it('fail with a code, what happened and what to do', async () => {
    expect(await run(['inspect', 'nobody'])).toMatchObject({
      code: 1,
      stderr:
        'skerry: There is no sandbox called "nobody".\n' +
        '→ List the sandboxes with `skerry ls`. (sandbox/not-found)\n',
    });
    const asJson = await run(['create', '-x', '--image', 'a', '--json']);
    expect(asJson.code).toBe(2);
    const wrong = await run(['create', 'web', '--image', 'missing', '--json']);
    expect(wrong.code).toBe(1);
    expect(wrong.stdout.toString()).toBe('');
    expect(JSON.parse(wrong.stderr)).toMatchObject({ error: { code: 'image/not-found' } });
    const tooMany = await run(['create', 'web', '--image', 'alpine', '--cpus', '1000']);
    expect(tooMany.stderr).toBe(
      'skerry: cpus: CPUs must be a whole number from 1 to 64.\n' +
        '→ Correct the fields that are named. (config/invalid)\n',
    );
  });

  it('are cancelled by Ctrl+C while they are made', async () => {
    const running = untilEvent(({ type }) => type === 'operation');
    const child = begin(['create', 'web', '--image', 'endless']);
    const ended = finish(child);
    await running;
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
    expect(engine.sandboxes.list()).toEqual([]);
  });
});

describe('images', () => {
  it('are pulled and listed', async () => {
    expect((await run(['pull', 'alpine'])).stdout.toString()).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    const listed = await run(['images', '--json']);
    expect(JSON.parse(listed.stdout.toString())).toMatchObject([
      { reference: 'skerry/starter' },
      { reference: 'alpine' },
    ]);
    expect((await run(['images'])).stdout.toString()).toMatch(/^IMAGE +DIGEST[^]*\nalpine /);
  });
});

describe('exec', () => {
  beforeEach(async () => {
    const operation = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
    await engine.operations.wait(operation.id);
  });

  it('passes bytes on as they are, both ways', async () => {
    const bytes = patternBytes(3_000_000);
    const result = await run(['exec', 'web', '--', 'cat'], bytes);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout.equals(bytes)).toBe(true);
  });

  it.each([
    [['exit', '0'], 0],
    [['exit', '3'], 3],
    [['kill', '9'], 137],
    [['missing'], 127],
    [['noexec'], 126],
  ])('exits for %j with %d', async (command, code) => {
    expect((await run(['exec', 'web', '--', ...command])).code).toBe(code);
  });

  it('leaves the options of the command alone', async () => {
    await expectOutput(['exec', 'web', '--', 'print', '--json', '-t', '--'], '--json -t --\n');
    await expectOutput(['exec', 'web', 'print', '--rm', '--', 'x'], '--rm -- x\n');
    await expectOutput(['exec', 'web', '--workdir', '/srv', '--', 'pwd'], '/srv\n');
    await expectOutput(['exec', '--env', 'A=b c', 'web', '--', 'env', 'A'], 'b c\n');
    await expectOutput(['exec', '-u', '1000:5', 'web', 'whoami'], '1000:5\n');
    await expectOutput(['exec', 'web'], 'what the image runs\n');
    expect(await run(['exec', 'web', '--wrong', '--', 'pwd'])).toMatchObject({ code: 2 });
  });

  it('keeps stderr apart', async () => {
    expect(await run(['exec', 'web', '--', 'warn', 'careful'])).toEqual({
      code: 0,
      stdout: Buffer.of(),
      stderr: 'careful\n',
    });
  });

  it('passes Ctrl+C on to the command', async () => {
    const child = begin(['exec', 'web', '--', 'size']);
    const ended = finish(child);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });

  it('ends quietly when whoever reads has gone, and ends the command', async () => {
    const child = begin(['exec', 'web', '--', 'flood', '5000000']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await finish(child)).toMatchObject({ code: 141, stderr: '' });
    const [session] = engine.sandboxes.sessions('web');
    expect(engine.session(session?.id ?? '').exit).toEqual({ kind: 'signalled', signal: 13 });
  });

  it('says when the host process goes in the middle', async () => {
    const child = begin(['exec', 'web', '--', 'size']);
    const ended = finish(child);
    await once(child.stdout ?? child, 'data');
    await host.close();
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toContain('host/unreachable');
  });

  it('gives a shell without a terminal our stdin', async () => {
    expect((await run(['shell', 'web'], 'echo hello\n')).stdout.toString()).toBe('echo hello\n');
    await expectOutput(['shell', 'web', '--', 'print a  b'], 'a  b\n');
  });

  const script = '/usr/bin/script';
  it.runIf(process.platform === 'linux' && existsSync(script))(
    'uses a terminal and gives it back',
    async () => {
      const lines = [
        'stty rows 40 cols 100',
        `${skerry} exec --tty web -- size`,
        'echo "ended with $?"',
        'stty -a',
      ];
      const child = spawn(script, ['-qec', lines.join('; '), '/dev/null'], { env: environment() });
      let output = '';
      child.stdout.on('data', (part: Buffer) => {
        output += part.toString();
        if (!output.includes('40 100')) return;
        child.stdout.removeAllListeners('data');
        child.stdout.on('data', (more: Buffer) => (output += more.toString()));
        const [session] = engine.sandboxes.sessions('web');
        if (session !== undefined) engine.session(session.id).end({ kind: 'exited', code: 7 });
      });
      await once(child, 'close');
      expect(output).toContain('ended with 7');
      expect(output).toMatch(/ icanon /);
      expect(output).toMatch(/ echo /);
      expect(output).toMatch(/(?<!-)isig/);
    },
  );
});

describe('run', () => {
  it('exits as the command does and keeps the sandbox', async () => {
    const result = await run(['run', '--name', 'job', 'skerry/starter', '--', 'exit', '5']);
    expect(result).toMatchObject({ code: 5, stderr: '' });
    expect(engine.sandboxes.inspect('job').state).toBe('running');
    await expectOutput(['run', 'skerry/starter'], 'what the image runs\n');
    expect(engine.sandboxes.list()).toHaveLength(2);
  });

  it.each([
    [['exit', '4'], 4],
    [['missing'], 127],
    [['kill', '11'], 139],
  ])('leaves nothing behind with --rm: %j', async (command, code) => {
    expect((await run(['run', '--rm', 'skerry/starter', '--', ...command])).code).toBe(code);
    expect(engine.sandboxes.list()).toEqual([]);
  });

  it('leaves nothing behind with --rm on Ctrl+C', async () => {
    const child = begin(['run', '--rm', 'skerry/starter', '--', 'size']);
    const ended = finish(child);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
    expect(engine.sandboxes.list()).toEqual([]);
  });

  it('pulls what cannot be pulled and leaves nothing behind', async () => {
    const result = await run(['run', '--rm', 'missing', '--', 'exit', '0']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('image/not-found');
    expect(engine.sandboxes.list()).toEqual([]);
  });
});

describe('the host process', () => {
  it('is named by doctor', async () => {
    const { code, stdout } = await run(['doctor', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      accelerator: 'tcg',
      host: { pid: process.pid, socket: host.socketPath },
    });
  });

  it('is started in the background once, serves everyone, and ends at a signal', async () => {
    const stateDir = path.join(dir, 'other');
    const entry = path.join(dir, 'entry.ts');
    await mkdir(stateDir);
    await writeFile(entry, fakeHostEntry());
    process.env['SKERRY_HOME'] = stateDir;
    try {
      const sockets = await Promise.all([
        startBackgroundHost({ stateDir }, entry),
        startBackgroundHost({ stateDir }, entry),
      ]);
      expect(new Set(sockets).size).toBe(1);
      const { pid } = JSON.parse(await readFile(path.join(stateDir, 'host.json'), 'utf8')) as {
        pid: number;
      };
      const child = spawn(skerry, ['ls', '--json'], {
        env: { ...process.env, SKERRY_HOME: stateDir },
      });
      expect((await finish(child)).stdout.toString()).toBe('[]\n');

      // A second one for a person says who runs and where.
      const second = await finish(spawn(process.execPath, [entry, 'serve', '--port', '0']));
      expect(second.code).toBe(1);
      expect(second.stderr).toMatch(/^skerry: Process \d+ already serves .*\n→ Open http:.*token=/);

      const log = await readFile(path.join(stateDir, 'logs/host.log'), 'utf8');
      expect(log).toContain('The host process is ready');
      expect(log).not.toContain('token');
      const client = await openSocket(sockets[0], rpcPath);
      client.resume();
      process.kill(pid, 'SIGTERM');
      await once(client, 'close');
    } finally {
      delete process.env['SKERRY_HOME'];
    }
  });

  it('says why it did not start', async () => {
    const stateDir = path.join(dir, 'other');
    const entry = path.join(dir, 'entry.ts');
    await writeFile(entry, 'console.error("out of luck"); process.exit(3);');
    await expect(startBackgroundHost({ stateDir }, entry)).rejects.toMatchObject({
      data: {
        code: 'host/unreachable',
        message: expect.stringContaining('out of luck') as unknown,
      },
    });
  });
});

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
