/** Ethernet II frames without their check sequence: RFC 894; numbers of RFC 9542, appendix B. */
import { read16, write16 } from './bytes.ts';

/** What a frame carries. */
export const etherType = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;

/** Bytes before the payload: RFC 894. */
export const ethernetHeaderBytes = 14;

/** Below this the field is a length, as IEEE 802.3 has it: RFC 9542, section 3. */
const minEtherType = 0x0600;

/** The header of a frame: RFC 894. */
export interface EthernetHeader {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly type: number;
}

/** A frame: RFC 894. All of it views of what was parsed. */
export interface EthernetFrame extends EthernetHeader {
  /** May go on with padding. */
  readonly payload: Uint8Array;
}

/** Reads a frame; undefined where it is too short or has a length in place of a type: RFC 894. */
export function parseEthernet(frame: Uint8Array): EthernetFrame | undefined {
  if (frame.length < ethernetHeaderBytes) return undefined;
  const type = read16(frame, 12);
  if (type < minEtherType) return undefined;
  return {
    destination: frame.subarray(0, 6),
    source: frame.subarray(6, 12),
    type,
    payload: frame.subarray(ethernetHeaderBytes),
  };
}

/** Writes the {@link ethernetHeaderBytes} of a header: RFC 894. */
export function writeEthernet(into: Uint8Array, offset: number, header: EthernetHeader): void {
  into.set(header.destination, offset);
  into.set(header.source, offset + 6);
  write16(into, offset + 12, header.type);
}
