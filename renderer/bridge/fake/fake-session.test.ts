import { describe, expect, it } from 'vitest';
import {
  parseHostFrame,
  serializeClientFrame,
  sessionWindowBytes,
  type ClientFrame,
  type HostFrame,
} from '../../../main/contract/session-frames.ts';
import { FakeSession } from './fake-session.ts';

const aSession = () =>
  new FakeSession(
    { id: 's', sandbox: 'box', command: ['/bin/sh'], tty: true, startedAtMs: 0 },
    { rows: 24, columns: 80 },
  );

function attach(session: FakeSession) {
  const frames: HostFrame[] = [];
  const channel = session.attach({
    onFrame: (bytes) => {
      const frame = parseHostFrame(bytes);
      if (frame !== undefined) frames.push(frame);
    },
    onClose: () => undefined,
  });
  return {
    frames,
    send: (frame: ClientFrame) => {
      channel.send(serializeClientFrame(frame));
    },
    type: (text: string) => {
      channel.send(serializeClientFrame({ type: 'input', bytes: new TextEncoder().encode(text) }));
    },
    close: () => {
      channel.close();
    },
    text: () =>
      frames
        .map((frame) => (frame.type === 'stdout' ? new TextDecoder().decode(frame.bytes) : ''))
        .join(''),
    sizes: () => frames.filter(({ type }) => type === 'size'),
    outputBytes: () =>
      frames.reduce((sum, frame) => sum + (frame.type === 'stdout' ? frame.bytes.length : 0), 0),
  };
}

/** After everything that is on its way has come. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a session of the in-memory host', () => {
  it('shows who comes later what was there, and everyone what comes', async () => {
    const session = aSession();
    const first = attach(session);
    first.type('echo hello\r');
    await settled();
    const second = attach(session);
    await settled();
    const [begin] = second.frames;
    expect(begin).toMatchObject({ type: 'attached', rows: 24, columns: 80, gapBytes: 0 });
    expect(begin?.type === 'attached' && begin.replayBytes).toBe(second.outputBytes());
    second.type('echo both\r');
    await settled();
    expect(second.text()).toBe(first.text());
    expect(first.text()).toContain('both');
  });

  it('has the smallest size of all, or that of who asked', async () => {
    const session = aSession();
    const [first, second] = [attach(session), attach(session)];
    first.send({ type: 'resize', rows: 40, columns: 100 });
    second.send({ type: 'resize', rows: 20, columns: 120 });
    await settled();
    expect(first.sizes().at(-1)).toEqual({ type: 'size', rows: 20, columns: 100 });
    first.send({ type: 'sizing', sizing: 'mine' });
    await settled();
    expect(second.sizes().at(-1)).toEqual({ type: 'size', rows: 40, columns: 100 });
    first.close();
    await settled();
    expect(second.sizes().at(-1)).toEqual({ type: 'size', rows: 20, columns: 120 });
  });

  it('floods no faster than the output is taken, and stops with Ctrl+C', async () => {
    const session = aSession();
    const client = attach(session);
    await settled();
    client.type('yes\r');
    await settled();
    expect(client.outputBytes()).toBeLessThanOrEqual(sessionWindowBytes);
    const before = client.outputBytes();
    client.send({ type: 'ack', byteCount: before });
    await settled();
    expect(client.outputBytes()).toBeGreaterThan(before);
    expect(session.activity).toEqual({ foreground: 'yes' });
    client.type('\x03');
    client.send({ type: 'ack', byteCount: client.outputBytes() - before });
    await settled();
    expect(client.text().endsWith('# \x1b]133;B\x07')).toBe(true);
    expect(session.activity).toEqual({});
  });

  it('stays when it has ended, with its last screen', async () => {
    const session = aSession();
    attach(session).type('exit 3\r');
    const later = attach(session);
    await settled();
    expect(session.description.exit).toEqual({ kind: 'exited', code: 3 });
    expect(later.frames.at(-1)).toEqual({
      type: 'exit',
      status: { kind: 'exited', code: 3 },
    });
    expect(later.text()).toContain('exit 3');
  });
});
