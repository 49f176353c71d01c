import fc from 'fast-check';
import { describe, expect, it, vi, type Mock } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import type { AgentExec, AgentSession, AgentSessionListener } from './agent.ts';
import { connectAgent, type ConnectedAgent } from './agent-client.ts';
import { Fields, FieldsWriter, tag } from './fields.ts';
import { serializeFrame } from './frame-codec.ts';
import { guestType } from './guest-messages.ts';
import { hostType } from './host-messages.ts';
import { ReplyFinder } from './reply-finder.ts';
import { windowBytes } from './session-output.ts';
import { FakeGuest } from './testing/fake-guest.ts';

const request: AgentExec = { command: ['sh'], env: {}, workdir: '/' };

async function connected(
  options: { readonly sessions?: readonly number[] } = {},
): Promise<{ guest: FakeGuest; agent: ConnectedAgent }> {
  const guest = new FakeGuest();
  const connecting = connectAgent(guest.hostPort, { logger: silentLogger });
  await guest.greet(options);
  return { guest, agent: await connecting };
}

async function started(): Promise<{
  guest: FakeGuest;
  agent: ConnectedAgent;
  session: AgentSession;
  stream: number;
}> {
  const { guest, agent } = await connected();
  const starting = agent.exec(request);
  const stream = await guest.start();
  return { guest, agent, session: await starting, stream };
}

function aListener(): {
  [Key in 'onStdout' | 'onStderr' | 'onExit' | 'onDisconnect']: Mock<AgentSessionListener[Key]>;
} {
  return { onStdout: vi.fn(), onStderr: vi.fn(), onExit: vi.fn(), onDisconnect: vi.fn() };
}

function acknowledged(frame: { readonly payload: Uint8Array }): number[] {
  const fields = new Fields(frame.payload);
  return [fields.u32(tag.stdoutBytes), fields.u32(tag.stderrBytes)];
}

describe('connectAgent', () => {
  it('gives up on a guest that does not answer, and lets go of the port', async () => {
    const { hostPort } = new FakeGuest();
    await expect(
      connectAgent(hostPort, { logger: silentLogger, timeoutMs: 1 }),
    ).rejects.toMatchObject({ code: 'agent/timeout' });
    expect(hostPort.destroyed).toBe(true);
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    const connecting = connectAgent(new FakeGuest().hostPort, {
      logger: silentLogger,
      signal: abort.signal,
    });
    abort.abort();
    await expect(connecting).rejects.toMatchObject({ code: 'operation/cancelled' });
  });

  it('says so when the port closes first', async () => {
    const guest = new FakeGuest();
    const connecting = connectAgent(guest.hostPort, { logger: silentLogger });
    guest.end();
    await expect(connecting).rejects.toMatchObject({ code: 'agent/disconnected' });
  });

  it('refuses a guest with which it has no version in common', async () => {
    const guest = new FakeGuest();
    const connecting = connectAgent(guest.hostPort, { logger: silentLogger });
    await guest.greet({ version: 0 }).catch(() => undefined);
    await expect(connecting).rejects.toMatchObject({
      code: 'agent/protocol',
      message: 'The guest agent speaks another version of the protocol.',
    });
  });

  it('takes no more sessions than there can be', async () => {
    const guest = new FakeGuest();
    const connecting = connectAgent(guest.hostPort, { logger: silentLogger });
    const sessions = Array.from({ length: 1025 }, (_, index) => index + 1);
    await Promise.all([
      expect(connecting).rejects.toMatchObject({ code: 'agent/protocol' }),
      guest.greet({ sessions }),
    ]);
  });

  it('passes over whatever comes before its reply', () => {
    const nonce = Uint8Array.from({ length: 16 }, (_, index) => 200 + index);
    const reply = serializeFrame({
      type: guestType.helloReply,
      flags: 0,
      stream: 0,
      payload: new FieldsWriter().bytes(tag.nonce, nonce).u32(tag.version, 1).finish(),
    });
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 90 }),
      fc.constantFrom(nonce, reply.slice(0, 20)),
    );
    fc.assert(
      fc.property(fc.array(noise), fc.integer({ min: 1, max: 50 }), (before, size) => {
        const finder = new ReplyFinder(nonce);
        const bytes = Buffer.concat([...before, reply]);
        let found: Uint8Array | undefined;
        let at = 0;
        for (; found === undefined && at < bytes.length; at += size) {
          found = finder.push(bytes.subarray(at, at + size));
        }
        const rest = Buffer.concat([found ?? new Uint8Array(), bytes.subarray(at)]);
        expect(rest.toString('hex')).toBe(Buffer.from(reply).toString('hex'));
      }),
    );
  });
});

