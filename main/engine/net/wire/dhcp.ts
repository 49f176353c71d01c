/** DHCP messages: RFC 2131; their options: RFC 2132. */
import type { Address } from './address.ts';
import { read16, read32, write16, write32 } from './bytes.ts';

// offset  size  field
//      0     1  1 from clients, 2 from servers
//      1     1  hardware, 1 for Ethernet
//      2     1  length of a hardware address
//      4     4  transaction
//     10     2  flags
//     12     4  client's address
//     16     4  address that the client is given
//     28    16  client's hardware address
//    236     4  cookie
//    240     …  options
const offsetOf = {
  transaction: 4,
  flags: 10,
  clientAddress: 12,
  yourAddress: 16,
  clientMac: 28,
  cookie: 236,
} as const;
const optionsOffset = 240;
const cookie = 0x63825363;
const macBytes = 6;
/** RFC 1542, section 2.1: some clients take nothing shorter. */
const minReplyBytes = 300;
const maxOptionBytes = 255;

const option = {
  pad: 0,
  subnetMask: 1,
  router: 3,
  nameServers: 6,
  hostname: 12,
  mtu: 26,
  requestedAddress: 50,
  lease: 51,
  messageType: 53,
  serverIdentifier: 54,
  clientIdentifier: 61,
  end: 255,
} as const;

const requestTypes = new Map<number, DhcpRequest['messageType']>([
  [1, 'discover'],
  [3, 'request'],
  [4, 'decline'],
  [7, 'release'],
  [8, 'inform'],
]);
const replyTypes = { offer: 2, ack: 5, nak: 6 } as const;

/** What a client says: RFC 2131, section 4.4. Its byte arrays are views of what was parsed. */
export interface DhcpRequest {
  readonly messageType: 'discover' | 'request' | 'decline' | 'release' | 'inform';
  readonly transactionId: number;
  readonly flags: number;
  /** All zeros where the client has none. */
  readonly clientAddress: Uint8Array;
  readonly clientMac: Uint8Array;
  readonly requestedAddress?: Uint8Array;
  readonly serverIdentifier?: Uint8Array;
  /** To be said back: RFC 6842, section 3. */
  readonly clientIdentifier?: Uint8Array;
}

/** What a server says: RFC 2131, section 4.3.1. */
export interface DhcpReply {
  readonly messageType: 'offer' | 'ack' | 'nak';
  readonly request: DhcpRequest;
  /** Not said in a refusal, nor to a client that asks for options only. */
  readonly yourAddress: Address;
  readonly serverAddress: Address;
  readonly leaseS: number;
  /** Bits of the subnet mask. */
  readonly prefix: number;
  readonly router: Address;
  /** Those that are IPv4 are said. */
  readonly nameServers: readonly Address[];
  readonly mtu: number;
  /** Of ASCII characters. */
  readonly hostname?: string;
}

/**
 * Reads a client's message: RFC 2131, section 2. Undefined where it is none, an option ends beyond
 * the message, or one that is read has a wrong length or comes twice.
 */
export function parseDhcpRequest(payload: Uint8Array): DhcpRequest | undefined {
  if (payload.length < optionsOffset) return undefined;
  const isFromEthernet = payload[0] === 1 && payload[1] === 1 && payload[2] === macBytes;
  if (!isFromEthernet || read32(payload, offsetOf.cookie) !== cookie) return undefined;
  const options = readOptions(payload);
  const typeBytes = options?.get(option.messageType);
  const messageType = typeBytes?.length === 1 ? requestTypes.get(typeBytes[0] ?? 0) : undefined;
  if (options === undefined || messageType === undefined) return undefined;
  const requestedAddress = options.get(option.requestedAddress);
  const serverIdentifier = options.get(option.serverIdentifier);
  const clientIdentifier = options.get(option.clientIdentifier);
  if ((requestedAddress?.length ?? 4) !== 4 || (serverIdentifier?.length ?? 4) !== 4) {
    return undefined;
  }
  const { clientAddress, clientMac } = offsetOf;
  return {
    messageType,
    transactionId: read32(payload, offsetOf.transaction),
    flags: read16(payload, offsetOf.flags),
    clientAddress: payload.subarray(clientAddress, clientAddress + 4),
    clientMac: payload.subarray(clientMac, clientMac + macBytes),
    ...(requestedAddress && { requestedAddress }),
    ...(serverIdentifier && { serverIdentifier }),
    ...(clientIdentifier && { clientIdentifier }),
  };
}

