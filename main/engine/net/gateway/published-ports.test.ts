import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { GatewayUnderTest } from './testing/gateway-under-test.ts';
import { readAll, readBytes } from './testing/host-server.ts';
import { aPort, isOpen } from './testing/loopback-ports.ts';

const directory = useTemporaryDirectory();
const disposals: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

/** Connects to a port; what goes wrong later is found in `failure`. */
function dial(port: number): { socket: Socket; failure: Promise<string> } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const failure = Promise.withResolvers<string>();
  socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    failure.resolve(code);
  });
  disposals.push(() => socket.destroy());
  return { socket, failure: failure.promise };
}

/** A client of published UDP ports. */
async function udpClient(): Promise<Datagrams> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  disposals.push(() => socket.close());
  return socket;
}

/** The next datagram to a client, as text. */
async function heardBy(socket: Datagrams): Promise<string> {
  const [message] = (await once(socket, 'message')) as [Buffer];
  return message.toString();
}

describe('a published TCP port', () => {
  /** A connection through it and its other end in the guest. */
  async function connected(test: GatewayUnderTest, changes: { guestPort?: number } = {}) {
    const port = await aPort(changes);
    test.guest.listen(port.guestPort);
    await test.gateway.ports.add(port);
    const { socket, failure } = dial(port.hostPort);
    const server = await (await test.guest.accepted()).opened();
    return { port, socket, failure, server };
  }

  it('leads into the guest, and bytes go both ways', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const { socket, server } = await connected(test);
    socket.write('a question');
    await server.receivedAll(10);
    expect(server.text).toBe('a question');
    server.write('an answer');
    expect(await readBytes(socket, 9)).toBe('an answer');
  });

  it('carries the end of each direction by itself', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const { socket, server } = await connected(test);
    socket.end('all of it');
    await server.until(({ isEnded }) => isEnded);
    expect(server.text).toBe('all of it');
    server.write('and ').write('back').end();
    expect((await readAll(socket)).toString()).toBe('and back');
    expect(server.hasReset).toBe(false);
  });

  it('carries the end of the guest first', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const { socket, server } = await connected(test);
    server.write('goodbye').end();
    expect((await readAll(socket)).toString()).toBe('goodbye');
    socket.end('late');
    await server.until(({ isEnded }) => isEnded);
    expect(server.text).toBe('late');
  });

  it('resets who connects where the guest refuses', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const port = await aPort();
    await test.gateway.ports.add(port);
    expect(await dial(port.hostPort).failure).toBe('ECONNRESET');
    expect(test.gateway.traffic().tcpConnections).toBe(0);
  });

  it('carries a reset both ways', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const first = await connected(test, { guestPort: 80 });
    first.server.reset();
    expect(await first.failure).toBe('ECONNRESET');
    const second = await connected(test, { guestPort: 81 });
    second.socket.resetAndDestroy();
    expect(await second.server.closed()).toBe('reset');
  });

  it('is closed with its connections as it is removed, and can be published again', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const { port, failure, server } = await connected(test);
    await test.gateway.ports.remove(port);
    expect(await failure).toBe('ECONNRESET');
    expect(await server.closed()).toBe('reset');
    expect(await isOpen(port.hostPort)).toBe(false);
    await test.gateway.ports.add(port);
    dial(port.hostPort);
    await (await test.guest.accepted()).opened();
  });

  it('loses the connections that a change of policy does not allow, and no others', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const kept = await connected(test, { guestPort: 80 });
    const ended = await connected(test, { guestPort: 81 });
    test.configure({
      policy: 'all',
      rules: [{ action: 'deny', direction: 'ingress', ports: ['81'] }],
    });
    expect(await ended.failure).toBe('ECONNRESET');
    expect(await ended.server.closed()).toBe('reset');
    expect(await dial(ended.port.hostPort).failure).toBe('ECONNRESET');
    kept.socket.write('still here');
    await kept.server.receivedAll(10);
    const { rule } = await test.decided(({ verdict }) => verdict === 'deny');
    expect(rule).toBe('deny ingress any port 81');
  });

  it('is not left open where the gateway is closed before it is there', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const port = await aPort();
    const adding = test.gateway.ports.add(port);
    await test.gateway.close();
    await adding.catch(() => undefined);
    expect(await isOpen(port.hostPort)).toBe(false);
  });
});

