import { describe, expect, it } from 'vitest';
import type { AgentExec } from './agent.ts';
import { collect, type Collected } from './testing/collect-output.ts';
import { isLinux, sh, useHostAgent } from './testing/host-agent-fixture.ts';

const isRoot = process.getuid?.() === 0;
const host = useHostAgent();

async function run(request: AgentExec): Promise<Collected> {
  const session = await host.agent.exec(request);
  const collected = collect(session);
  session.endInput();
  return collected;
}

describe.skipIf(!isLinux)('commands of the agent', () => {
  it('keeps stdout and stderr apart and says how it ended', async () => {
    expect(await run(sh('echo out; echo err >&2; exit 3'))).toMatchObject({
      stdout: Buffer.from('out\n'),
      stderr: Buffer.from('err\n'),
      exit: { kind: 'exited', code: 3 },
    });
  });

  it('tells a signal from a code', async () => {
    expect((await run(sh('kill -9 $$'))).exit).toEqual({ kind: 'signalled', signal: 9 });
  });

  it('gives the command the environment it was told, and a home', async () => {
    const { stdout } = await run({
      command: ['env'],
      env: { ...sh('').env, GREETING: 'grüß' },
      workdir: '/',
    });
    const names = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(stdout.toString()).toContain('GREETING=grüß\n');
    expect(names.sort()).toEqual(['GREETING', 'HOME', 'PATH']);
  });

  it('starts it in its directory, with no descriptor but three and no signal blocked', async () => {
    const { stdout } = await run(
      sh('pwd; ls /proc/self/fd | wc -l; grep -E "Sig(Blk|Ign)" /proc/self/status; umask', {
        workdir: '/usr',
      }),
    );
    // ls itself has one open for the directory.
    expect(stdout.toString()).toBe(
      '/usr\n4\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0022\n',
    );
  });

  it.each<[string, Partial<AgentExec>, string, string]>([
    ['a name not on the PATH', { command: ['no-such-command'] }, 'exec/not-found', 'was not found'],
    ['a path to nothing', { command: ['/no/such/command'] }, 'exec/not-found', 'was not found'],
    ['an empty name', { command: [''] }, 'exec/not-found', 'was not found'],
    ['a file without x', { command: ['/etc/passwd'] }, 'exec/not-executable', 'Permission denied'],
    ['a directory', { command: ['/usr'] }, 'exec/not-executable', 'cannot be executed'],
    ['a missing directory', { workdir: '/no/such' }, 'exec/bad-workdir', '"/no/such" cannot'],
    ['an unknown user', { user: 'no-such-user' }, 'exec/bad-user', 'no user "no-such-user"'],
    ['an unknown group', { user: '0:no-such-group' }, 'exec/bad-user', '"0:no-such-group"'],
    ['a NUL', { command: ['a\0b'] }, 'exec/failed', 'NUL'],
    ['a bad variable', { env: { 'A=B': 'c' } }, 'exec/failed', '"A=B" is no name'],
    ['too long a command', { command: ['x'.repeat(2 ** 20)] }, 'exec/failed', '1048576 are'],
  ])('refuses %s apart from any exit code', async (_, request, code, message) => {
    await expect(host.agent.exec(sh('true', request))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('takes arguments that need several frames', async () => {
    const long = 'x'.repeat(120_000);
    const { stdout } = await run({
      command: ['printf', '%s', long],
      env: { ...sh('').env, LONG: long },
      workdir: '/',
    });
    expect(stdout.toString()).toBe(long);
  });

  it.runIf(isRoot)('becomes the user, with the groups that list it', async () => {
    const named = await run(sh('id -un; id -gn', { user: 'daemon' }));
    expect(named.stdout.toString()).toBe('daemon\ndaemon\n');
    const numbered = await run(sh('id -u; id -g; id -G', { user: '4711:4712' }));
    expect(numbered.stdout.toString()).toBe('4711\n4712\n4712\n');
  });

  it('signals the whole process group', async () => {
    const session = await host.agent.exec(sh('sleep 1000 & sleep 1000; echo never'));
    const collected = collect(session);
    session.signal(15);
    expect((await collected).exit).toEqual({ kind: 'signalled', signal: 15 });
  });

  it('reports the end although a grandchild keeps the pipe, and ends the grandchild not', async () => {
    const { stdout, exit } = await run(sh('echo started; sleep 1000 & echo $!'));
    expect(exit).toEqual({ kind: 'exited', code: 0 });
    const pid = Number(/started\n(\d+)\n/.exec(stdout.toString())?.[1]);
    process.kill(pid, 'SIGKILL');
  });

  it('kills and forgets a command whose start was cancelled', async () => {
    const abort = new AbortController();
    const started = host.agent.exec(sh('sleep 1000'), abort.signal);
    abort.abort();
    await expect(started).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(host.agent.sessions()).toEqual([]);
  });
});