/** Serializes an answer: RFC 2131, section 4.3.1, table 3. */
export function buildDhcpReply(reply: DhcpReply): Uint8Array {
  const { request, messageType } = reply;
  const options = serializeOptions(replyOptions(reply));
  const bytes = new Uint8Array(Math.max(optionsOffset + options.length, minReplyBytes));
  bytes.set([2, 1, macBytes]);
  write32(bytes, offsetOf.transaction, request.transactionId);
  write16(bytes, offsetOf.flags, request.flags);
  if (messageType === 'ack') bytes.set(request.clientAddress, offsetOf.clientAddress);
  if (messageType !== 'nak' && request.messageType !== 'inform') {
    bytes.set(reply.yourAddress, offsetOf.yourAddress);
  }
  bytes.set(request.clientMac, offsetOf.clientMac);
  write32(bytes, offsetOf.cookie, cookie);
  bytes.set(options, optionsOffset);
  return bytes;
}

type Options = readonly (readonly [code: number, value: Iterable<number>])[];

function replyOptions(reply: DhcpReply): Options {
  const { request, hostname, nameServers } = reply;
  const heading: Options = [
    [option.messageType, [replyTypes[reply.messageType]]],
    [option.serverIdentifier, reply.serverAddress],
    ...(request.clientIdentifier
      ? [[option.clientIdentifier, request.clientIdentifier] as const]
      : []),
  ];
  if (reply.messageType === 'nak') return heading;
  const mask = reply.prefix === 0 ? 0 : -1 << (32 - reply.prefix);
  const servers = nameServers.filter(({ length }) => length === 4);
  return [
    ...heading,
    ...(request.messageType === 'inform' ? [] : [[option.lease, bytes32(reply.leaseS)] as const]),
    [option.subnetMask, bytes32(mask)],
    [option.router, reply.router],
    ...(servers.length === 0
      ? []
      : [[option.nameServers, servers.flatMap((server) => Array.from(server))] as const]),
    [option.mtu, bytes32(reply.mtu).subarray(2)],
    ...(hostname === undefined || hostname === ''
      ? []
      : [[option.hostname, Array.from(hostname, (letter) => letter.charCodeAt(0))] as const]),
  ];
}

function bytes32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  write32(bytes, 0, value);
  return bytes;
}

/** An option that is too long for its length byte is cut, addresses between two of them. */
function serializeOptions(options: Options): Uint8Array {
  const bytes: number[] = [];
  for (const [code, value] of options) {
    const content = Array.from(value).slice(0, code === option.nameServers ? 252 : maxOptionBytes);
    bytes.push(code, content.length, ...content);
  }
  bytes.push(option.end);
  return Uint8Array.from(bytes);
}

/** Options by their code; RFC 2132, section 2. The end option may be missing. */
function readOptions(payload: Uint8Array): Map<number, Uint8Array> | undefined {
  const options = new Map<number, Uint8Array>();
  for (let at = optionsOffset; at < payload.length;) {
    const code = payload[at] ?? 0;
    if (code === option.end) break;
    if (code === option.pad) {
      at++;
      continue;
    }
    const start = at + 2;
    const end = start + (payload[at + 1] ?? 0);
    if (start > payload.length || end > payload.length) return undefined;
    if (isRead(code)) {
      if (options.has(code)) return undefined;
      options.set(code, payload.subarray(start, end));
    }
    at = end;
  }
  return options;
}

function isRead(code: number): boolean {
  return (
    code === option.messageType ||
    code === option.requestedAddress ||
    code === option.serverIdentifier ||
    code === option.clientIdentifier
  );
}
