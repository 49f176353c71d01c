/** What one side does not take holds the other side back; the gateway keeps a bounded part of it. */
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { GatewayUnderTest } from './testing/gateway-under-test.ts';
import type { GuestConnection } from './testing/guest-connection.ts';
import { HostServer } from './testing/host-server.ts';
import { aPort } from './testing/loopback-ports.ts';

/** More than the kernel keeps for both ends of a connection. */
const everything = Buffer.alloc(24 * 1024 * 1024);
for (let at = 0; at < everything.length; at += 4) everything.writeUInt32LE(at, at);
const mostHeldBytes = 2 * 1024 * 1024;
/** Turns of the event loop in which a gateway that does not stop takes far more than it may. */
const turns = 200;

const directory = useTemporaryDirectory();

/** The gateway's end of connections, in the order they were made: it runs in this process. */
let ends: Socket[] = [];
const note = (message: unknown): void => {
  ends.push((message as { socket: Socket }).socket);
};
const channels = [channel('net.client.socket'), channel('net.server.socket')];
beforeEach(() => {
  ends = [];
  for (const each of channels) each.subscribe(note);
});
afterEach(() => {
  for (const each of channels) each.unsubscribe(note);
});

function endOf(isOf: (socket: Socket) => boolean): Socket {
  const found = ends.find(isOf);
  if (found === undefined) throw new Error('There is no such connection.');
  return found;
}

/** Lets whoever can read and write do so. */
async function turn(): Promise<void> {
  for (let count = 0; count < turns; count += 1) await new Promise(setImmediate);
}

/** What a socket gives from now on. */
function collect(socket: Socket): { bytes: () => Buffer; ended: Promise<unknown> } {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  const ended = once(socket, 'end');
  socket.resume();
  return { bytes: () => Buffer.concat(parts), ended };
}

/** The guest writes more than the host takes. */
async function hostStalls(guest: GuestConnection, host: Socket, end: Socket): Promise<void> {
  let mostHeld = 0;
  guest.write(everything).end();
  await guest.until(({ window }) => {
    mostHeld = Math.max(mostHeld, end.writableLength);
    return window === 0 && end.writableLength > 0;
  });
  await turn();
  // What the kernel took is a part of it; the gateway's own is bounded, and the rest is not sent.
  expect(end.writableLength).toBeGreaterThan(0);
  expect(guest.window).toBe(0);
  expect(guest.queuedBytes).toBeGreaterThan(everything.length / 4);
  const { bytes, ended } = collect(host);
  await guest.until(({ queuedBytes }) => {
    mostHeld = Math.max(mostHeld, end.writableLength);
    return queuedBytes === 0;
  });
  await ended;
  expect(mostHeld).toBeLessThan(mostHeldBytes);
  expect(bytes().equals(everything)).toBe(true);
}

/** The host writes more than the guest takes. */
async function guestStalls(
  guest: GuestConnection,
  host: Socket,
  end: Socket,
  stall: { begin: () => void; end: () => void },
): Promise<void> {
  stall.begin();
  host.end(everything);
  await turn();
  const held = end.bytesRead - guest.receivedBytes;
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(mostHeldBytes);
  expect(end.bytesRead).toBeLessThan(everything.length / 2);
  await turn();
  expect(end.bytesRead - guest.receivedBytes).toBeLessThan(mostHeldBytes);
  expect(host.writableLength).toBeGreaterThan(0);
  stall.end();
  let mostHeld = held;
  await guest.until(({ isEnded, receivedBytes }) => {
    mostHeld = Math.max(mostHeld, end.bytesRead - receivedBytes);
    return isEnded;
  });
  expect(mostHeld).toBeLessThan(mostHeldBytes);
  expect(guest.received.equals(everything)).toBe(true);
}

describe('on a connection of the guest', () => {
  it('a host that stops reading closes the window of the guest, and nothing is lost', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const guest = await test.guest.connect(server.port).opened();
    await hostStalls(
      guest,
      await server.accepted(),
      endOf(({ remotePort }) => remotePort === server.port),
    );
  });

  it('a guest that stops reading holds the host back, and nothing is lost', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const guest = await test.guest.connect(server.port).opened();
    await guestStalls(
      guest,
      await server.accepted(),
      endOf(({ remotePort }) => remotePort === server.port),
      {
        begin: () => {
          guest.pause();
        },
        end: () => {
          guest.resume();
        },
      },
    );
  });

  it('a link that takes nothing holds the host back, and nothing is lost', async () => {
    await using server = await HostServer.listen();
    await using test = await GatewayUnderTest.open(directory.path);
    const guest = await test.guest.connect(server.port).opened();
    await guestStalls(
      guest,
      await server.accepted(),
      endOf(({ remotePort }) => remotePort === server.port),
      {
        begin: () => {
          test.machine.pause();
        },
        end: () => {
          test.machine.resume();
        },
      },
    );
  });
});

describe('on a connection to a published port', () => {
  /** A client of this machine, what it leads to in the guest, and the gateway's end between. */
  async function published(test: GatewayUnderTest) {
    const port = await aPort();
    test.guest.listen(port.guestPort);
    await test.gateway.ports.add(port);
    const host = connect({ port: port.hostPort, host: '127.0.0.1', allowHalfOpen: true });
    host.on('error', () => undefined);
    host.pause();
    const guest = await (await test.guest.accepted()).opened();
    const end = endOf(({ localPort }) => localPort === port.hostPort);
    return { host, guest, end };
  }

  it('a client that stops reading closes the window of the guest', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const { host, guest, end } = await published(test);
    await hostStalls(guest, host, end);
    host.destroy();
  });

  it('a guest that stops reading holds the client back', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const { host, guest, end } = await published(test);
    await guestStalls(guest, host, end, {
      begin: () => {
        guest.pause();
      },
      end: () => {
        guest.resume();
      },
    });
    host.destroy();
  });
});
