import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDhcpReply, parseDhcpRequest, type DhcpReply } from './dhcp.ts';
import { joined, neverThrows } from './testing/arbitraries.ts';

const mac = Uint8Array.of(0x52, 0x54, 0, 0, 0, 1);
const gateway = Uint8Array.of(10, 0, 0, 1);
const guest = Uint8Array.of(10, 0, 0, 2);

function message(options: Iterable<number>, op = 1, cookieEnd = 0x63): Uint8Array {
  return joined(
    [op, 1, 6, 0], // from a client, Ethernet, length of its addresses, hops
    [0xde, 0xad, 0xbe, 0xef], // transaction
    [0, 9], // seconds
    [0x80, 0], // flags: broadcast
    guest, // client's address
    new Uint8Array(12), // your, next server's and relay's address
    mac,
    new Uint8Array(10), // the rest of the hardware address
    new Uint8Array(64 + 128), // server's name, file
    [0x63, 0x82, 0x53, cookieEnd], // cookie
    options,
  );
}

const requestOptions = [
  53,
  1,
  3,
  0,
  50,
  4,
  ...guest,
  54,
  4,
  ...gateway,
  61,
  2,
  1,
  7,
  55,
  1,
  6,
  255,
];

/** The options of an answer, by their code. */
function optionsOf(reply: Uint8Array): Record<number, number[]> {
  const options: Record<number, number[]> = {};
  for (let at = 240; reply[at] !== 255;) {
    const end = at + 2 + (reply[at + 1] ?? 0);
    options[reply[at] ?? 0] = [...reply.subarray(at + 2, end)];
    at = end;
  }
  return options;
}

function reply(options: Iterable<number>, fields: Partial<DhcpReply> = {}): Uint8Array {
  const request = parseDhcpRequest(message(options));
  if (request === undefined) throw new Error('No request.');
  return buildDhcpReply({
    messageType: 'ack',
    request,
    yourAddress: guest,
    serverAddress: gateway,
    leaseS: 86_400,
    prefix: 24,
    router: gateway,
    nameServers: [gateway],
    mtu: 1500,
    ...fields,
  });
}

describe('parseDhcpRequest', () => {
  it('reads the fields where RFC 2131 has them', () => {
    expect(parseDhcpRequest(message(requestOptions))).toEqual({
      messageType: 'request',
      transactionId: 0xdeadbeef,
      flags: 0x8000,
      clientAddress: guest,
      clientMac: mac,
      requestedAddress: guest,
      serverIdentifier: gateway,
      clientIdentifier: Uint8Array.of(1, 7),
    });
  });

  it.each([
    [1, 'discover'],
    [4, 'decline'],
    [7, 'release'],
    [8, 'inform'],
  ])('reads the type %i, also without an end', (code, messageType) => {
    const request = parseDhcpRequest(message([53, 1, code]));
    expect(request).toMatchObject({ messageType });
    expect(request).not.toHaveProperty('requestedAddress');
  });

  it.each([
    ['no type', message([255])],
    ["a server's type", message([53, 1, 2, 255])],
    ['a type of two bytes', message([53, 2, 1, 1, 255])],
    ['a type after the end', message([255, 53, 1, 1])],
    ['two types', message([53, 1, 1, 53, 1, 3, 255])],
    ['an address of three bytes', message([53, 1, 1, 50, 3, 1, 2, 3, 255])],
    ['a server of five bytes', message([53, 1, 1, 54, 5, 1, 2, 3, 4, 5, 255])],
    ['an option beyond the end', message([53, 1, 1, 12, 2, 1])],
    ['an option without length', message([53, 1, 1, 12])],
    ['an answer', message([53, 1, 1, 255], 2)],
    ['another cookie', message([53, 1, 1, 255], 1, 0x64)],
    ['no options', message([]).subarray(0, 239)],
  ])('refuses %s', (_, bytes) => {
    expect(parseDhcpRequest(bytes)).toBeUndefined();
  });

  it('throws for no bytes', () => {
    const options = fc.oneof(fc.constant(Uint8Array.from(requestOptions)), fc.uint8Array());
    neverThrows(
      options.map((bytes) => message(bytes)),
      parseDhcpRequest,
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        parseDhcpRequest(message([53, 1, 1, ...bytes]));
      }),
    );
  });
});

describe('buildDhcpReply', () => {
  it('says everything in an acknowledgment', () => {
    const bytes = reply(requestOptions, {
      prefix: 20,
      nameServers: [gateway, new Uint8Array(16), guest],
      hostname: 'web',
    });
    expect(bytes.length).toBeGreaterThanOrEqual(300);
    expect(bytes.subarray(0, 44)).toEqual(
      joined(
        [2, 1, 6, 0], // from a server
        [0xde, 0xad, 0xbe, 0xef], // transaction
        [0, 0], // seconds
        [0x80, 0], // flags
        guest, // client's address
        guest, // your address
        new Uint8Array(8), // next server's and relay's address
        mac,
        new Uint8Array(10),
      ),
    );
    expect([...bytes.subarray(236, 243)]).toEqual([0x63, 0x82, 0x53, 0x63, 53, 1, 5]);
    expect(optionsOf(bytes)).toEqual({
      1: [255, 255, 240, 0],
      3: [...gateway],
      6: [...gateway, ...guest],
      12: [0x77, 0x65, 0x62],
      26: [1500 >>> 8, 1500 & 0xff],
      51: [0, 1, 0x51, 0x80],
      53: [5],
      54: [...gateway],
      61: [1, 7],
    });
  });

  it('leaves what it does not know out of an offer', () => {
    const bytes = reply([53, 1, 1, 255], { messageType: 'offer', nameServers: [], prefix: 32 });
    expect([...bytes.subarray(12, 20)]).toEqual([0, 0, 0, 0, ...guest]);
    expect(Object.keys(optionsOf(bytes))).toEqual(['1', '3', '26', '51', '53', '54']);
    expect(optionsOf(bytes)[1]).toEqual([255, 255, 255, 255]);
  });

  it('says no address and nothing of the network in a refusal', () => {
    const bytes = reply(requestOptions, { messageType: 'nak' });
    expect([...bytes.subarray(12, 20)]).toEqual(new Array<number>(8).fill(0));
    expect(optionsOf(bytes)).toEqual({ 53: [6], 54: [...gateway], 61: [1, 7] });
  });

  it('gives no lease to a client that asks for options only', () => {
    const bytes = reply([53, 1, 8, 255]);
    expect([...bytes.subarray(12, 20)]).toEqual([...guest, 0, 0, 0, 0]);
    expect(optionsOf(bytes)).not.toHaveProperty('51');
  });

  it('cuts lists that an option does not hold', () => {
    const nameServers = new Array<Uint8Array>(100).fill(gateway);
    expect(optionsOf(reply(requestOptions, { nameServers }))[6]).toHaveLength(252);
  });
});
