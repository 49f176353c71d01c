import { describe, expect, it } from 'vitest';
import {
  parseClientFrame,
  serializeHostFrame,
  sessionWindowBytes,
  type ClientFrame,
  type HostFrame,
} from '../../main/contract/session-frames.ts';
import { openByteSession, SessionClosedError } from './byte-session.ts';
import type { FrameHandlers } from './transport.ts';

function opened() {
  const sent: ClientFrame[] = [];
  let handlers: FrameHandlers | undefined;
  let isClosed = false;
  const session = openByteSession((given) => {
    handlers = given;
    return {
      send: (bytes) => {
        const frame = parseClientFrame(bytes);
        if (frame !== undefined) sent.push(frame);
      },
      close: () => {
        isClosed = true;
      },
    };
  });
  return {
    session,
    sent,
    isClosed: () => isClosed,
    receive: (frame: HostFrame) => handlers?.onFrame(serializeHostFrame(frame)),
    receiveBytes: (bytes: Uint8Array) => handlers?.onFrame(bytes),
    lose: () => handlers?.onClose(),
  };
}

const acknowledged = (sent: readonly ClientFrame[]) =>
  sent.reduce((sum, frame) => sum + (frame.type === 'ack' ? frame.byteCount : 0), 0);
const inputBytes = (sent: readonly ClientFrame[]) =>
  sent.reduce((sum, frame) => sum + (frame.type === 'input' ? frame.bytes.length : 0), 0);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the output of a byte session', () => {
  it('is acknowledged when it is read, and not before', async () => {
    const { session, sent, receive } = opened();
    receive({ type: 'stdout', bytes: new Uint8Array(40_000) });
    receive({ type: 'stdout', bytes: new Uint8Array(10) });
    await turn();
    expect(acknowledged(sent)).toBe(0);
    const reader = session.stdout.getReader();
    expect((await reader.read()).value).toHaveLength(40_000);
    expect(acknowledged(sent)).toBe(40_000);
    expect((await reader.read()).value).toHaveLength(10);
    expect(acknowledged(sent)).toBe(40_010);
  });

  it('is read to its end after the session has ended, and stderr is told apart', async () => {
    const { session, receive, isClosed } = opened();
    receive({ type: 'stdout', bytes: new TextEncoder().encode('all of it') });
    receive({ type: 'stderr', bytes: new TextEncoder().encode('not all\n') });
    receive({ type: 'exit', status: { kind: 'exited', code: 1 } });
    await expect(session.ended).resolves.toEqual({
      status: { kind: 'exited', code: 1 },
      stderr: 'not all\n',
    });
    expect(isClosed()).toBe(true);
    expect(await new Response(session.stdout).text()).toBe('all of it');
  });

  it('keeps the end of a flood on stderr', async () => {
    const { session, sent, receive } = opened();
    for (let count = 0; count < 40; count += 1) {
      receive({ type: 'stderr', bytes: new Uint8Array(1_000).fill(0x61 + (count % 26)) });
    }
    receive({ type: 'exit', status: { kind: 'exited', code: 1 } });
    const { stderr } = await session.ended;
    expect(stderr).toHaveLength(16 * 1024);
    expect(stderr.endsWith('n'.repeat(1_000))).toBe(true);
    expect(acknowledged(sent)).toBe(40_000);
  });

  it('fails where more comes than was acknowledged', async () => {
    const { session, receive } = opened();
    for (let sum = 0; sum <= sessionWindowBytes; sum += 60_000) {
      receive({ type: 'stdout', bytes: new Uint8Array(60_000) });
    }
    await expect(session.ended).rejects.toMatchObject({ data: { code: 'internal/unexpected' } });
    await expect(session.stdout.getReader().read()).rejects.toThrow('makes no sense');
  });

  it('fails where the connection is lost', async () => {
    const { session, lose } = opened();
    const read = session.stdout.getReader().read();
    lose();
    await expect(read).rejects.toMatchObject({ data: { code: 'host/unreachable' } });
    await expect(session.ended).rejects.toMatchObject({ data: { code: 'host/unreachable' } });
  });
});

describe('the input of a byte session', () => {
  it('waits for the sandbox to take it', async () => {
    const { session, sent, receive } = opened();
    const writer = session.stdin.getWriter();
    const written = writer.write(new Uint8Array(sessionWindowBytes + 100_000));
    await turn();
    expect(inputBytes(sent)).toBe(sessionWindowBytes);
    receive({ type: 'ack', byteCount: 70_000 });
    await turn();
    expect(inputBytes(sent)).toBe(sessionWindowBytes + 70_000);
    receive({ type: 'ack', byteCount: 70_000 });
    await written;
    expect(inputBytes(sent)).toBe(sessionWindowBytes + 100_000);
    await writer.close();
    expect(sent.at(-1)).toEqual({ type: 'input-end' });
  });

  it('fails with the error of the session', async () => {
    const { session, receive } = opened();
    const written = session.stdin.getWriter().write(new Uint8Array(sessionWindowBytes + 1));
    receive({
      type: 'error',
      error: { code: 'file/no-space', message: 'Full.', hint: 'Free it.' },
    });
    await expect(written).rejects.toMatchObject({ data: { code: 'file/no-space' } });
  });

  it('is let go of while the sandbox takes nothing', async () => {
    const { session, isClosed } = opened();
    const writer = session.stdin.getWriter();
    const written = writer.write(new Uint8Array(sessionWindowBytes + 1));
    await turn();
    await Promise.all([expect(written).rejects.toThrow(), writer.abort()]);
    expect(isClosed()).toBe(true);
    await expect(session.ended).rejects.toBeInstanceOf(SessionClosedError);
  });

  it('ends with the session that takes no more', async () => {
    const { session, receive } = opened();
    const written = session.stdin.getWriter().write(new Uint8Array(sessionWindowBytes + 1));
    receive({ type: 'exit', status: { kind: 'exited', code: 1 } });
    await expect(written).rejects.toThrow('took no more');
  });
});

it('a frame that is none ends the session', async () => {
  const { session, receiveBytes, isClosed } = opened();
  receiveBytes(Uint8Array.of(99));
  await expect(session.ended).rejects.toThrow('makes no sense');
  expect(isClosed()).toBe(true);
});
