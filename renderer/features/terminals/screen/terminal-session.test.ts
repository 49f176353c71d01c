import { describe, expect, it } from 'vitest';
import {
  parseClientFrame,
  serializeHostFrame,
  type ClientFrame,
  type HostFrame,
} from '../../../../main/contract/session-frames.ts';
import { BridgeError } from '../../../bridge/bridge-error.ts';
import { maxQueuedInputBytes } from '../../../bridge/session-channel.ts';
import type { SkerryClient } from '../../../bridge/connection.ts';
import type { FrameHandlers } from '../../../bridge/transport.ts';
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

function setUp(sessionId?: string, known: readonly string[] = ['session-9']): Setup {
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
  const client = {
    sandboxes: { shell, sessions: () => Promise.resolve(known.map((id) => ({ id }))) },
    sessions: {
      close: ({ id }: { id: string }) => {
        heard.push(['close', id]);
        return Promise.resolve();
      },
    },
  } as unknown as SkerryClient;
  const session = startTerminalSession(
    {
      client,
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
      screen: {
        write: (bytes, onUsed) => {
          heard.push(['write', bytes.length]);
          undrawn.push(onUsed);
        },
        begin: ({ rows, columns }) => heard.push(['begin', rows, columns]),
        resize: ({ rows, columns }) => heard.push(['screen', rows, columns]),
      },
      onOpen: ({ id }) => heard.push(['open', id]),
      onAttached: ({ gapBytes }) => heard.push(['attached', gapBytes]),
      onSize: ({ rows, columns }) => heard.push(['size', rows, columns]),
      onGone: () => heard.push(['gone']),
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
      await settled();
    },
  };
}

/** After everything that was answered has been heard. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function attachTo(sessionId: string): Promise<Setup> {
  const setup = setUp(sessionId);
  await settled();
  return setup;
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

  it('is closed when its tab was closed before it came', async () => {
    const { session, heard, answerShell } = setUp();
    session.close();
    session.detach();
    await answerShell();
    expect(heard).toEqual([['close', 'session-1']]);
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
  it('is attached to and told the size', async () => {
    const { shells, sent, heard } = await attachTo('session-9');
    expect(shells).toEqual([]);
    expect(sent).toEqual([{ type: 'resize', rows: 24, columns: 80 }]);
    expect(heard).toEqual([
      ['attach', 'session-9'],
      ['open', 'session-9'],
    ]);
  });

  it('is gone where the host process does not know it', async () => {
    const { heard } = await attachTo('session-7');
    expect(heard).toEqual([['gone']]);
  });

  it('is drawn at the size of all clients, in the order of the output', async () => {
    const { heard, receive } = await attachTo('session-9');
    heard.length = 0;
    receive({ type: 'attached', rows: 10, columns: 40, replayBytes: 2, gapBytes: 5 });
    receive({ type: 'stdout', bytes: new Uint8Array(3) });
    receive({ type: 'size', rows: 9, columns: 30 });
    expect(heard).toEqual([
      ['begin', 10, 40],
      ['attached', 5],
      ['size', 10, 40],
      ['write', 2],
      ['write', 1],
      ['screen', 9, 30],
      ['size', 9, 30],
    ]);
  });

  it('gets no answers to what is repeated, and every answer to what is new', async () => {
    const { session, sent, receive, draw } = await attachTo('session-9');
    const report = new TextEncoder().encode('\x1b[24;80R');
    const typed = Uint8Array.of(65);
    receive({ type: 'attached', rows: 24, columns: 80, replayBytes: 4, gapBytes: 0 });
    receive({ type: 'stdout', bytes: new Uint8Array(4) });
    sent.length = 0;
    expect(session.isReplaying).toBe(true);
    session.input(report);
    session.input(typed);
    session.input(report);
    expect(sent).toEqual([{ type: 'input', bytes: typed }]);
    draw();
    expect(session.isReplaying).toBe(false);
    session.input(report);
    expect(sent.at(-1)).toEqual({ type: 'input', bytes: report });
  });

  it('gets no answers of a host process that says not what it repeats, until someone types', async () => {
    const { session, sent } = await attachTo('session-9');
    const report = new TextEncoder().encode('\x1b[24;80R');
    expect(session.input(report)).toBe(true);
    session.input(Uint8Array.of(65));
    session.input(report);
    expect(sent.slice(1)).toEqual([
      { type: 'input', bytes: Uint8Array.of(65) },
      { type: 'input', bytes: report },
    ]);
  });

  it('makes its own size count when asked', async () => {
    const { session, sent } = await attachTo('session-9');
    session.setSizing('mine');
    expect(sent.at(-1)).toEqual({ type: 'sizing', sizing: 'mine' });
  });

  it('is closed with its terminal', async () => {
    const { session, heard, isClosed } = await attachTo('session-9');
    session.close();
    expect(heard.at(-1)).toEqual(['close', 'session-9']);
    expect(isClosed()).toBe(true);
  });

  it('goes on when the tab lets go of it', async () => {
    const { session, heard, isClosed } = await attachTo('session-9');
    session.detach();
    expect(heard.some((entry) => (entry as string[])[0] === 'close')).toBe(false);
    expect(isClosed()).toBe(true);
  });

  it('tells how it ended', async () => {
    const { heard, receive } = await attachTo('session-9');
    receive({ type: 'exit', status: { kind: 'signalled', signal: 9 } });
    expect(heard.at(-1)).toEqual(['exit', { kind: 'signalled', signal: 9 }]);
  });
});
