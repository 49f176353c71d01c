import { describe, expect, it } from 'vitest';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { addressText } from './address-text.ts';
import { linkMtu } from './link-addresses.ts';
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
    test.stack.sendDatagram(from, to, new Uint8Array(linkMtu));
    expect(test.flush()).toEqual([]);
  });
});
