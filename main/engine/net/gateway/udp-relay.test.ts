import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { networkSchema } from '../../../contract/config/network.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { compilePolicy } from '../policy/policy.ts';
import type { GuestDatagram } from '../stack/guest-stack.ts';
import { ipv4, ipv6 } from '../stack/link-addresses.ts';
import { StackUnderTest } from '../stack/testing/stack-under-test.ts';
import { GatewayUnderTest } from './testing/gateway-under-test.ts';
import { UdpRelay } from './udp-relay.ts';

const directory = useTemporaryDirectory();
const idleMs = 120_000;

/** A port of the loopback, and what comes to it. */
async function boundSocket(host = '127.0.0.1'): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  sockets.push(socket);
  return { socket, port: socket.address().port };
}

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** The next datagram that comes, answered with its own text in capitals. */
async function answerNext(socket: Socket): Promise<string> {
  const [message, { port, address }] = (await once(socket, 'message')) as [Buffer, RemoteInfo];
  socket.send(message.toString().toUpperCase(), port, address);
  return message.toString();
}

/** A port that nothing listens on. */
async function closedPort(host: string): Promise<number> {
  const { socket, port } = await boundSocket(host);
  sockets.pop();
  await new Promise<void>((resolve) => {
    socket.close(resolve);
  });
  return port;
}

describe.each([
  ['IPv4', ipv4.gateway, '127.0.0.1', { port: 3, administratively: 13 }],
  ['IPv6', ipv6.gateway, '::1', { port: 4, administratively: 1 }],
] as const)('a datagram of the guest by %s', (_family, address, loopback, codes) => {
  it('leads to this machine, and what is answered leads back', async () => {
    const { socket, port } = await boundSocket(loopback);
    await using test = await GatewayUnderTest.open(directory.path);
    for (const text of ['first', 'second']) {
      const heard = answerNext(socket);
      test.guest.sendDatagram(5000, port, text, address);
      expect(await heard).toBe(text);
      expect(await test.guest.datagram(5000)).toMatchObject({
        fromPort: port,
        text: text.toUpperCase(),
      });
    }
    expect(test.gateway.traffic().udpFlows).toBe(1);
  });

  it('is said to go nowhere where nobody listens, and its flow is forgotten', async () => {
    const port = await closedPort(loopback);
    await using test = await GatewayUnderTest.open(directory.path);
    test.guest.sendDatagram(5000, port, 'anybody?', address);
    const { code, quoted } = await test.guest.unreachable();
    expect(code).toBe(codes.port);
    const headerBytes = address.length === 4 ? 20 : 40;
    expect(Buffer.from(quoted).readUInt16BE(headerBytes + 2)).toBe(port);
    expect(test.gateway.traffic().udpFlows).toBe(0);
  });

  it('is refused in words where a rule says so', async () => {
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    test.guest.sendDatagram(5000, 4000, 'let me out', address);
    expect((await test.guest.unreachable()).code).toBe(codes.administratively);
    const { rule } = await test.decided(({ protocol }) => protocol === 'udp');
    expect(rule).toBe('policy none: deny everything else');
  });

  it('to port 0 is said to go nowhere, and the gateway goes on', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    test.guest.sendDatagram(5000, 0, 'to no port', address);
    expect((await test.guest.unreachable()).code).toBe(codes.port);
    expect(test.gateway.traffic().udpFlows).toBe(0);
  });
});

it('a datagram that the system does not send is said to go nowhere', async () => {
  await using test = await GatewayUnderTest.open(directory.path);
  // The broadcast address of the loopback: the system lets no ordinary socket have it.
  test.guest.sendDatagram(5000, 4000, 'to everybody', Uint8Array.of(127, 255, 255, 255));
  expect((await test.guest.unreachable()).code).toBe(3);
  expect(test.gateway.traffic().udpFlows).toBe(0);
});

it('a change of policy ends the flows that are not allowed any more, and no others', async () => {
  const [kept, ended] = [await boundSocket(), await boundSocket()];
  await using test = await GatewayUnderTest.open(directory.path);
  for (const { socket, port } of [kept, ended]) {
    const heard = answerNext(socket);
    test.guest.sendDatagram(5000, port, 'hello');
    await heard;
    await test.guest.datagram(5000);
  }
  test.configure({ policy: 'all', deny: [`host:${String(ended.port)}`] });
  expect(test.gateway.traffic().udpFlows).toBe(1);
  test.guest.sendDatagram(5000, ended.port, 'again');
  expect((await test.guest.unreachable()).code).toBe(13);
  const heard = answerNext(kept.socket);
  test.guest.sendDatagram(5000, kept.port, 'again');
  expect(await heard).toBe('again');
});

describe('flows that nobody uses', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A relay, and datagrams of a guest to ports of this machine. */
  function relayUnderTest() {
    const { stack } = new StackUnderTest();
    const flushes = new EventEmitter();
    const policy = compilePolicy(networkSchema.parse({ policy: 'all' }));
    const relay = new UdpRelay({
      policy: () => policy,
      knowledge: { namesOf: () => [], isHost: (address) => address === '192.0.0.1' },
      stack: () => stack,
      isBusy: () => false,
      onDecision: () => undefined,
      onFull: () => undefined,
      flush: () => flushes.emit('flush'),
    });
    const datagram = (port: number): GuestDatagram => ({
      ...{ guest: ipv4.guest, guestPort: 5000, address: ipv4.gateway, port },
      ...{ payload: Uint8Array.of(1), packet: new Uint8Array(29) },
    });
    return { relay, datagram, flushes };
  }

  it('are forgotten after two minutes', async () => {
    const [first, second] = [await boundSocket(), await boundSocket()];
    const { relay, datagram } = relayUnderTest();
    relay.send(datagram(first.port));
    vi.setSystemTime(1000);
    relay.send(datagram(second.port));
    relay.tick(idleMs - 1);
    expect(relay.size).toBe(2);
    relay.tick(idleMs);
    expect(relay.size).toBe(1);
    relay.tick(idleMs + 1000);
    expect(relay.size).toBe(0);
  });

  it('are forgotten though an older one still hears something', async () => {
    const [stream, idle] = [await boundSocket(), await boundSocket()];
    const { relay, datagram, flushes } = relayUnderTest();
    const asked = once(stream.socket, 'message');
    relay.send(datagram(stream.port));
    const [, remote] = (await asked) as [Buffer, RemoteInfo];
    relay.send(datagram(idle.port));
    vi.setSystemTime(idleMs - 1);
    const heard = once(flushes, 'flush');
    stream.socket.send('on and on', remote.port, remote.address);
    await heard;
    relay.tick(idleMs);
    expect(relay.size).toBe(1);
    relay.close();
    expect(relay.size).toBe(0);
  });
});
