/** A TCP segment, whatever carries it. RFC 9293, section 3.1. Pure. */
import { tcpFlag as flag } from '../wire/tcp.ts';

/** What a connection takes and gives, without ports and addresses. */
export interface Segment {
  readonly sequence: number;
  readonly acknowledgment: number;
  /** Bits of `tcpFlag`. */
  readonly flags: number;
  /** As it is on the wire: not scaled. */
  readonly window: number;
  /** Of a SYN. */
  readonly mss?: number | undefined;
  /** Of a SYN: RFC 7323, section 2. */
  readonly windowScale?: number | undefined;
}

/** What the sender of a segment that belongs to no connection is answered. RFC 9293, section 3.10.7.1. */
export function resetFor(segment: Segment, payloadBytes: number): Segment | undefined {
  if ((segment.flags & flag.rst) !== 0) return undefined;
  if ((segment.flags & flag.ack) !== 0) {
    return { sequence: segment.acknowledgment, acknowledgment: 0, flags: flag.rst, window: 0 };
  }
  const syn = (segment.flags & flag.syn) === 0 ? 0 : 1;
  const fin = (segment.flags & flag.fin) === 0 ? 0 : 1;
  return {
    sequence: 0,
    acknowledgment: (segment.sequence + payloadBytes + syn + fin) >>> 0,
    flags: flag.rst | flag.ack,
    window: 0,
  };
}
