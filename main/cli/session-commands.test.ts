/** The real command against a real host process over a unix socket; only the engine is a fake. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { patternBytes } from '../engine/testing/fake-session.ts';
import { CliFixture, finish, skerry } from './testing/cli-fixture.ts';

// Each command is a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let engine: FakeEngine;
let cli: CliFixture;

beforeEach(async () => {
  engine = new FakeEngine();
  cli = await CliFixture.start(engine);
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

async function expectOutput(args: readonly string[], stdout: string): Promise<void> {
  const result = await cli.run(args);
  expect({ ...result, stdout: result.stdout.toString() }).toEqual({ code: 0, stdout, stderr: '' });
}

describe('exec', () => {
  beforeEach(async () => {
    const operation = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
    await engine.operations.wait(operation.id);
  });

  it('passes bytes on as they are, both ways', async () => {
    const bytes = patternBytes(3_000_000);
    const result = await cli.run(['exec', 'web', '--', 'cat'], bytes);
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
    expect((await cli.run(['exec', 'web', '--', ...command])).code).toBe(code);
  });

  it.each([
    [['web', '--', 'print', '--json', '-t', '--'], '--json -t --\n'],
    [['web', 'print', '--rm', '--', 'x'], '--rm -- x\n'],
    [['web', '--workdir', '/srv', '--', 'pwd'], '/srv\n'],
    [['--env', 'A=b c', 'web', '--', 'env', 'A'], 'b c\n'],
    [['-u', '1000:5', 'web', 'whoami'], '1000:5\n'],
    [['web'], 'what the image runs\n'],
  ])('takes its own options and leaves those of the command alone: %j', async (args, stdout) => {
    await expectOutput(['exec', ...args], stdout);
  });

  it('refuses an option that it does not know', async () => {
    const result = await cli.run(['exec', 'web', '--wrong', '--', 'pwd']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("unknown option '--wrong'");
  });

  it('keeps stderr apart', async () => {
    expect(await cli.run(['exec', 'web', '--', 'warn', 'careful'])).toEqual({
      code: 0,
      stdout: Buffer.of(),
      stderr: 'careful\n',
    });
  });

  it('passes Ctrl+C on to the command', async () => {
    const child = cli.begin(['exec', 'web', '--', 'size']);
    const ended = finish(child);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });

  it('ends quietly when whoever reads has gone, and ends the command', async () => {
    const child = cli.begin(['exec', 'web', '--', 'flood', '5000000']);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await finish(child)).toMatchObject({ code: 141, stderr: '' });
    expect(engine.lastSession).toMatchObject({
      exit: { kind: 'signalled', signal: 13 },
      unacknowledgedBytes: 0,
    });
  });

  it('says when the host process goes in the middle', async () => {
    const child = cli.begin(['exec', 'web', '--', 'size']);
    const ended = finish(child);
    await once(child.stdout, 'data');
    await cli.host.close();
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toContain('host/unreachable');
  });

  it('gives a shell without a terminal our stdin', async () => {
    expect((await cli.run(['shell', 'web'], 'echo hello\n')).stdout.toString()).toBe(
      'echo hello\n',
    );
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
      const child = cli.begin(['-qec', lines.join('; '), '/dev/null'], { program: script });
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

describe('sessions and attach', () => {
  const tty = { rows: 24, columns: 80 };

  beforeEach(async () => {
    const operation = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
    await engine.operations.wait(operation.id);
  });

  it('lists what runs and what has ended', async () => {
    await engine.sandboxes.exec({ name: 'web', command: ['cat'], tty });
    await engine.sandboxes.exec({ name: 'web', command: ['exit', '3'], tty });
    const { stdout } = await cli.run(['sessions', 'web']);
    const rows = stdout
      .toString()
      .trim()
      .split('\n')
      .map((row) => row.split(/ {2,}/));
    expect(rows).toMatchObject([
      ['SESSION', 'STATE', 'KIND', 'CLIENTS', 'AGE', 'COMMAND', 'TITLE'],
      ['1', 'running', 'terminal', '0', expect.anything(), 'cat'],
      ['2', 'exited 3', 'terminal', '0', expect.anything(), 'exit 3'],
    ]);
    const json = await cli.run(['sessions', 'web', '--json']);
    expect(JSON.parse(json.stdout.toString())).toMatchObject([{ tty: true }, { tty: true }]);
  });

  it('shows a terminal of before, and exits as it has', async () => {
    const { id } = await engine.sandboxes.exec({ name: 'web', command: ['print', 'before'], tty });
    const result = await cli.run(['attach', 'web', id.slice(-1)]);
    expect({ ...result, stdout: result.stdout.toString() }).toEqual({
      ...{ code: 0, stdout: 'before\n', stderr: '' },
    });
  });

  it('joins the latest that runs, beside others', async () => {
    const { id } = await engine.sandboxes.exec({ name: 'web', command: ['cat'], tty });
    const child = cli.begin(['attach', 'web']);
    const ended = finish(child);
    child.stdin.write('typed');
    await once(child.stdout, 'data');
    expect(engine.sessions.inspect(id)).toMatchObject({ clients: 1 });
    child.stdin.write('\x10\x11');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(engine.session(id).exit).toBeUndefined();
  });

  it('says when there is none', async () => {
    const { code, stderr } = await cli.run(['attach', 'web']);
    expect(code).toBe(1);
    expect(stderr).toContain('session/not-found');
  });
});

describe('run', () => {
  it('exits as the command does and keeps the sandbox', async () => {
    const result = await cli.run(['run', '--name', 'job', 'skerry/starter', '--', 'exit', '5']);
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
    expect((await cli.run(['run', '--rm', 'skerry/starter', '--', ...command])).code).toBe(code);
    expect(engine.sandboxes.list()).toEqual([]);
  });

  it('leaves nothing behind with --rm on Ctrl+C', async () => {
    const child = cli.begin(['run', '--rm', 'skerry/starter', '--', 'size']);
    const ended = finish(child);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
    expect(engine.sandboxes.list()).toEqual([]);
  });

  it('pulls what cannot be pulled and leaves nothing behind', async () => {
    const result = await cli.run(['run', '--rm', 'missing', '--', 'exit', '0']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('image/not-found');
    expect(engine.sandboxes.list()).toEqual([]);
  });
});