describe('a session', () => {
  it('acknowledges what its listener used, by channel and not before', async () => {
    const { guest, session, stream } = await started();
    session.attach(aListener());
    guest.send(guestType.stdout, stream, Buffer.from('12345'));
    guest.send(guestType.stderr, stream, Buffer.from('123'));
    guest.send(guestType.stdout, stream, Buffer.from('12'));
    guest.send(guestType.credit, stream, new FieldsWriter().u32(tag.stdinBytes, 0));
    await vi.waitFor(() => {
      session.acknowledge(10);
      expect(guest.received.length).toBe(1);
    });
    expect(acknowledged(await guest.next(hostType.acknowledge))).toEqual([7, 3]);
  });

  it('holds output for its first listener, and closes once all was used', async () => {
    const { guest, agent, session, stream } = await started();
    guest.send(guestType.stdout, stream, Buffer.from('early'));
    guest.exit(stream, 4);
    await vi.waitFor(() => {
      expect(session.exit).toEqual({ kind: 'exited', code: 4 });
    });
    const listener = aListener();
    session.attach(listener);
    await vi.waitFor(() => {
      expect(listener.onExit).toHaveBeenCalledOnce();
    });
    expect(listener.onStdout).toHaveBeenCalledWith(Buffer.from('early'));
    expect(agent.sessions()).toEqual([session]);
    expect(guest.received).toEqual([]);
    session.acknowledge(5);
    expect((await guest.next(hostType.close)).stream).toBe(stream);
    expect(agent.sessions()).toEqual([]);
  });

  it('attaches anew for a second listener, and gives it nothing of before', async () => {
    const { guest, session, stream } = await started();
    const first = aListener();
    const second = aListener();
    session.attach(first);
    guest.send(guestType.stdout, stream, Buffer.from('one'));
    await vi.waitFor(() => {
      expect(first.onStdout).toHaveBeenCalledOnce();
    });
    session.attach(second);
    await guest.next(hostType.attach);
    guest.send(guestType.stdout, stream, Buffer.from('late'));
    guest.exit(stream);
    guest.send(guestType.attached, stream, new FieldsWriter().u64(tag.skippedBytes, 0));
    guest.send(guestType.stdout, stream, Buffer.from('again'));
    await vi.waitFor(() => {
      expect(second.onStdout).toHaveBeenCalledOnce();
    });
    expect(second.onStdout).toHaveBeenCalledWith(Buffer.from('again'));
    expect(second.onExit).not.toHaveBeenCalled();
    expect(first.onStdout).toHaveBeenCalledOnce();
  });

  it('goes on when a listener throws', async () => {
    const { guest, session, stream } = await started();
    const listener = aListener();
    listener.onStdout.mockImplementation(() => {
      throw new Error('a bug of somebody else');
    });
    session.attach(listener);
    guest.send(guestType.stdout, stream, Buffer.from('x'));
    guest.exit(stream);
    await vi.waitFor(() => {
      expect(listener.onExit).toHaveBeenCalledOnce();
    });
  });

  it('writes no more than its credit, piece by piece', async () => {
    const { guest, session, stream } = await started();
    let isWritten = false;
    const writing = session.write(new Uint8Array(windowBytes + 10)).then(() => {
      isWritten = true;
    });
    let byteCount = 0;
    while (byteCount < windowBytes) byteCount += (await guest.next(hostType.stdin)).payload.length;
    expect(byteCount).toBe(windowBytes);
    expect(isWritten).toBe(false);
    guest.send(guestType.credit, stream, new FieldsWriter().u32(tag.stdinBytes, 10));
    expect((await guest.next(hostType.stdin)).payload.length).toBe(10);
    await writing;
  });
});

