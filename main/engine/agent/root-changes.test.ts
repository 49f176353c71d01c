/** Changes of a root, from the real agent on this machine and from guests that are not honest. */
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import type { ChangesOptions } from './agent.ts';
import { connectAgent, type ConnectedAgent } from './agent-client.ts';
import { FieldsWriter, tag } from './fields.ts';
import { guestType } from './guest-messages.ts';
import { hostType } from './host-messages.ts';
import { windowBytes } from './session-output.ts';
import { FakeGuest } from './testing/fake-guest.ts';
import { isLinux, useHostAgent } from './testing/host-agent-fixture.ts';

/** What the agent of the tests sends. */
const wholeBytes = 4 * 1024 * 1024;

describe.skipIf(!isLinux)('changes of the agent', () => {
  const host = useHostAgent();

  it('come whole, with what was left out', async () => {
    const heard: string[] = [];
    let bytes = 0;
    for await (const piece of host.agent.changes({ onLeftOut: (text) => heard.push(text) })) {
      expect(piece.every((byte) => byte === 'c'.charCodeAt(0))).toBe(true);
      bytes += piece.length;
    }
    expect(bytes).toBe(wholeBytes);
    expect(heard).toEqual(['left out\n']);
    expect(host.agent.sessions()).toEqual([]);
  });

  it('are no session, and end in the guest with whoever reads them', async () => {
    for await (const piece of host.agent.changes()) {
      expect(piece.length).toBeGreaterThan(0);
      expect(host.agent.sessions()).toEqual([]);
      break;
    }
    await host.loseHost();
    await host.reconnect();
    expect(host.agent.sessions()).toEqual([]);
  });

  it('are not there for the host that comes after', async () => {
    const reading = host.agent.changes()[Symbol.asyncIterator]();
    expect(await reading.next()).toMatchObject({ done: false });
    await host.loseHost();
    await host.reconnect();
    expect(host.agent.sessions()).toEqual([]);
    const rest = async (): Promise<void> => {
      for (;;) if ((await reading.next()).done === true) return;
    };
    await expect(rest()).rejects.toMatchObject({ code: 'agent/disconnected' });
  });
});

describe('changes of a guest', () => {
  async function connected(timeoutMs = 60_000): Promise<[FakeGuest, ConnectedAgent]> {
    const guest = new FakeGuest();
    const connecting = connectAgent(guest.hostPort, { logger: silentLogger, timeoutMs });
    await guest.greet();
    return [guest, await connecting];
  }

  async function begin(guest: FakeGuest): Promise<number> {
    const { stream } = await guest.next(hostType.changes);
    guest.send(
      guestType.started,
      stream,
      new FieldsWriter().u32(tag.pid, 4).u64(tag.startedAtMs, 1),
    );
    return stream;
  }

  async function read(agent: ConnectedAgent, options?: ChangesOptions): Promise<string> {
    let text = '';
    for await (const piece of agent.changes(options)) text += Buffer.from(piece).toString();
    return text;
  }

  it('say in their last line why they are not whole', async () => {
    const [guest, agent] = await connected();
    const reading = read(agent);
    const stream = await begin(guest);
    guest.send(guestType.stdout, stream, Buffer.from('half'));
    guest.send(guestType.stderr, stream, Buffer.from('/a: left out\n/b\x1b[31m: I/O error\n'));
    guest.exit(stream, 1);
    await expect(reading).rejects.toMatchObject({
      code: 'image/commit-failed',
      message: 'The guest could not read its changes: /b\ufffd[31m: I/O error',
    });
  });

  it('keep a bounded number of words', async () => {
    const [guest, agent] = await connected();
    let heard = '';
    const reading = read(agent, { onLeftOut: (text) => (heard = text) });
    const stream = await begin(guest);
    for (let i = 0; i < 64; i++) {
      guest.send(guestType.stderr, stream, Buffer.alloc(32 * 1024, 'x'));
      await guest.next(hostType.acknowledge);
    }
    guest.exit(stream);
    await reading;
    expect(heard.length).toBe(16 * 1024);
  });

  it('are acknowledged when they were used, and no further', async () => {
    const [guest, agent] = await connected();
    const reading = agent.changes()[Symbol.asyncIterator]();
    const first = reading.next();
    const stream = await begin(guest);
    for (let i = 0; i < 4; i++) guest.send(guestType.stdout, stream, Buffer.alloc(windowBytes / 4));
    await first;
    expect(guest.received).toEqual([]);
    await reading.next();
    await guest.next(hostType.acknowledge);
    await reading.return?.();
    await guest.next(hostType.detach);
    await guest.next(hostType.close);
  });

  it.each([
    ['is of a version that has none', false],
    ['stops in the middle', true],
  ])('are not waited for without end when the guest %s', async (_what, begins) => {
    const [guest, agent] = await connected(50);
    const reading = read(agent);
    if (begins) await begin(guest);
    await expect(reading).rejects.toMatchObject({ code: 'agent/timeout' });
    if (!begins) await guest.next(hostType.changes);
    if (begins) await guest.next(hostType.detach);
    await guest.next(hostType.close);
  });

  it('can be cancelled before and after they begin', async () => {
    const [guest, agent] = await connected();
    await expect(read(agent, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'operation/cancelled',
    });
    const abort = new AbortController();
    const reading = read(agent, { signal: abort.signal });
    await begin(guest);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: 'operation/cancelled' });
  });

  it('that do not start say why', async () => {
    const [guest, agent] = await connected();
    const reading = read(agent);
    const { stream } = await guest.next(hostType.changes);
    const why = new FieldsWriter().u32(tag.kind, 5).u32(tag.errno, 11).text(tag.message, 'Not now');
    guest.send(guestType.startFailed, stream, why);
    await expect(reading).rejects.toMatchObject({
      code: 'image/commit-failed',
      message: 'The guest could not read its changes: Not now',
    });
  });
});
