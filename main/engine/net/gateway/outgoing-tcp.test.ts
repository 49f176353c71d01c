import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { ipv4, ipv6 } from '../stack/link-addresses.ts';
import { GatewayUnderTest } from './testing/gateway-under-test.ts';
import { HostServer, readAll, readBytes } from './testing/host-server.ts';
import { freePort } from './testing/loopback-ports.ts';

const directory = useTemporaryDirectory();

describe.each([
  ['IPv4', ipv4.gateway, '127.0.0.1'],
  ['IPv6', ipv6.gateway, '::1'],
] as const)('a connection of a guest by %s', (_family, address, loopback) => {
  it('leads to this machine, and bytes go both ways', async () => {
    await using server = await HostServer.listen(loopback);
    await using test = await GatewayUnderTest.open(directory.path);
    const client = await test.guest.connect(server.port, address).opened();
    const socket = await server.accepted();
    client.write('from the guest');
    expect(await readBytes(socket, 14)).toBe('from the guest');
    socket.write('from the host');
    await client.receivedAll(13);
    expect(client.text).toBe('from the host');
    expect(test.gateway.traffic().tcpConnections).toBe(1);
  });

  it('is reset where nobody listens', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const client = test.guest.connect(await freePort(), address);
    expect(await client.closed()).toBe('refused');
    expect(client.hasReset).toBe(true);
  });
});

it('a server that listens by the other family alone is reached as well', async () => {
  for (const [loopback, address] of [
    ['127.0.0.1', ipv6.gateway],
    ['::1', ipv4.gateway],
  ] as const) {
    await using server = await HostServer.listen(loopback);
    await using test = await GatewayUnderTest.open(directory.path);
    const client = await test.guest.connect(server.port, address).opened();
    client.write('hello');
    expect(await readBytes(await server.accepted(), 5)).toBe('hello');
  }
});

it.each([
  ['port 0', 0, ipv4.gateway],
  // That of the loopback.
  ['a broadcast address', 4000, Uint8Array.of(127, 255, 255, 255)],
])('a connection to %s, which the system does not make, is reset', async (_what, port, address) => {
  await using test = await GatewayUnderTest.open(directory.path);
  expect(await test.guest.connect(port, address).closed()).toBe('refused');
});

describe('the end of a connection', () => {
  /** A connection and its other end. */
  async function connected(test: GatewayUnderTest, server: HostServer) {
    const client = await test.guest.connect(server.port).opened();
    return { client, socket: await server.accepted() };
  }

  it('of the host by its loss resets that of the guest', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const { client, socket } = await connected(test, server);
    socket.resetAndDestroy();
    expect(await client.closed()).toBe('reset');
    expect(client.hasReset).toBe(true);
  });

  it('of the host while the guest still writes resets that of the guest', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const { client, socket } = await connected(test, server);
    socket.destroy();
    await client.until(({ isEnded }) => isEnded);
    // The kernel answers the first bytes that come to nobody with a reset, and fails the next ones.
    while (client.closedBy === undefined) {
      client.write('to nobody');
      await client.until(
        ({ queuedBytes, closedBy }) => queuedBytes === 0 || closedBy !== undefined,
      );
    }
    expect(await client.closed()).toBe('reset');
    expect(client.hasReset).toBe(true);
  });

  it('of the guest by a reset ends that of the host', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const { client, socket } = await connected(test, server);
    const closed = once(socket, 'close');
    client.reset();
    socket.on('end', () => socket.destroy());
    socket.resume();
    await closed;
    expect(test.gateway.traffic().tcpConnections).toBe(0);
  });

  it('may be of the direction to the host alone', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const { client, socket } = await connected(test, server);
    client.write('question').end();
    expect((await readAll(socket)).toString()).toBe('question');
    expect(client.isEnded).toBe(false);
    socket.write('answer');
    await client.receivedAll(6);
    socket.end(' all');
    await client.until(({ isEnded }) => isEnded);
    expect(client.text).toBe('answer all');
    expect(client.hasReset).toBe(false);
  });

  it('may be of the direction to the guest alone', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const { client, socket } = await connected(test, server);
    socket.end('greeting');
    await client.until(({ isEnded }) => isEnded);
    expect(client.text).toBe('greeting');
    client.write('still');
    expect(await readBytes(socket, 5)).toBe('still');
    client.write(' here').end();
    expect((await readAll(socket)).toString()).toBe(' here');
    expect(await client.closed()).toBe('finished');
    expect(client.hasReset).toBe(false);
  });

  it('may be of both at once, and nothing is lost', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const { client, socket } = await connected(test, server);
    const bytes = Buffer.alloc(1024 * 1024, 'both');
    client.write(bytes).end();
    socket.end(bytes);
    expect((await readAll(socket)).equals(bytes)).toBe(true);
    await client.until(({ isEnded }) => isEnded);
    expect(client.received.equals(bytes)).toBe(true);
    expect(client.hasReset).toBe(false);
  });
});