describe('a hostile guest', () => {
  const tooMuch = new Uint8Array(64 * 1024);

  it.each<[string, (guest: FakeGuest, stream: number) => void]>([
    [
      'sends beyond its credit',
      (guest, stream) => {
        for (let sent = 0; sent <= windowBytes; sent += tooMuch.length) {
          guest.send(guestType.stdout, stream, tooMuch);
        }
      },
    ],
    [
      'grants more than it was sent',
      (guest, stream) => {
        guest.send(guestType.credit, stream, new FieldsWriter().u32(tag.stdinBytes, 1));
      },
    ],
    [
      'sends bytes that are no frame',
      (guest) => {
        guest.sendBytes(Buffer.from('HTTP/1.1 200 OK'));
      },
    ],
    [
      'greets twice',
      (guest) => {
        guest.send(guestType.sessionsEnd);
      },
    ],
    [
      'answers what nobody asked',
      (guest) => {
        guest.send(guestType.done, 0, new FieldsWriter().u32(tag.request, 0x10));
      },
    ],
    [
      'leaves out a field',
      (guest, stream) => {
        guest.send(guestType.exit, stream);
      },
    ],
    [
      'sends a number beyond all bounds',
      (guest, stream) => {
        guest.send(
          guestType.attached,
          stream,
          new FieldsWriter().bytes(tag.skippedBytes, new Uint8Array(8).fill(255)),
        );
      },
    ],
  ])('loses its connection when it %s', async (_, misbehave) => {
    const { guest, agent, session, stream } = await started();
    const listener = aListener();
    session.attach(listener);
    misbehave(guest, stream);
    expect(await agent.closed).toMatchObject({ code: 'agent/protocol' });
    expect(listener.onDisconnect).toHaveBeenCalledOnce();
    expect(guest.hostPort.destroyed).toBe(true);
    await expect(session.write(tooMuch)).rejects.toMatchObject({ code: 'agent/protocol' });
  });

  it('is not heard about streams and types that nobody knows', async () => {
    const { guest, agent, session, stream } = await started();
    guest.send(guestType.stdout, stream + 1, tooMuch);
    guest.exit(0xffff_ffff);
    guest.send(0xee, stream, tooMuch.subarray(0, 100));
    guest.exit(stream, 5);
    await vi.waitFor(() => {
      expect(session.exit).toEqual({ kind: 'exited', code: 5 });
    });
    expect(agent.sessions()).toEqual([session]);
  });

  it('that does not read makes no queue of acknowledgements grow', async () => {
    const { guest, session, stream } = await started();
    let received = 0;
    session.attach({
      ...aListener(),
      onStdout: (bytes) => {
        received += bytes.length;
        session.acknowledge(bytes.length);
      },
    });
    guest.stopReading();
    // The host's end has its own buffer; once that is full, nothing is acknowledged.
    const writing = session.write(new Uint8Array(windowBytes));
    await vi.waitFor(() => {
      expect(guest.hostPort.writableNeedDrain).toBe(true);
    });
    const before = guest.hostPort.writableLength;
    for (let sent = 0; sent < windowBytes; sent += 1024) {
      guest.send(guestType.stdout, stream, tooMuch.subarray(0, 1024));
    }
    await vi.waitFor(() => {
      expect(received).toBe(windowBytes);
    });
    expect(guest.hostPort.writableLength).toBeLessThanOrEqual(before);
    guest.resumeReading();
    await writing;
    await vi.waitFor(() => {
      const types = guest.received.map(({ type }) => type);
      expect(types.filter((type) => type === hostType.acknowledge).length).toBe(1);
    });
  });

  it('cannot name a failure in a way that a terminal would obey', async () => {
    const { guest, agent } = await connected();
    const starting = agent.exec(request);
    const { stream } = await guest.next(hostType.exec);
    guest.send(
      guestType.startFailed,
      stream,
      new FieldsWriter().u32(tag.kind, 99).u32(tag.errno, 5).text(tag.message, '\u001b[2Jgone'),
    );
    await expect(starting).rejects.toMatchObject({
      code: 'exec/failed',
      message: '"sh" could not be started: �[2Jgone.',
    });
  });

  it('that never starts a command costs no more than the wait', async () => {
    const guest = new FakeGuest();
    const connecting = connectAgent(guest.hostPort, { logger: silentLogger, timeoutMs: 50 });
    await guest.greet();
    const agent = await connecting;
    await expect(agent.exec(request)).rejects.toMatchObject({ code: 'agent/timeout' });
    const { stream } = await guest.next(hostType.exec);
    expect((await guest.next(hostType.close)).stream).toBe(stream);
    expect(agent.sessions()).toEqual([]);
  });
});
