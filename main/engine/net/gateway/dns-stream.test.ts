import packet from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { ipv4, ipv6 } from '../stack/link-addresses.ts';
import type { TcpFlow } from '../stack/tcp-flows.ts';
import { answerDnsStream } from './dns-stream.ts';
import { a, answering, dataOf, query, serviceFor } from './testing/dns-service-under-test.ts';
import { GatewayUnderTest } from './testing/gateway-under-test.ts';
import type { GuestConnection } from './testing/guest-connection.ts';
import { TestNameServer } from './testing/name-server.ts';

const directory = useTemporaryDirectory();

/** A message with its length before it: RFC 1035, section 4.2.2. */
function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** The next answers on a connection, after those that were there before. */
async function answers(client: GuestConnection, count: number) {
  const read = (): Buffer[] => {
    const found: Buffer[] = [];
    for (let at = 0; at + 2 <= client.receivedBytes;) {
      const end = at + 2 + client.received.readUInt16BE(at);
      if (end > client.receivedBytes) break;
      found.push(client.received.subarray(at + 2, end));
      at = end;
    }
    return found;
  };
  await client.until(() => read().length >= count);
  return read().map((message) => packet.decode(message));
}

/** By what an answer says that it failed. */
function codeOf(answer: packet.DecodedPacket | undefined): number {
  return (answer?.flags ?? 0) & 0xf;
}

describe('DNS over TCP', () => {
  it.each([
    ['the gateway', ipv4.gateway],
    ['the gateway by IPv6', ipv6.gateway],
    ['a server of elsewhere, which is not asked', Uint8Array.of(192, 0, 2, 53)],
  ] as const)('to %s is answered here', async (_whom, address) => {
    using server = await TestNameServer.listen({ 'example.org': '93.184.215.14' });
    await using test = await GatewayUnderTest.open(directory.path, {}, [server.address]);
    const client = await test.guest.connect(53, address).opened();
    client.write(framed(query('A', 'example.org')));
    const [answer] = await answers(client, 1);
    expect(answer?.id).toBe(77);
    expect(dataOf(answer)).toEqual(['93.184.215.14']);
    expect(server.asked).toEqual(['example.org']);
  });

  it('takes queries in pieces, several at once, and answers them in order', async () => {
    using server = await TestNameServer.listen({ 'a.test': '192.0.43.1', 'b.test': '192.0.43.2' });
    await using test = await GatewayUnderTest.open(directory.path, {}, [server.address]);
    const client = await test.guest.connect(53).opened();
    const bytes = Buffer.concat([
      framed(query('A', 'a.test', { id: 1 })),
      framed(query('A', 'b.test', { id: 2 })),
    ]);
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 20],
      [20, bytes.length],
    ] as const) {
      client.write(bytes.subarray(from, to));
      await client.until(({ queuedBytes }) => queuedBytes === 0);
    }
    const [first, second] = await answers(client, 2);
    expect([first?.id, second?.id]).toEqual([1, 2]);
    expect([...dataOf(first), ...dataOf(second)]).toEqual(['192.0.43.1', '192.0.43.2']);
  });

  it('says that it failed where no name server answers, and goes on', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const client = await test.guest.connect(53).opened();
    client.write(framed(query('A', 'example.org')));
    client.write(framed(query('A', 'host.skerry.internal')));
    const [failed, host] = await answers(client, 2);
    expect(codeOf(failed)).toBe(2);
    expect(dataOf(host)).toEqual(['192.0.0.1']);
  });

  it('answers what was asked before the end, and ends too', async () => {
    await using test = await GatewayUnderTest.open(directory.path);
    const client = await test.guest.connect(53).opened();
    client.write(framed(query('A', 'host.skerry.internal'))).end();
    expect(await answers(client, 1)).toHaveLength(1);
    await client.until(({ isEnded }) => isEnded);
    expect(client.hasReset).toBe(false);
  });

  it.each([
    ['no query', framed(Buffer.alloc(40, 0xff))],
    ['less than one is', framed(Buffer.alloc(3))],
    ['more than is kept', Buffer.alloc(9000, 0x7f)],
  ])('is reset where somebody sends %s', async (_what, bytes) => {
    await using test = await GatewayUnderTest.open(directory.path);
    const client = await test.guest.connect(53).opened();
    client.write(bytes);
    expect(await client.closed()).toBe('reset');
    expect(client.hasReset).toBe(true);
  });
});

describe('a guest that does not take its answers', () => {
  /** A flow with room for a number of bytes, and what is done with it. */
  function flowWith(room: number) {
    const state = { sendRoom: room, writtenBytes: 0, usedBytes: 0, told: [] as string[] };
    const flow: TcpFlow = {
      ...{ guest: ipv4.guest, guestPort: 40_000, address: ipv4.gateway, port: 53, sendLimit: room },
      get sendRoom() {
        return state.sendRoom;
      },
      accept: () => undefined,
      write: (bytes) => {
        state.writtenBytes += bytes.length;
        state.sendRoom = Math.max(0, state.sendRoom - bytes.length);
      },
      end: () => state.told.push('end'),
      abort: () => state.told.push('abort'),
      use: (byteCount) => {
        state.usedBytes += byteCount;
      },
    };
    return { flow, state };
  }

  it('gets no more of them until it does', async () => {
    const { service } = serviceFor({ policy: 'all' }, answering([a('93.184.215.14')]));
    const { flow, state } = flowWith(100);
    const handler = answerDnsStream(flow, service);
    const asked = framed(query('A', 'example.org'));
    for (let count = 0; count < 20; count += 1) handler.onData(asked);
    handler.onEnd();
    await new Promise(setImmediate);
    const before = state.writtenBytes;
    expect(before).toBeGreaterThanOrEqual(100);
    expect(before).toBeLessThan(200);
    expect(state.usedBytes).toBeLessThan(20 * asked.length);
    expect(state.told).toEqual([]);
    state.sendRoom = 100_000;
    handler.onTaken(before);
    await new Promise(setImmediate);
    expect(state.usedBytes).toBe(20 * asked.length);
    expect(state.told).toEqual(['end']);
  });
});
