import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  maxSessionPayloadBytes,
  parseClientFrame,
  serializeHostFrame,
  sessionWindowBytes,
  type ClientFrame,
  type HostFrame,
} from '../../main/contract/session-frames.ts';
import { anError } from '../testing/builders.ts';
import { maxQueuedInputBytes, openSessionChannel } from './session-channel.ts';
import type { FrameHandlers } from './transport.ts';

function setUp() {
  const sent: ClientFrame[] = [];
  const heard: unknown[] = [];
  let isClosed = false;
  let handlers: FrameHandlers | undefined;
  const session = openSessionChannel(
    (given) => {
      handlers = given;
      return {
        send: (bytes) => {
          const frame = parseClientFrame(bytes);
          if (frame === undefined) throw new Error('The page sent what is not a frame.');
          sent.push(frame);
        },
        close: () => {
          isClosed = true;
        },
      };
    },
    {
      onAttached: ({ rows, columns, replayBytes, gapBytes }) =>
        heard.push(['attached', rows, columns, replayBytes, gapBytes]),
      onSize: (rows, columns) => heard.push(['size', rows, columns]),
      onOutput: (bytes) => heard.push(['output', bytes.length]),
      onExit: (status) => heard.push(['exit', status]),
      onError: (error) => heard.push(['error', error.code]),
      onLost: () => heard.push(['lost']),
    },
  );
  return {
    session,
    sent,
    heard,
    isClosed: () => isClosed,
    receive: (frame: HostFrame) => handlers?.onFrame(serializeHostFrame(frame)),
    receiveBytes: (bytes: Uint8Array) => handlers?.onFrame(bytes),
    lose: () => handlers?.onClose(),
    inputBytes: () =>
      sent.reduce((sum, frame) => sum + (frame.type === 'input' ? frame.bytes.length : 0), 0),
  };
}

describe('input', () => {
  it('goes out in frames, up to the window and no further', () => {
    const { session, sent, inputBytes } = setUp();
    session.write(new Uint8Array(sessionWindowBytes + 100));
    expect(inputBytes()).toBe(sessionWindowBytes);
    for (const frame of sent) {
      expect(frame.type === 'input' && frame.bytes.length).toBeLessThanOrEqual(
        maxSessionPayloadBytes,
      );
    }
  });

  it('goes on when the host acknowledges', () => {
    const { session, receive, inputBytes } = setUp();
    session.write(new Uint8Array(sessionWindowBytes + 100));
    receive({ type: 'ack', byteCount: 60 });
    expect(inputBytes()).toBe(sessionWindowBytes + 60);
    receive({ type: 'ack', byteCount: 1000 });
    expect(inputBytes()).toBe(sessionWindowBytes + 100);
  });

  it('is refused whole where too much waits', () => {
    const { session, inputBytes } = setUp();
    expect(session.write(new Uint8Array(sessionWindowBytes))).toBe(true);
    expect(session.write(new Uint8Array(maxQueuedInputBytes))).toBe(true);
    expect(session.write(new Uint8Array(1))).toBe(false);
    expect(inputBytes()).toBe(sessionWindowBytes);
  });

  it('arrives in order and complete, however it is cut and acknowledged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 150_000 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 12 }),
        (writes, acknowledgements) => {
          const { session, sent, receive, inputBytes } = setUp();
          let next = 0;
          let expected = 0;
          for (const length of writes) {
            const bytes = new Uint8Array(length);
            for (let index = 0; index < length; index += 1) bytes[index] = next++ % 251;
            if (session.write(bytes)) expected += length;
            else next -= length;
          }
          let acknowledged = 0;
          for (const wish of [...acknowledgements, ...Array<number>(200).fill(65_536)]) {
            const byteCount = Math.min(wish, inputBytes() - acknowledged);
            acknowledged += byteCount;
            receive({ type: 'ack', byteCount });
            expect(inputBytes() - acknowledged).toBeLessThanOrEqual(sessionWindowBytes);
          }
          expect(inputBytes()).toBe(expected);
          let position = 0;
          for (const frame of sent) {
            if (frame.type !== 'input') continue;
            expect(frame.bytes[0]).toBe(position % 251);
            expect(frame.bytes.at(-1)).toBe((position + frame.bytes.length - 1) % 251);
            position += frame.bytes.length;
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('output', () => {
  it('is acknowledged when it was used, not when it arrives', () => {
    const { session, sent, receive } = setUp();
    receive({ type: 'stdout', bytes: new Uint8Array(500) });
    expect(sent).toEqual([]);
    session.acknowledge(500);
    expect(sent).toEqual([{ type: 'ack', byteCount: 500 }]);
  });

  it('is acknowledged in larger pieces while more waits to be used', () => {
    const { session, sent, receive } = setUp();
    for (let index = 0; index < 40; index += 1) {
      receive({ type: 'stdout', bytes: new Uint8Array(1000) });
    }
    for (let index = 0; index < 40; index += 1) session.acknowledge(1000);
    const counts = sent.map((frame) => (frame.type === 'ack' ? frame.byteCount : 0));
    expect(counts).toEqual([17_000, 17_000, 6_000]);
  });
});

describe('the end', () => {
  it('is told once, with how the command ended', () => {
    const { session, heard, sent, isClosed, receive, lose } = setUp();
    receive({ type: 'exit', status: { kind: 'exited', code: 3 } });
    lose();
    session.resize(24, 80);
    expect(heard).toEqual([['exit', { kind: 'exited', code: 3 }]]);
    expect(isClosed()).toBe(true);
    expect(sent).toEqual([]);
    expect(session.write(new Uint8Array(1))).toBe(false);
  });

  it('is told as an error of the host', () => {
    const { heard, receive } = setUp();
    receive({ type: 'error', error: anError('session/taken-over') });
    expect(heard).toEqual([['error', 'session/taken-over']]);
  });

  it('is told as lost when the connection goes', () => {
    const { heard, lose } = setUp();
    lose();
    lose();
    expect(heard).toEqual([['lost']]);
  });

  it('comes with the first frame that makes no sense', () => {
    const { heard, isClosed, receiveBytes } = setUp();
    receiveBytes(Uint8Array.of(99, 1, 2));
    receiveBytes(Uint8Array.of(17, 1, 2));
    expect(heard).toEqual([['error', 'internal/unexpected']]);
    expect(isClosed()).toBe(true);
  });

  it('is silent when the page closes the channel itself', () => {
    const { session, heard, isClosed, lose } = setUp();
    session.close();
    lose();
    expect(isClosed()).toBe(true);
    expect(heard).toEqual([]);
  });
});

describe('the size of a terminal with several clients', () => {
  it('comes in its place between the output, and is asked for', () => {
    const { session, sent, heard, receive } = setUp();
    receive({ type: 'attached', rows: 24, columns: 80, replayBytes: 3, gapBytes: 7 });
    receive({ type: 'stdout', bytes: new Uint8Array(3) });
    receive({ type: 'size', rows: 10, columns: 40 });
    receive({ type: 'stdout', bytes: new Uint8Array(1) });
    expect(heard).toEqual([
      ['attached', 24, 80, 3, 7],
      ['output', 3],
      ['size', 10, 40],
      ['output', 1],
    ]);
    session.setSizing('mine');
    session.resize(30, 100);
    expect(sent).toEqual([
      { type: 'sizing', sizing: 'mine' },
      { type: 'resize', rows: 30, columns: 100 },
    ]);
  });
});
