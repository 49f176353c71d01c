/** Transfers whose client does not do what clients do. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileTransfer } from '../../../contract/files.ts';
import type { Operation } from '../../../contract/operation.ts';
import type { ExitStatus } from '../../../contract/session.ts';
import type { FilesRequest, FilesWork } from '../../agent/agent.ts';
import { FieldsWriter, tag } from '../../agent/fields.ts';
import { FakeAgent, FakeAgentSession } from '../../testing/fake-agent.ts';
import { FileTransfers } from './file-transfers.ts';
import { LocalMirrors } from '../../terminal/testing/local-mirrors.ts';
import { OperationTracker } from '../operation-tracker.ts';
import { SessionDirectory } from '../session/session-directory.ts';

const done: ExitStatus = { kind: 'exited', code: 0 };
let agent: FakeAgent;
let sessions: SessionDirectory;
let operations: OperationTracker;
let transfers: FileTransfers;
/** The session of the tar, in the guest. */
let tar: FakeAgentSession;
let closed: boolean;
let signals: number[];

beforeEach(() => {
  vi.useFakeTimers();
  agent = new FakeAgent();
  sessions = new SessionDirectory(new LocalMirrors());
  operations = new OperationTracker(() => undefined);
  closed = false;
  signals = [];
  agent.onFiles = (request) => (request.action === 'stat' ? stat() : begin(request));
  transfers = new FileTransfers({
    running: (name) => ({ agent, run: { id: 'id', name, startedAtMs: 1 }, user: undefined }),
    sessions,
    operations,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Answers that there is a directory. */
function stat(): FilesWork {
  const session = new FakeAgentSession(1, { command: [], env: {}, workdir: '/' });
  const file = new FieldsWriter()
    .text(tag.fileName, 'a')
    .u32(tag.fileMode, 0o040755)
    .u32(tag.uid, 0)
    .u32(tag.gid, 0)
    .u64(tag.fileSize, 0)
    .u64(tag.modifiedAtMs, 0);
  vi.spyOn(session, 'attach').mockImplementation((listener) => {
    queueMicrotask(() => {
      listener.onStdout(new FieldsWriter().bytes(tag.file, file.finish()).finish());
      listener.onExit(done);
    });
    return () => undefined;
  });
  return { session, close: () => undefined };
}

function begin(_request: FilesRequest): FilesWork {
  tar = new FakeAgentSession(2, { command: [], env: {}, workdir: '/' });
  tar.onSignal = (signal) => {
    signals.push(signal);
    // As the agent: it ends, and says so to whoever listens then.
    queueMicrotask(() => tar.listener?.onExit({ kind: 'exited', code: 143 }));
  };
  const close = (): void => {
    closed = true;
  };
  return { session: tar, close };
}

function download(): Promise<FileTransfer> {
  return transfers.download({ name: 'web', paths: ['/a'], contents: false, follow: false });
}

function attach(id: string): { readonly exits: ExitStatus[]; readonly detach: () => void } {
  const exits: ExitStatus[] = [];
  const attachment = sessions.attach(id, {
    onAttached: () => undefined,
    onSize: () => undefined,
    onStdout: () => undefined,
    onStderr: () => undefined,
    onExit: (status) => exits.push(status),
    onError: (error) => {
      throw error;
    },
  });
  return {
    exits,
    detach: () => {
      attachment.detach();
    },
  };
}

const state = (operation: Operation): Operation['state'] => operations.get(operation.id).state;

describe('a transfer', () => {
  it('counts what crosses, and ends with its session', async () => {
    const { session, operation } = await download();
    const client = attach(session.id);
    expect(sessions.list('id')).toMatchObject([
      { command: ['download', '/a'], tty: false, isTransfer: true },
    ]);
    tar.listener?.onStdout(new Uint8Array(700));
    tar.listener?.onStdout(new Uint8Array(300));
    tar.listener?.onExit(done);
    await vi.advanceTimersByTimeAsync(0);
    expect(client.exits).toEqual([done]);
    expect(operations.get(operation.id)).toMatchObject({
      state: 'succeeded',
      stages: [{ bytesDone: 1000, bytesTotal: 1000 }],
    });
    expect(sessions.list('id')).toEqual([]);
  });

  it('fails with what the guest said last', async () => {
    const { session, operation } = await download();
    attach(session.id);
    tar.listener?.onStderr(Buffer.from('x: left out\n/a: No such file or directory\n'));
    tar.listener?.onExit({ kind: 'exited', code: 2 });
    await vi.advanceTimersByTimeAsync(0);
    expect(operations.get(operation.id)).toMatchObject({
      state: 'failed',
      hasOutput: true,
      error: { code: 'file/not-found', message: '/a: No such file or directory.' },
    });
  });

  it('that no client comes for ends, and leaves nothing', async () => {
    const { operation } = await download();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(state(operation)).toBe('running');
    await vi.advanceTimersByTimeAsync(2000);
    expect([state(operation), signals, closed]).toEqual(['cancelled', [15], true]);
    expect(sessions.list('id')).toEqual([]);
  });

  it('waits for a client that has gone, and not for ever', async () => {
    const { session, operation } = await download();
    attach(session.id).detach();
    await vi.advanceTimersByTimeAsync(20_000);
    const again = attach(session.id);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(state(operation)).toBe('running');
    again.detach();
    await vi.advanceTimersByTimeAsync(31_000);
    expect(state(operation)).toBe('cancelled');
    expect(sessions.list('id')).toEqual([]);
  });

  it('that is cancelled tells its client', async () => {
    const { session, operation } = await download();
    const client = attach(session.id);
    await operations.cancel(operation.id);
    expect(client.exits).toEqual([{ kind: 'signalled', signal: 15 }]);
    expect([state(operation), closed]).toEqual(['cancelled', true]);
    expect(sessions.list('id')).toEqual([]);
  });

  it('that is cancelled ends though the guest does not', async () => {
    const { operation } = await download();
    tar.onSignal = () => undefined;
    const cancelling = operations.cancel(operation.id);
    await vi.advanceTimersByTimeAsync(3100);
    await cancelling;
    expect([state(operation), closed]).toEqual(['cancelled', true]);
  });

  it('fails where the guest is lost', async () => {
    const { session, operation } = await download();
    attach(session.id);
    tar.listener?.onDisconnect(new Error('gone'));
    await vi.advanceTimersByTimeAsync(0);
    expect(state(operation)).toBe('failed');
  });
});
