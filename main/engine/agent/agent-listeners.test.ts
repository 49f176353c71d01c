import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import type { GuestListener } from './agent.ts';
import { connectAgent, type ConnectedAgent } from './agent-client.ts';
import { FieldsWriter, tag } from './fields.ts';
import { guestType } from './guest-messages.ts';
import { hostType } from './host-messages.ts';
import { FakeGuest } from './testing/fake-guest.ts';
import { isLinux, useHostAgent } from './testing/host-agent-fixture.ts';

const web: GuestListener = {
  protocol: 'tcp',
  address: Uint8Array.of(127, 0, 0, 1),
  port: 80,
  command: 'httpd',
};

async function connected(timeoutMs = 60_000): Promise<{ guest: FakeGuest; agent: ConnectedAgent }> {
  const guest = new FakeGuest();
  const connecting = connectAgent(guest.hostPort, { logger: silentLogger, timeoutMs });
  await guest.greet();
  return { guest, agent: await connecting };
}

describe('what listens', () => {
  it('is asked once for all who ask at the same time, and again later', async () => {
    const { guest, agent } = await connected();
    const both = Promise.all([agent.listeners(), agent.listeners()]);
    await guest.list([web]);
    expect(await both).toEqual([[web], [web]]);
    expect(guest.received).toEqual([]);
    const later = agent.listeners();
    await guest.list([]);
    expect(await later).toEqual([]);
  });

  it('comes to the others when one of them is cancelled', async () => {
    const { guest, agent } = await connected();
    const abort = new AbortController();
    const cancelled = agent.listeners(abort.signal);
    const other = agent.listeners();
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
    await expect(agent.listeners(abort.signal)).rejects.toMatchObject({
      code: 'operation/cancelled',
    });
    await guest.list([web]);
    expect(await other).toEqual([web]);
  });

  it('is given up on, and its late answer harms nothing, where the agent does not know it', async () => {
    const { guest, agent } = await connected(20);
    await expect(agent.listeners()).rejects.toMatchObject({
      code: 'agent/timeout',
      message: 'The guest did not list what listens within 0.02 seconds.',
    });
    await guest.list([web]);
    guest.send(guestType.listenersReply);
    const stream = agent.exec({ command: ['sh'], env: {}, workdir: '/' });
    await guest.start();
    await stream;
  });

  it('waits no longer than five seconds, however long the connection may take', async () => {
    const { agent } = await connected();
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const asked = expect(agent.listeners()).rejects.toMatchObject({ code: 'agent/timeout' });
    await vi.advanceTimersByTimeAsync(5000);
    await asked;
  });

  it('is not known any more when the guest breaks the protocol', async () => {
    const { guest, agent } = await connected();
    const asked = agent.listeners();
    await guest.next(hostType.listeners);
    guest.send(
      guestType.listenersReply,
      0,
      new FieldsWriter().bytes(tag.listener, new Uint8Array(3)),
    );
    await expect(asked).rejects.toMatchObject({ code: 'agent/protocol' });
    expect(await agent.closed).toMatchObject({ code: 'agent/protocol' });
    await expect(agent.listeners()).rejects.toMatchObject({ code: 'agent/protocol' });
  });
});

describe.skipIf(!isLinux)('what listens on this machine', () => {
  const host = useHostAgent();

  it('is found by protocol, address and port; a socket that is connected is not', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const open = createSocket('udp4').bind(0, '127.0.0.1');
    const pair = createSocket('udp4').bind(0, '127.0.0.1');
    onTestFinished(() => {
      server.close();
      open.close();
      pair.close();
    });
    await Promise.all([
      once(server, 'listening'),
      once(open, 'listening'),
      once(pair, 'listening'),
    ]);
    pair.connect(open.address().port, '127.0.0.1');
    await once(pair, 'connect');
    const found = await host.agent.listeners();
    const address = Uint8Array.of(127, 0, 0, 1);
    const { port } = server.address() as AddressInfo;
    const tcp = found.find((each) => each.protocol === 'tcp' && each.port === port);
    expect(tcp).toMatchObject({ protocol: 'tcp', address, port });
    const udp = found.filter(({ protocol }) => protocol === 'udp').map((each) => each.port);
    expect(udp).toContain(open.address().port);
    expect(udp).not.toContain(pair.address().port);
  });
});
