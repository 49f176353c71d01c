/** UDP datagrams: RFC 768, and RFC 8200, section 8.1, for IPv6. */
import type { Address } from './address.ts';
import { assertLength, read16, write16 } from './bytes.ts';
import { foldChecksum, pseudoHeaderSum, sumWords } from './checksum.ts';
import { ipProtocol } from './ip-protocol.ts';

/** Bytes before the payload: RFC 768, "Format". */
export const udpHeaderBytes = 8;

/** A datagram: RFC 768, "Fields". The payload is a view of what was parsed. */
export interface UdpDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/**
 * Reads a datagram, what comes after its length dropped: RFC 768, "Fields". Undefined where the
 * length or the checksum is wrong; none at all is right between IPv4 addresses only.
 */
export function parseUdp(
  payload: Uint8Array,
  source: Address,
  destination: Address,
): UdpDatagram | undefined {
  if (payload.length < udpHeaderBytes) return undefined;
  const length = read16(payload, 4);
  if (length < udpHeaderBytes || length > payload.length) return undefined;
  if (read16(payload, 6) === 0) {
    if (source.length !== 4) return undefined;
  } else {
    const pseudo = pseudoHeaderSum(source, destination, ipProtocol.udp, length);
    if (foldChecksum(sumWords(payload, 0, length, pseudo)) !== 0) return undefined;
  }
  return {
    sourcePort: read16(payload, 0),
    destinationPort: read16(payload, 2),
    payload: payload.subarray(udpHeaderBytes, length),
  };
}

/** Writes a datagram, its payload too, with its checksum: RFC 768, "Fields". */
export function writeUdp(
  into: Uint8Array,
  offset: number,
  datagram: UdpDatagram & { readonly source: Address; readonly destination: Address },
): void {
  const { source, destination, payload } = datagram;
  assertLength(payload.length, 0xffff - udpHeaderBytes);
  const length = udpHeaderBytes + payload.length;
  write16(into, offset, datagram.sourcePort);
  write16(into, offset + 2, datagram.destinationPort);
  write16(into, offset + 4, length);
  write16(into, offset + 6, 0);
  into.set(payload, offset + udpHeaderBytes);
  const pseudo = pseudoHeaderSum(source, destination, ipProtocol.udp, length);
  const checksum = foldChecksum(sumWords(into, offset, offset + length, pseudo));
  // Zero would say that there is none.
  write16(into, offset + 6, checksum === 0 ? 0xffff : checksum);
}
