import { describe, expect, it } from 'vitest';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { buildEchoRequest } from '../wire/icmp.ts';
import { ipv4, ipv6, macs } from './link-addresses.ts';
import {
  arp,
  dhcp,
  echo,
  gateway4,
  gateway6,
  ip,
  neighborSolicitation,
  outside4,
  outside6,
  routerSolicitation,
  udp,
} from './testing/guest-frames.ts';
import { StackUnderTest } from './testing/stack-under-test.ts';

const ports = { from: 5000, to: 9 };
const payload = Uint8Array.of(1, 2, 3);

describe('ARP', () => {
  it('is answered for the gateway alone', () => {
    const test = new StackUnderTest();
    expect(test.give(arp('request', ipv4.gateway))).toMatchObject([
      {
        operation: 'reply',
        senderMac: macs.gateway,
        senderAddress: ipv4.gateway,
        targetMac: macs.guest,
        targetAddress: ipv4.guest,
      },
    ]);
    const others = [Uint8Array.of(192, 0, 0, 3), ipv4.guest, outside4.destination];
    expect(test.give(...others.map((each) => arp('request', each)))).toEqual([]);
  });

  it('takes no word of a guest that says it had the address of the gateway', () => {
    const test = new StackUnderTest();
    expect(test.give(arp('reply', ipv4.gateway, ipv4.gateway))).toEqual([]);
    const claimed = test.give(arp('request', ipv4.gateway, ipv4.gateway));
    expect(claimed).toMatchObject([{ senderMac: macs.gateway, senderAddress: ipv4.gateway }]);
    const data = Uint8Array.of(9);
    const answer = test.answer(echo(gateway4, { identifier: 1, sequence: 1, data }));
    expect(answer).toMatchObject({ source: '192.0.0.1', destination: '192.0.0.2' });
  });
});

describe('a frame that a well-behaved guest does not send', () => {
  const elsewhere = Uint8Array.of(10, 0, 0, 1);
  const elsewhere6 = Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
  const routed = [131, 7, 4, 10, 0, 0, 9, 1];
  const routingHeader = Uint8Array.from([17, 0, 0, 0, 0, 0, 0, 0, ...payload]);
  it.each([
    [
      'of another IPv4 address',
      udp({ ...outside4, source: elsewhere }, ports, payload),
      'spoofed source 10.0.0.1',
    ],
    [
      'of the gateway',
      udp({ ...outside4, source: ipv4.gateway }, ports, payload),
      'spoofed source 192.0.0.1',
    ],
    [
      'of another IPv6 address',
      udp({ ...outside6, source: elsewhere6 }, ports, payload),
      'spoofed source 2001:db8::1',
    ],
    [
      'of the gateway by IPv6',
      udp({ ...outside6, source: ipv6.gateway }, ports, payload),
      'spoofed source fd53:6b65:7272:7900::1',
    ],
    ['of another MAC', udp(outside4, ports, payload, { mac: macs.gateway }), 'foreign MAC'],
    [
      'with a source route',
      udp(outside4, ports, payload, { options: routed }),
      'source route 93.184.215.14',
    ],
    ['with a routing header', ip(outside6, 43, routingHeader), 'source route 2606:2800::1'],
  ])('is dropped and reported: %s', (_what, bytes, said) => {
    const test = new StackUnderTest();
    expect(test.give(bytes)).toEqual([]);
    expect(test.datagrams).toEqual([]);
    expect(test.misbehaviors).toEqual([said]);
  });

  it('is dropped without a word where the kernel speaks to its link', () => {
    const test = new StackUnderTest();
    const linkLocal = Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
    const sources = [linkLocal, new Uint8Array(16)];
    test.give(...sources.map((source) => udp({ ...outside6, source }, ports, payload)));
    expect([test.datagrams, test.misbehaviors]).toEqual([[], []]);
  });
});

