import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { a, answering, query } from './testing/dns-service-under-test.ts';
import { GatewayUnderTest } from './testing/gateway-under-test.ts';
import { HostServer, readAll, readBytes } from './testing/host-server.ts';
import { aPort } from './testing/loopback-ports.ts';

const directory = useTemporaryDirectory();
afterEach(() => {
  vi.useRealTimers();
});

/** Timers that can be counted. */
function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
}

/** Sockets of this process. */
function openSockets(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /^(?:TCP|UDP|Pipe)/.test(kind))
    .sort();
}

/** A gateway with something of everything. */
async function busyGateway(network: object = { policy: 'all' }) {
  const test = await GatewayUnderTest.open(directory.path, network);
  const server = await HostServer.listen();
  const udp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const [tcpPort, udpPort] = [await aPort(), await aPort({ protocol: 'udp' })];
  test.guest.listen(tcpPort.guestPort);
  await test.gateway.ports.add(tcpPort);
  await test.gateway.ports.add(udpPort);
  const outgoing = await test.guest.connect(server.port).opened();
  const dns = await test.guest.connect(53).opened();
  const client = connect(tcpPort.hostPort, '127.0.0.1');
  client.on('error', () => undefined);
  const incoming = await (await test.guest.accepted()).opened();
  const heard = once(udp, 'message');
  test.guest.sendDatagram(5000, udp.address().port, 'hello');
  await heard;
  udp.send('hello', udpPort.hostPort, '127.0.0.1');
  await test.guest.datagram(udpPort.guestPort);
  const end = async (): Promise<void> => {
    await test[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    client.destroy();
    udp.close();
  };
  return { test, server, outgoing, incoming, dns, client, end };
}

describe('a gateway that is closed', () => {
  it('leaves no socket behind', async () => {
    const before = openSockets();
    const { end } = await busyGateway();
    expect(openSockets().length).toBeGreaterThan(before.length);
    await end();
    // A socket that is closed is gone a turn later; one that is not never is.
    while (openSockets().join() !== before.join()) await new Promise(setImmediate);
  });

  it('leaves no timer behind', async () => {
    fakeTimers();
    const { test, server, outgoing, end } = await busyGateway({
      policy: 'all',
      bandwidth: { upload: 1, download: 1 },
    });
    // More than it may send in a while, in both directions.
    const socket = await server.accepted();
    outgoing.write(new Uint8Array(60_000));
    await readBytes(socket, 60_000);
    socket.write(new Uint8Array(60_000));
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    test.configure({ policy: 'none' });
    await end();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('resets what it carried', async () => {
    const { test, server, outgoing, incoming, client, end } = await busyGateway();
    const socket = await server.accepted();
    const ended = [socket, client].map(
      (each) => new Promise((resolve) => each.once('close', resolve)),
    );
    socket.on('end', () => socket.destroy());
    socket.resume();
    await test.gateway.close();
    await Promise.all(ended);
    expect(await outgoing.closed()).toBe('reset');
    expect(await incoming.closed()).toBe('reset');
    await end();
  });

  it('says nothing more, also of an answer that was on its way', async () => {
    fakeTimers();
    // A name server that does not answer before the gateway is closed.
    const late = createSocket('udp4').bind(0, '127.0.0.1');
    await once(late, 'listening');
    const asked = once(late, 'message') as Promise<[Buffer, RemoteInfo]>;
    const nameServer = { address: '127.0.0.1', port: late.address().port };
    const test = await GatewayUnderTest.open(directory.path, {}, [nameServer]);
    const dns = await test.guest.connect(53).opened();
    const bytes = query('A', 'example.org');
    dns.write(Uint8Array.of(0, bytes.length)).write(bytes);
    const [message, remote] = await asked;
    await test[Symbol.asyncDispose]();
    const decisions = test.decisions.length;
    // The time that the question has.
    expect(vi.getTimerCount()).toBe(1);
    // An address that is refused, which is told where somebody listens.
    const answer = await answering([a('127.0.0.1')])(message);
    late.send(answer, remote.port, remote.address);
    while (vi.getTimerCount() > 0) await new Promise(setImmediate);
    expect(test.decisions).toHaveLength(decisions);
    late.close();
  });
});

describe('a gateway', () => {
  it('tells what it decided, and counts what it carried', async () => {
    const { test, server, end } = await busyGateway();
    const { rule, verdict, count } = await test.decided(({ port }) => port === server.port);
    expect({ rule, verdict, count }).toEqual({
      ...{ rule: 'policy all: allow everything else', verdict: 'allow', count: 1 },
    });
    const { sentBytes, receivedBytes, tcpConnections, udpFlows } = test.gateway.traffic();
    expect({ tcpConnections, udpFlows }).toEqual({ tcpConnections: 3, udpFlows: 1 });
    expect(Math.min(sentBytes, receivedBytes)).toBeGreaterThan(0);
    await end();
  });

  it('loses nothing where its bandwidth is limited', async () => {
    const bytes = Buffer.alloc(1024 * 1024, 'slowly');
    await using server = await HostServer.listen();
    const bandwidth = { upload: 200, download: 200 };
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'all', bandwidth });
    const client = await test.guest.connect(server.port).opened();
    const socket = await server.accepted();
    client.write(bytes).end();
    socket.end(bytes);
    expect((await readAll(socket)).equals(bytes)).toBe(true);
    await client.until(({ isEnded }) => isEnded);
    expect(client.received.equals(bytes)).toBe(true);
  });

  it('says what would become of a destination', async () => {
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    const { verdict } = await test.gateway.ask({ destination: '192.0.2.1:443' });
    expect(verdict).toBe('deny');
  });
});
