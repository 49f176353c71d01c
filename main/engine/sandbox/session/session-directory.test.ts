import { describe, expect, it } from 'vitest';
import { AppError, isAppError } from '../../base/app-error.ts';
import type { SessionSink } from '../../engine.ts';
import { FakeAgent } from '../../testing/fake-agent.ts';
import { LocalMirrors } from '../../terminal/testing/local-mirrors.ts';
import { SessionDirectory } from './session-directory.ts';

const run = { id: '0123456789', name: 'web', startedAtMs: 1_000_000 };

function aSink(): SessionSink & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    onAttached: ({ replayBytes }) => heard.push(`attached ${String(replayBytes)}`),
    onSize: (rows, columns) => heard.push(`size ${String(rows)} ${String(columns)}`),
    onStdout: (bytes) => heard.push(`out ${Buffer.from(bytes).toString()}`),
    onStderr: (bytes) => heard.push(`err ${Buffer.from(bytes).toString()}`),
    onExit: (status) => heard.push(`exit ${JSON.stringify(status)}`),
    onError: (error) =>
      heard.push(isAppError(error) ? `error ${error.code}` : `error ${error.message}`),
  };
}

async function aSession() {
  const agent = new FakeAgent();
  const directory = new SessionDirectory(new LocalMirrors());
  await agent.exec({ command: ['cat'], env: {}, workdir: '/' });
  const [session] = agent.sessions();
  if (session === undefined) throw new Error('The fake agent has no session.');
  return { agent, directory, session, info: directory.add(run, session) };
}

describe('SessionDirectory', () => {
  it('hands output and the end to whoever is attached, and forgets the session then', async () => {
    const { directory, session, info } = await aSession();
    const sink = aSink();
    directory.attach(info.id, sink);
    session.listener?.onStdout(Buffer.from('a'));
    session.listener?.onStderr(Buffer.from('b'));
    session.listener?.onExit({ kind: 'exited', code: 3 });
    expect(sink.heard).toEqual(['out a', 'err b', 'exit {"kind":"exited","code":3}']);
    expect(directory.list(run.id)).toEqual([]);
    expect(() => directory.attach(info.id, aSink())).toThrow('No session is');
  });

  it('lets a second client take over, and tells the first', async () => {
    const { directory, session, info } = await aSession();
    const first = aSink();
    const second = aSink();
    const attachment = directory.attach(info.id, first);
    directory.attach(info.id, second);
    session.listener?.onStdout(Buffer.from('x'));
    expect(first.heard).toEqual(['error session/taken-over']);
    expect(second.heard).toEqual(['out x']);
    attachment.acknowledge(1);
    attachment.detach();
    expect(session.acknowledged).toBe(0);
    expect(session.listener).toBeDefined();
  });

  it('leaves the command running when its client detaches', async () => {
    const { directory, session, info } = await aSession();
    directory.attach(info.id, aSink()).detach();
    expect(session.listener).toBeUndefined();
    expect(directory.list(run.id)).toMatchObject([{ id: info.id, command: ['cat'], tty: false }]);
  });

  it('names the sessions of an agent that came back as before', async () => {
    const { agent, directory, info } = await aSession();
    const sink = aSink();
    directory.attach(info.id, sink);
    directory.adopt(run, agent);
    expect(sink.heard).toEqual(['error agent/disconnected']);
    expect(directory.list(run.id).map(({ id }) => id)).toEqual([info.id]);
  });

  it('knows what runs the shell of the sandbox again, as an earlier host process began it', async () => {
    const agent = new FakeAgent();
    const begin = (...command: string[]) => agent.exec({ command, env: {}, workdir: '/' });
    await begin('/bin/zsh');
    await begin('/bin/zsh', '-c', 'make');
    await begin('/bin/sh');
    await begin('/bin/zsh', '--version');
    const directory = new SessionDirectory(new LocalMirrors());
    directory.adopt(run, agent, '/bin/zsh');
    const zsh = { path: '/bin/zsh' };
    const shells = directory.list(run.id).map(({ shell }) => shell);
    expect(shells).toEqual([zsh, zsh, undefined, undefined]);
  });

  it('tells everyone attached when a sandbox ends, and no other sandbox', async () => {
    const { agent, directory, info } = await aSession();
    const sink = aSink();
    directory.attach(info.id, sink);
    const [session] = agent.sessions();
    if (session === undefined) throw new Error('The fake agent has no session.');
    directory.add({ ...run, id: 'aaaaaaaaaa', name: 'other' }, session);
    directory.dropSandbox(run.id, new AppError('sandbox/not-running', 'It stopped.'));
    expect(sink.heard).toEqual(['error sandbox/not-running']);
    expect(directory.list('aaaaaaaaaa')).toHaveLength(1);
  });
});
