import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  keptCommandRuns,
  type CommandEvent,
  type CommandOutput,
} from '../../../contract/commands.ts';
import type { AgentExec } from '../../agent/agent.ts';
import { AppError } from '../../base/app-error.ts';
import { FakeAgent, type FakeAgentSession } from '../../testing/fake-agent.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SandboxLog } from '../logs/sandbox-log.ts';
import { commandOutput, pieces } from './command-output.ts';
import { CommandRuns } from './command-runs.ts';
import { CommandRecorder } from './record-commands.ts';

const exec: AgentExec = { command: ['make'], env: { TOKEN: 'secret' }, workdir: '/' };
const machine = 1000;
const exited = (code: number) => ({ kind: 'exited', code }) as const;

describe('the commands of a sandbox', () => {
  const temporary = useTemporaryDirectory();
  let agent: FakeAgent;
  let log: SandboxLog;
  let runs: CommandRuns;
  let recorder: CommandRecorder;

  /** As an engine begins; the agent is the same machine's. */
  async function open(): Promise<void> {
    log = new SandboxLog(path.join(temporary.path, 'log'));
    runs = new CommandRuns(path.join(temporary.path, 'commands.json'), log);
    await runs.load();
    recorder = new CommandRecorder(runs);
  }

  beforeEach(async () => {
    agent = new FakeAgent();
    await open();
  });

  afterEach(() => runs.close());

  const run = (line = 'make') => recorder.run(agent, machine, exec, { line });
  const session = (at = 0): FakeAgentSession => {
    const found = agent.sessions()[at];
    if (found === undefined) throw new Error('There is no such session.');
    return found;
  };
  async function outputOf(id: string, signal?: AbortSignal): Promise<CommandOutput[]> {
    const all: CommandOutput[] = [];
    for await (const piece of commandOutput(id, runs, log, signal)) all.push(piece);
    return all;
  }
  const ended = (id: string) => vi.waitUntil(() => runs.get(id).endedAtMs !== undefined);

  it('are kept with what they said on either stream, and how they ended', async () => {
    const { id } = await run();
    const output = outputOf(id);
    session().say('stdout', 'one\ntw');
    session().say('stderr', 'wrong\n');
    session().say('stdout', 'o');
    session().end(exited(3));
    expect(await output).toEqual([
      { stream: 'stdout', text: 'one\n' },
      { stream: 'stderr', text: 'wrong\n' },
      { stream: 'stdout', text: 'two' },
    ]);
    expect(session().acknowledged).toBe(13);
    await runs.saved();
    await open();
    expect(runs.list()).toMatchObject([
      { id, command: ['make'], line: 'make', origin: 'window', exit: exited(3) },
    ]);
    expect(await outputOf(id)).toHaveLength(3);
    expect(JSON.stringify(runs.list())).not.toContain('secret');
  });

  it('are told to those who watch, each time they change', async () => {
    const heard: CommandEvent[] = [];
    runs.watch((event) => heard.push(event));
    const { id } = await run();
    session().end(exited(0));
    await ended(id);
    await runs.remove(id);
    expect(heard).toMatchObject([
      { type: 'all', runs: [] },
      { type: 'changed', runs: [{ id }] },
      { type: 'changed', runs: [{ id, exit: exited(0) }] },
      { type: 'removed', ids: [id] },
    ]);
    expect(heard[1]).not.toHaveProperty(['runs', 0, 'endedAtMs']);
  });

  it('of clients pass them as they are, are recorded, and terminals are not', async () => {
    const recorded = recorder.recorded(agent, machine);
    const terminal = await recorded.exec({ ...exec, tty: { rows: 2, columns: 2 } });
    expect(terminal).toBe(session(0));
    const client = await recorded.exec(exec);
    const heard: string[] = [];
    const detach = client.attach({
      onStdout: (bytes) => heard.push(`out ${Buffer.from(bytes).toString()}`),
      onStderr: (bytes) => heard.push(`err ${Buffer.from(bytes).toString()}`),
      onExit: (status) => heard.push(JSON.stringify(status)),
      onDisconnect: () => undefined,
    });
    session(1).say('stdout', 'a\n');
    session(1).say('stderr', 'b\n');
    expect(session(1).acknowledged).toBe(0);
    session(1).end(exited(0));
    expect(heard).toEqual(['out a\n', 'err b\n', JSON.stringify(exited(0))]);
    const [only] = runs.list();
    expect(runs.list()).toHaveLength(1);
    await ended(only?.id ?? '');
    expect(runs.list()).toMatchObject([{ origin: 'client', exit: exited(0) }]);
    expect(await outputOf(only?.id ?? '')).toMatchObject([{ text: 'a\n' }, { text: 'b\n' }]);
    detach();
    expect(session(1).listener).toBeUndefined();
    expect(recorder.recorded(agent, machine)).toBe(recorded);
  });

  it('of a client that attaches again are recorded once', async () => {
    const client = await recorder.recorded(agent, machine).exec(exec);
    const deaf = {
      onStdout: () => undefined,
      onStderr: () => undefined,
      onExit: () => undefined,
      onDisconnect: () => undefined,
    };
    const detach = client.attach(deaf);
    session().say('stdout', 'used\n');
    session().say('stderr', 'wrong\n');
    session().say('stdout', 'seen\n');
    client.acknowledge('used\nwrong\n'.length);
    detach();
    client.attach(deaf);
    // As the guest does: all that was not acknowledged, and then what is new.
    session().say('stdout', 'seen\nne');
    session().say('stdout', 'w\n');
    session().say('stderr', 'too\n');
    session().end(exited(0));
    const [only] = runs.list();
    await ended(only?.id ?? '');
    const output = await outputOf(only?.id ?? '');
    const text = (stream: string) =>
      output.flatMap((piece) => (piece.stream === stream ? [piece.text] : [])).join('');
    expect(text('stdout')).toBe('used\nseen\nnew\n');
    expect(text('stderr')).toBe('wrong\ntoo\n');
  });

  it('of a client that has left are known to have ended', async () => {
    await recorder.recorded(agent, machine).exec(exec);
    session().exit = exited(7);
    expect(runs.list()).toMatchObject([{ exit: exited(7) }]);
  });

  it('go on over the end of a host process, and are nobody else’s', async () => {
    const { id } = await run();
    await recorder.recorded(agent, machine).exec(exec);
    session(0).say('stdout', 'before\n');
    await vi.waitUntil(() => session(0).acknowledged === 7);
    await runs.saved();
    await open();
    const clients = recorder.recorded(agent, machine).sessions();
    expect(clients.map(({ id: each }) => each)).toEqual([session(1).id]);
    session(0).say('stdout', 'after\n');
    session(0).end(exited(0));
    expect(await outputOf(id)).toMatchObject([{ text: 'before\nafter\n' }]);
    const heard: string[] = [];
    clients[0]?.attach({
      onStdout: (bytes) => heard.push(Buffer.from(bytes).toString()),
      ...{ onStderr: () => undefined, onExit: () => undefined, onDisconnect: () => undefined },
    });
    session(1).say('stdout', 'of the client\n');
    session(1).end(exited(4));
    expect(heard).toEqual(['of the client\n']);
    await vi.waitUntil(() => runs.list().every(({ endedAtMs }) => endedAtMs !== undefined));
    expect(runs.list()).toMatchObject([{ exit: exited(4) }, { exit: exited(0) }]);
  });

  it('of a machine that is another by now, or a guest that forgot them, have an unknown end', async () => {
    const { id } = await run();
    await runs.saved();
    await open();
    recorder.recorded(new FakeAgent(), machine);
    expect(runs.get(id)).toMatchObject({ failure: expect.stringContaining('not known') as string });

    const { id: other } = await run();
    runs.allFailed('The sandbox stopped.');
    expect(runs.get(other)).toMatchObject({ failure: 'The sandbox stopped.' });
    session(1).end(exited(0));
    await log.read({ limit: 1 });
    expect(runs.get(other)).not.toHaveProperty('exit');
  });

  it('that cannot be started are failures; what is no fault of theirs is thrown', async () => {
    agent.execFailure = new AppError('exec/not-found', '"make" was not found.');
    const failed = await run();
    expect(failed).toMatchObject({ failure: '"make" was not found.' });
    expect(await outputOf(failed.id)).toEqual([]);
    agent.execFailure = new AppError('agent/disconnected', 'Gone.');
    await expect(run()).rejects.toMatchObject({ code: 'agent/disconnected' });
    expect(runs.list()).toHaveLength(1);
  });

  it('can be sent a signal while they run, and removed when they have ended', async () => {
    const { id } = await run();
    session().say('stdout', 'said\n');
    runs.signal(id, 15);
    expect(session().signals).toEqual([15]);
    await expect(runs.remove(id)).rejects.toMatchObject({ code: 'command/invalid' });
    session().end({ kind: 'signalled', signal: 15 });
    await ended(id);
    expect(() => {
      runs.signal(id, 15);
    }).toThrow('The command does not run any more.');
    await runs.remove(id);
    expect(runs.list()).toEqual([]);
    expect((await log.read({ limit: 9 })).lines).toEqual([]);
    expect(() => runs.get(id)).toThrow(`There is no command "${id}".`);
    await expect(outputOf(id)).rejects.toMatchObject({ code: 'command/not-found' });
  });

  it('are the latest ones, and those that run', async () => {
    const { id } = await run('runs');
    const gone: string[] = [];
    runs.watch((event) => {
      if (event.type === 'removed') gone.push(...event.ids);
    });
    const before = runs.addFailed({ command: ['x'], origin: 'window' }, 'No.');
    for (let count = 0; count < keptCommandRuns + 20; count++) {
      runs.addFailed({ command: ['x'], origin: 'window', line: String(count) }, 'No.');
    }
    expect(runs.list()).toHaveLength(keptCommandRuns);
    expect(gone).toHaveLength(22);
    expect(gone[0]).toBe(before.id);
    expect(runs.get(id)).toMatchObject({ line: 'runs' });
    expect(runs.list()[0]).toMatchObject({ line: String(keptCommandRuns + 19) });
  });

  it('are not kept with a megabyte of words', () => {
    const command = ['sh', '-c', 'x'.repeat(100_000), 'y', 'z'];
    const run = runs.addFailed({ command, origin: 'window', line: 'l'.repeat(100_000) }, 'No.');
    expect(JSON.stringify(run).length).toBeLessThan(20_000);
    expect(run.command.at(-1)).toBe('…');
  });

  it('give their output until whoever reads it has gone', async () => {
    const { id } = await run();
    const stop = new AbortController();
    const reading = outputOf(id, stop.signal);
    stop.abort();
    expect(await reading).toEqual([]);
    expect(await outputOf(id, stop.signal)).toEqual([]);
  });
});

describe('pieces', () => {
  it('joins neighbours of one stream, up to a bound', () => {
    const line = (stream: 'stdout' | 'stderr') =>
      ({ sequence: 1, atMs: 0, source: 'command', stream, text: 'x' }) as const;
    const many = Array.from({ length: 1200 }, () => line('stdout'));
    const all = [...pieces([...many, line('stderr'), { ...line('stdout'), isOpen: true }])];
    expect(all.map(({ text }) => text.length)).toEqual([1000, 1000, 400, 2, 1]);
  });
});
