import { describe, expect, it } from 'vitest';
import { parseEthernet } from '../wire/ethernet.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { parseIpv4 } from '../wire/ipv4.ts';
import { parseIpv6 } from '../wire/ipv6.ts';
import { Reassembly, type Fragment } from '../wire/reassembly.ts';
import { parseUdp } from '../wire/udp.ts';
import { addressText } from './address-text.ts';
import { lengthBytes } from './frame-writer.ts';
import { ip, outside4, outside6, udp, udpBytes, type Ends } from './testing/guest-frames.ts';
import { StackUnderTest } from './testing/stack-under-test.ts';

const ports = { from: 5000, to: 4433 };
const payload = Uint8Array.from({ length: 3000 }, (_, at) => at * 7);
const families: [string, Ends][] = [
  ['IPv4', outside4],
  ['IPv6', outside6],
];

/** A datagram in parts of 1000 bytes and the rest. */
function fragments(ends: Ends, id = 1): [Uint8Array, Uint8Array, Uint8Array, Uint8Array] {
  const whole = udpBytes(ends, ports, payload);
  const part = (offset: number): Uint8Array => {
    const fragment = { offset, more: offset < 3000, id };
    return ip(ends, ipProtocol.udp, whole.subarray(offset, offset + 1000), { fragment });
  };
  return [part(0), part(1000), part(2000), part(3000)];
}

/** A fragment that was sent, as it is put together again. */
function fragmentOf(frame: Uint8Array): Fragment {
  const { payload: bytes } = parseEthernet(frame) ?? {};
  const four = bytes && parseIpv4(bytes);
  const { fragment, payload: part } = (bytes && parseIpv6(bytes)) ?? {};
  if (four !== undefined) {
    const { fragmentOffset: offset, moreFragments: more } = four;
    return { key: 'all', offset, more, bytes: four.payload, nowMs: 0 };
  }
  if (fragment === undefined || part === undefined) throw new Error('This is no fragment.');
  return { key: 'all', offset: fragment.offset, more: fragment.more, bytes: part, nowMs: 0 };
}

describe.each(families)('a datagram by %s', (_family, ends) => {
  it('reaches whoever sends it on', () => {
    const test = new StackUnderTest();
    expect(test.give(udp(ends, ports, payload))).toEqual([]);
    const [datagram, ...others] = test.datagrams;
    expect(others).toEqual([]);
    expect(datagram).toMatchObject({ guestPort: 5000, port: 4433, payload });
    expect(datagram?.address).toEqual(ends.destination);
    expect(datagram?.guest).toEqual(ends.source);
  });

  it('is put together from fragments in any order', () => {
    const test = new StackUnderTest();
    const [a, b, c, d] = fragments(ends);
    test.give(c, a, d);
    expect(test.datagrams).toEqual([]);
    test.give(b);
    expect(test.datagrams).toMatchObject([{ guestPort: 5000, port: 4433, payload }]);
  });

  it('is dropped where its fragments overlap, and those of another are not touched', () => {
    const test = new StackUnderTest();
    const [a, b, c, d] = fragments(ends);
    const others = fragments(ends, 2);
    const fragment = { offset: 992, more: true, id: 1 };
    const overlapping = ip(ends, ipProtocol.udp, new Uint8Array(1000), { fragment });
    test.give(a, others[0], overlapping, b, c, d);
    expect(test.datagrams).toEqual([]);
    test.give(...others.slice(1));
    expect(test.datagrams).toHaveLength(1);
  });

  it('is dropped where a fragment comes too late', () => {
    const test = new StackUnderTest();
    const [a, ...rest] = fragments(ends);
    test.give(a);
    test.nowMs += 5000;
    test.give(...rest);
    expect(test.datagrams).toEqual([]);
  });

  it('is refused by a message that quotes its packet', () => {
    const test = new StackUnderTest();
    test.give(udp(ends, ports, payload));
    const [datagram] = test.datagrams;
    if (datagram === undefined) throw new Error('No datagram.');
    for (const why of ['administratively', 'port', 'host'] as const) {
      test.stack.refuse(datagram.guest, datagram.packet, why);
    }
    const sent = test.flush().flatMap((each) => ('protocol' in each ? [each] : []));
    const isIpv4 = ends.source.length === 4;
    expect(sent.map(({ payload: [type, code] }) => [type, code])).toEqual(
      isIpv4
        ? [
            [3, 13],
            [3, 3],
            [3, 1],
          ]
        : [
            [1, 1],
            [1, 4],
            [1, 3],
          ],
    );
    for (const each of sent) {
      const quoted = each.payload.subarray(8);
      expect(each.destination).toBe(addressText(ends.source));
      expect(quoted).toEqual(datagram.packet.subarray(0, quoted.length));
      // Its ports at least: by them the guest finds its socket.
      expect(quoted.length).toBeGreaterThanOrEqual(isIpv4 ? 28 : 48);
    }
  });

  it('comes back as from the address that was asked', () => {
    const test = new StackUnderTest();
    const from = { address: ends.destination, port: 4433 };
    const to = { guest: ends.source, guestPort: 5000 };
    test.stack.sendDatagram(from, to, payload);
    const [sent] = test.flush();
    expect(sent).toMatchObject({
      source: addressText(ends.destination),
      destination: addressText(ends.source),
      udp: { sourcePort: 4433, destinationPort: 5000, payload },
    });
    test.stack.sendDatagram(from, to, new Uint8Array(0xffff));
    expect(test.flush()).toEqual([]);
  });

  it('comes back in fragments where the link takes no packet of its size', () => {
    const test = new StackUnderTest();
    const large = Uint8Array.from({ length: 65_507 }, (_, at) => at * 7);
    const to = { guest: ends.source, guestPort: 5000 };
    test.stack.sendDatagram({ address: ends.destination, port: 4433 }, to, large);
    const parts = test.flushFrames().map((each) => fragmentOf(each.subarray(lengthBytes)));
    expect(parts.map(({ offset, more }) => [offset > 0, more])).toEqual([
      [false, true],
      [true, false],
    ]);
    const reassembly = new Reassembly();
    const [whole] = parts.flatMap((part) => reassembly.add(part) ?? []);
    const datagram = whole && parseUdp(whole, ends.destination, ends.source);
    expect(datagram).toEqual({ sourcePort: 4433, destinationPort: 5000, payload: large });
  });

  it('that came in fragments is quoted by its beginning', () => {
    const test = new StackUnderTest();
    const [a, b, c, d] = fragments(ends);
    test.give(b, c, d, a);
    const whole = new StackUnderTest();
    whole.give(udp(ends, ports, payload));
    const headerBytes = ends.source.length === 4 ? 20 : 40;
    const beginning = (each: StackUnderTest): Uint8Array | undefined =>
      each.datagrams[0]?.packet.slice(headerBytes, headerBytes + 8);
    expect(beginning(test)).toEqual(beginning(whole));
  });
});
