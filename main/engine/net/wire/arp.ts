/** Address resolution: RFC 826, of IPv4 addresses on Ethernet only. */
import { read16, write16 } from './bytes.ts';
import { etherType } from './ethernet.ts';

// offset  size  field
//      0     2  hardware, 1 for Ethernet
//      2     2  protocol, as an EtherType
//      4     1  length of a hardware address
//      5     1  length of a protocol address
//      6     2  operation
//      8     6  sender's hardware address
//     14     4  sender's protocol address
//     18     6  target's hardware address
//     24     4  target's protocol address
const packetBytes = 28;
const ethernetHardware = 1;
const addressLengths = 0x0604;
const requestOperation = 1;
const replyOperation = 2;

/** A question or an answer: RFC 826, "Packet format". */
export interface ArpPacket {
  readonly operation: 'request' | 'reply';
  readonly senderMac: Uint8Array;
  readonly senderAddress: Uint8Array;
  readonly targetMac: Uint8Array;
  readonly targetAddress: Uint8Array;
}

/** Reads a packet, padding after it ignored: RFC 826, "Packet Reception". */
export function parseArp(payload: Uint8Array): ArpPacket | undefined {
  if (payload.length < packetBytes) return undefined;
  const operation = read16(payload, 6);
  const isOurs =
    read16(payload, 0) === ethernetHardware &&
    read16(payload, 2) === etherType.ipv4 &&
    read16(payload, 4) === addressLengths &&
    (operation === requestOperation || operation === replyOperation);
  if (!isOurs) return undefined;
  return {
    operation: operation === requestOperation ? 'request' : 'reply',
    senderMac: payload.subarray(8, 14),
    senderAddress: payload.subarray(14, 18),
    targetMac: payload.subarray(18, 24),
    targetAddress: payload.subarray(24, 28),
  };
}

/** Serializes a packet, without padding: RFC 826, "Packet Generation". */
export function buildArp(packet: ArpPacket): Uint8Array {
  const bytes = new Uint8Array(packetBytes);
  write16(bytes, 0, ethernetHardware);
  write16(bytes, 2, etherType.ipv4);
  write16(bytes, 4, addressLengths);
  write16(bytes, 6, packet.operation === 'request' ? requestOperation : replyOperation);
  bytes.set(packet.senderMac, 8);
  bytes.set(packet.senderAddress, 14);
  bytes.set(packet.targetMac, 18);
  bytes.set(packet.targetAddress, 24);
  return bytes;
}
