/** Transfers whose client does not do what clients do. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { leftOutExitCode, type FileTransfer } from '../../../contract/files.ts';
import type { Operation } from '../../../contract/operation.ts';
import type { ExitStatus } from '../../../contract/session.ts';
import type { FilesRequest, FilesWork } from '../../agent/agent.ts';
import { FieldsWriter, tag } from '../../agent/fields.ts';
import { FakeAgent, FakeAgentSession } from '../../testing/fake-agent.ts';
import { FileTransfers } from './file-transfers.ts';
import { LocalMirrors } from '../../terminal/testing/local-mirrors.ts';
import { OperationTracker } from '../operation-tracker.ts';
import { SessionDirectory } from '../session/session-directory.ts';

/** What the guest says that the tar will have. */
const measuredBytes = 5000;
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
  agent.onFiles = (request) => {
    if (request.action === 'measure') return answer(fileOf(0o100644, measuredBytes));
    return request.action === 'stat' ? answer(fileOf(0o040755, 0)) : begin(request);
  };
  transfers = new FileTransfers({
    running: (name) => ({ agent, run: { id: 'id', name, startedAtMs: 1 }, user: undefined }),
    sessions,
    operations,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

function fileOf(mode: number, sizeBytes: number): Uint8Array {
  const file = new FieldsWriter()
    .text(tag.fileName, 'a')
    .u32(tag.fileMode, mode)
    .u32(tag.uid, 0)
    .u32(tag.gid, 0)
    .u64(tag.fileSize, sizeBytes)
    .u64(tag.modifiedAtMs, 0);
  return new FieldsWriter().bytes(tag.file, file.finish()).finish();
}

function answer(bytes: Uint8Array): FilesWork {
  const session = new FakeAgentSession(1, { command: [], env: {}, workdir: '/' });
  vi.spyOn(session, 'attach').mockImplementation((listener) => {
    queueMicrotask(() => {
      listener.onStdout(bytes);
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

  it('says how far it is once the guest has counted, and what was left out', async () => {
    const { session, operation } = await download();
    attach(session.id);
    await vi.advanceTimersByTimeAsync(0);
    tar.listener?.onStdout(new Uint8Array(700));
    expect(operations.get(operation.id).stages).toMatchObject([
      { bytesDone: 700, bytesTotal: measuredBytes },
    ]);
    tar.listener?.onStderr(Buffer.from('a/x: left out: Permission denied\n'));
    tar.listener?.onExit({ kind: 'exited', code: leftOutExitCode });
    await vi.advanceTimersByTimeAsync(0);
    expect(operations.get(operation.id)).toMatchObject({ state: 'succeeded', hasOutput: true });
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