describe('a published UDP port', () => {
  /** A port, and what a client sends through it as the guest sees it. */
  async function asked(test: GatewayUnderTest, client: Datagrams, guestPort = 5353) {
    const port = await aPort({ protocol: 'udp', guestPort });
    await test.gateway.ports.add(port);
    client.send('a question', port.hostPort, '127.0.0.1');
    const question = await test.guest.datagram(guestPort);
    expect(question).toMatchObject({ from: '192.0.0.1', text: 'a question' });
    return { port, peer: question.fromPort };
  }

  it('leads into the guest, and answers lead back', async () => {
    const client = await udpClient();
    await using test = await GatewayUnderTest.open(directory.path);
    const { port, peer } = await asked(test, client);
    const heard = heardBy(client);
    test.guest.sendDatagram(port.guestPort, peer, 'an answer');
    expect(await heard).toBe('an answer');
    client.send('more', port.hostPort, '127.0.0.1');
    expect(await test.guest.datagram(port.guestPort)).toMatchObject({ fromPort: peer });
  });

  it('has a peer of its own for each port that leads to one of the guest', async () => {
    const client = await udpClient();
    await using test = await GatewayUnderTest.open(directory.path);
    const first = await asked(test, client);
    const second = await asked(test, client);
    for (const { port, peer } of [first, second]) {
      const heard = once(client, 'message') as Promise<[Buffer, { port: number }]>;
      test.guest.sendDatagram(5353, peer, 'an answer');
      expect((await heard)[1].port).toBe(port.hostPort);
    }
  });

  it('forgets its peers as it is removed, and can be published again', async () => {
    const client = await udpClient();
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    const { port, peer } = await asked(test, client);
    await test.gateway.ports.remove(port);
    test.guest.sendDatagram(port.guestPort, peer, 'too late');
    expect((await test.guest.unreachable()).code).toBe(13);
    await test.gateway.ports.add(port);
    client.send('once more', port.hostPort, '127.0.0.1');
    const { fromPort } = await test.guest.datagram(port.guestPort);
    const heard = heardBy(client);
    test.guest.sendDatagram(port.guestPort, fromPort, 'an answer');
    expect(await heard).toBe('an answer');
  });

  it('forgets peers that are silent for two minutes', async () => {
    const client = await udpClient();
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    const { port, peer } = await asked(test, client);
    test.gateway.ports.tick(Date.now() + 110_000);
    const heard = heardBy(client);
    test.guest.sendDatagram(port.guestPort, peer, 'in time');
    expect(await heard).toBe('in time');
    test.gateway.ports.tick(Date.now() + 120_000);
    test.guest.sendDatagram(port.guestPort, peer, 'too late');
    expect((await test.guest.unreachable()).code).toBe(13);
  });

  it('loses the peers that a change of policy does not allow, and no others', async () => {
    const client = await udpClient();
    await using test = await GatewayUnderTest.open(directory.path, { policy: 'none' });
    const kept = await asked(test, client, 5353);
    const ended = await asked(test, client, 5354);
    test.configure({
      policy: 'none',
      rules: [{ action: 'deny', direction: 'ingress', ports: ['5354'] }],
    });
    test.guest.sendDatagram(5354, ended.peer, 'too late');
    expect((await test.guest.unreachable()).code).toBe(13);
    const heard = heardBy(client);
    test.guest.sendDatagram(5353, kept.peer, 'still here');
    expect(await heard).toBe('still here');
    // The one that is refused is not there before the one that is allowed.
    client.send('refused', ended.port.hostPort, '127.0.0.1');
    const refused = await test.decided(({ verdict, port }) => verdict === 'deny' && port === 5354);
    expect(refused.direction).toBe('ingress');
  });
});