describe('neighbor discovery', () => {
  it.each([
    ['the gateway', ipv6.gateway, 'fd53:6b65:7272:7900::1'],
    ['the router', ipv6.gatewayOnLink, 'fe80::1'],
  ])('is answered for %s', (_what, target, source) => {
    const sent = new StackUnderTest().answer(neighborSolicitation(target));
    const destination = 'fd53:6b65:7272:7900::2';
    expect(sent).toMatchObject({ source, destination, hopLimit: 255 });
    expect(sent.control).toEqual({ kind: 'neighbor-advertisement', target });
    // Router, solicited, override; the option with the MAC address of the gateway.
    expect(sent.payload[4]).toBe(0xe0);
    expect([...sent.payload.subarray(24)]).toEqual([2, 1, ...macs.gateway]);
  });

  it('is answered to all nodes where the guest has no address yet, and is not solicited then', () => {
    const test = new StackUnderTest();
    const sent = test.answer(neighborSolicitation(ipv6.gateway, new Uint8Array(16)));
    expect([sent.destination, sent.payload[4]]).toEqual(['ff02::1', 0xa0]);
  });

  it('is not answered for others, nor where a router passed it on', () => {
    const test = new StackUnderTest();
    expect(test.give(neighborSolicitation(ipv6.guest))).toEqual([]);
    expect(test.give(neighborSolicitation(ipv6.gateway, ipv6.guest, 254))).toEqual([]);
    expect(test.give(routerSolicitation(254))).toEqual([]);
  });

  it('says the router, its prefix, MTU and name server', () => {
    const sent = new StackUnderTest().answer(routerSolicitation());
    expect(sent).toMatchObject({ source: 'fe80::1', destination: 'ff02::1', hopLimit: 255 });
    expect(sent.payload[0]).toBe(134);
    const text = Buffer.from(sent.payload);
    for (const address of [ipv6.gateway, macs.gateway])
      expect(text.includes(Buffer.from(address))).toBe(true);
  });
});

describe('DHCP', () => {
  const broadcast = { source: '192.0.0.1', destination: '255.255.255.255' };
  it.each([
    ['a discover by an offer', dhcp('discover'), 2, ipv4.guest],
    ['a request by an acknowledgment', dhcp('request', { requested: ipv4.guest }), 5, ipv4.guest],
    [
      'another address by a refusal',
      dhcp('request', { requested: Uint8Array.of(10, 0, 0, 9) }),
      6,
      new Uint8Array(4),
    ],
    ['a renewal by an acknowledgment', dhcp('request', { own: ipv4.guest }), 5, ipv4.guest],
    ['an inform without an address', dhcp('inform', { own: ipv4.guest }), 5, new Uint8Array(4)],
  ])('answers %s', (_what, bytes, type, given) => {
    const test = new StackUnderTest();
    const sent = test.answer(bytes);
    expect(sent).toMatchObject({ ...broadcast, udp: { sourcePort: 67, destinationPort: 68 } });
    const reply = sent.udp?.payload ?? new Uint8Array();
    expect([...reply.subarray(4, 8)]).toEqual([0x12, 0x34, 0x56, 0x78]);
    expect(reply.subarray(16, 20)).toEqual(given);
    expect([...reply.subarray(240, 243)]).toEqual([53, 1, type]);
    expect([test.datagrams, test.misbehaviors]).toEqual([[], []]);
  });

  it('says nothing to a release', () => {
    expect(new StackUnderTest().give(dhcp('release'))).toEqual([]);
  });
});

describe('an echo', () => {
  const fields = {
    identifier: 77,
    sequence: 3,
    data: Uint8Array.from({ length: 999 }, (_, at) => at),
  };
  it.each([
    ['IPv4', gateway4, '192.0.0.1'],
    ['IPv6', gateway6, 'fd53:6b65:7272:7900::1'],
  ])('to the gateway comes back, %s', (_family, ends, source) => {
    const sent = new StackUnderTest().answer(echo(ends, fields));
    expect(sent).toMatchObject({ source, control: { kind: 'echo-reply', ...fields } });
  });

  it.each([
    ['IPv4', outside4, '93.184.215.14'],
    ['IPv6', outside6, '2606:2800::1'],
  ])('to elsewhere is asked for, %s', (_family, ends, address) => {
    const test = new StackUnderTest();
    expect(test.give(echo(ends, fields))).toEqual([]);
    expect(test.echoes).toEqual([{ address, fields }]);
    test.stack.answerEcho(ends.source, ends.destination, fields);
    expect(test.flush()).toMatchObject([
      { source: address, control: { kind: 'echo-reply', ...fields } },
    ]);
  });

  it('is not answered with more than the link carries', () => {
    const test = new StackUnderTest();
    const data = new Uint8Array(65_507);
    const message = buildEchoRequest({ identifier: 1, sequence: 1, data });
    expect(test.give(ip(gateway4, ipProtocol.icmp, message))).toEqual([]);
  });
});
