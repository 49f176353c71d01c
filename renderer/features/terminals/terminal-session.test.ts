import { describe, expect, it } from 'vitest';
import {
  parseClientFrame,
  serializeHostFrame,
  type ClientFrame,
  type HostFrame,
} from '../../../main/contract/session-frames.ts';
import { BridgeError } from '../../bridge/bridge-error.ts';
import { maxQueuedInputBytes } from '../../bridge/session-channel.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import type { FrameHandlers } from '../../bridge/transport.ts';
import { startTerminalSession, type TerminalSession } from './terminal-session.ts';

interface Setup {
  readonly session: TerminalSession;
  readonly sent: ClientFrame[];
  readonly heard: unknown[];
  readonly shells: unknown[];
  readonly isClosed: () => boolean;
  readonly receive: (frame: HostFrame) => void;
  /** Puts what was written on the screen. */
  readonly draw: () => void;
  readonly answerShell: (error?: Error) => Promise<void>;
}

function setUp(sessionId?: string): Setup {
  const sent: ClientFrame[] = [];
  const heard: unknown[] = [];
  const shells: unknown[] = [];
  const undrawn: (() => void)[] = [];
  let handlers: FrameHandlers | undefined;
  let isClosed = false;
  let settle: (error?: Error) => void = () => undefined;
  const shell = (request: unknown) => {
    shells.push(request);
    return new Promise((resolve, reject) => {
      settle = (error) => {
        if (error === undefined) resolve({ id: 'session-1' });
        else reject(error);
      };
    });
  };
  const session = startTerminalSession(
    {
      client: { sandboxes: { shell } } as unknown as SkerryClient,
      openSession: (id, given) => {
        heard.push(['attach', id]);
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
      },
      sandbox: 'web-api',
      sessionId,
      write: (bytes, onUsed) => {
        heard.push(['write', bytes.length]);
        undrawn.push(onUsed);
      },
      onOpen: (id) => heard.push(['open', id]),
      onExit: (status) => heard.push(['exit', status]),
      onError: (error) => heard.push(['error', error.code]),
      onLost: () => heard.push(['lost']),
    },
    { rows: 24, columns: 80 },
  );
  return {
    session,
    sent,
    heard,
    shells,
    isClosed: () => isClosed,
    receive: (frame) => handlers?.onFrame(serializeHostFrame(frame)),
    draw: () => {
      for (const onUsed of undrawn.splice(0)) onUsed();
    },
    answerShell: async (error) => {
      settle(error);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('a new shell', () => {
  it('is asked for with the size of the screen, and attached to', async () => {
    const { heard, shells, answerShell } = setUp();
    expect(shells).toEqual([{ name: 'web-api', tty: { rows: 24, columns: 80 } }]);
    await answerShell();
    expect(heard).toEqual([
      ['attach', 'session-1'],
      ['open', 'session-1'],
    ]);
  });

  it('hears of a size that changed while it was asked for', async () => {
    const { session, sent, answerShell } = setUp();
    session.resize({ rows: 30, columns: 100 });
    await answerShell();
    expect(sent).toEqual([{ type: 'resize', rows: 30, columns: 100 }]);
  });

  it('acknowledges output when it is drawn', async () => {
    const { sent, receive, draw, answerShell } = setUp();
    await answerShell();
    receive({ type: 'stdout', bytes: new Uint8Array(700) });
    expect(sent).toEqual([]);
    draw();
    expect(sent).toEqual([{ type: 'ack', byteCount: 700 }]);
  });

  it('says why there is none', async () => {
    const { heard, answerShell } = setUp();
    await answerShell(new BridgeError('sandbox/not-running', 'It is stopped.'));
    expect(heard).toEqual([['error', 'sandbox/not-running']]);
  });

  it('is ended when its tab was closed before it came', async () => {
    const { session, sent, heard, isClosed, answerShell } = setUp();
    session.hangUp();
    session.detach();
    await answerShell();
    expect(sent).toEqual([{ type: 'signal', signal: 1 }]);
    expect(isClosed()).toBe(true);
    expect(heard).toEqual([['attach', 'session-1']]);
  });

  it('gets what was typed before it was there, first of all and in order', async () => {
    const { session, sent, answerShell } = setUp();
    expect(session.input(Uint8Array.of(108))).toBe(true);
    expect(session.input(Uint8Array.of(115))).toBe(true);
    await answerShell();
    session.input(Uint8Array.of(13));
    const typed = sent.flatMap((frame) => (frame.type === 'input' ? [...frame.bytes] : []));
    expect(typed).toEqual([108, 115, 13]);
  });

  it('takes a bounded amount before it is there', () => {
    const { session } = setUp();
    expect(session.input(new Uint8Array(maxQueuedInputBytes))).toBe(true);
    expect(session.input(Uint8Array.of(1))).toBe(false);
  });
});

describe('a shell that runs already', () => {
  it('is attached to and told the size', () => {
    const { shells, sent, heard } = setUp('session-9');
    expect(shells).toEqual([]);
    expect(sent).toEqual([{ type: 'resize', rows: 24, columns: 80 }]);
    expect(heard).toEqual([
      ['attach', 'session-9'],
      ['open', 'session-9'],
    ]);
  });

  it('is not given the answers to questions that its earlier output repeats', () => {
    const { session, sent } = setUp('session-9');
    const report = new TextEncoder().encode('\x1b[24;80R');
    expect(session.input(report)).toBe(true);
    session.input(Uint8Array.of(65));
    session.input(report);
    expect(sent.slice(1)).toEqual([
      { type: 'input', bytes: Uint8Array.of(65) },
      { type: 'input', bytes: report },
    ]);
  });

  it('gets input, and a hang-up at the end', () => {
    const { session, sent, isClosed } = setUp('session-9');
    expect(session.input(Uint8Array.of(65))).toBe(true);
    session.hangUp();
    expect(sent.slice(1)).toEqual([
      { type: 'input', bytes: Uint8Array.of(65) },
      { type: 'signal', signal: 1 },
    ]);
    expect(isClosed()).toBe(true);
  });

  it('goes on when the tab lets go of it', () => {
    const { session, sent, isClosed } = setUp('session-9');
    session.detach();
    expect(sent.some(({ type }) => type === 'signal')).toBe(false);
    expect(isClosed()).toBe(true);
  });

  it('tells how it ended', () => {
    const { heard, receive } = setUp('session-9');
    receive({ type: 'exit', status: { kind: 'signalled', signal: 9 } });
    expect(heard.at(-1)).toEqual(['exit', { kind: 'signalled', signal: 9 }]);
  });
});
