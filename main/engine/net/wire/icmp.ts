/** Control messages of IPv4: RFC 792. */
import { read16, write16 } from './bytes.ts';
import { foldChecksum, sumWords } from './checksum.ts';
import { ipv4HeaderBytes } from './ipv4.ts';

/** Codes of "destination unreachable": RFC 792, and RFC 1812, section 5.2.7.1. */
export const unreachableCode = {
  network: 0,
  host: 1,
  protocol: 2,
  port: 3,
  fragmentationNeeded: 4,
  administratively: 13,
} as const;

const headerBytes = 8;
const messageType = { echoReply: 0, unreachable: 3, echoRequest: 8 } as const;
/** RFC 792 quotes this much after the header of the original. */
const quotedPayloadBytes = 8;
const maxUnreachableBytes = 576;

/** What an echo carries, there and back: RFC 792, "Echo or Echo Reply Message". */
export interface EchoFields {
  readonly identifier: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** A message that was parsed: RFC 792. */
export type IcmpMessage =
  | ({ readonly kind: 'echo-request' | 'echo-reply' } & EchoFields)
  | { readonly kind: 'other'; readonly type: number; readonly code: number };

/** Reads a message; undefined where it is too short or its checksum is wrong: RFC 792. */
export function parseIcmp(payload: Uint8Array): IcmpMessage | undefined {
  if (payload.length < headerBytes) return undefined;
  if (foldChecksum(sumWords(payload, 0, payload.length)) !== 0) return undefined;
  const type = payload[0] ?? 0;
  const code = payload[1] ?? 0;
  const isEcho = type === messageType.echoRequest || type === messageType.echoReply;
  if (!isEcho || code !== 0) return { kind: 'other', type, code };
  return {
    kind: type === messageType.echoRequest ? 'echo-request' : 'echo-reply',
    identifier: read16(payload, 4),
    sequence: read16(payload, 6),
    data: payload.subarray(headerBytes),
  };
}

/** The answer to an echo: RFC 792, "Echo or Echo Reply Message". */
export function buildEchoReply(fields: EchoFields): Uint8Array {
  return buildEcho(messageType.echoReply, fields);
}

/** Asks for an echo: RFC 792, "Echo or Echo Reply Message". */
export function buildEchoRequest(fields: EchoFields): Uint8Array {
  return buildEcho(messageType.echoRequest, fields);
}

/**
 * Says that the packet `original` did not arrive, quoting its header and the 8 bytes after it:
 * RFC 792, "Destination Unreachable Message". `nextHopMtu` is that of RFC 1191, section 4.
 */
export function buildUnreachable(fields: {
  readonly code: number;
  readonly original: Uint8Array;
  readonly nextHopMtu?: number;
}): Uint8Array {
  const { code, original, nextHopMtu = 0 } = fields;
  const originalHeaderBytes = Math.max(((original[0] ?? 0) & 0xf) * 4, ipv4HeaderBytes);
  const quotedBytes = Math.min(
    originalHeaderBytes + quotedPayloadBytes,
    maxUnreachableBytes - headerBytes,
  );
  const quoted = original.subarray(0, quotedBytes);
  const bytes = new Uint8Array(headerBytes + quoted.length);
  bytes[0] = messageType.unreachable;
  bytes[1] = code;
  write16(bytes, 6, nextHopMtu);
  bytes.set(quoted, headerBytes);
  return seal(bytes);
}

function buildEcho(type: number, { identifier, sequence, data }: EchoFields): Uint8Array {
  const bytes = new Uint8Array(headerBytes + data.length);
  bytes[0] = type;
  write16(bytes, 4, identifier);
  write16(bytes, 6, sequence);
  bytes.set(data, headerBytes);
  return seal(bytes);
}

function seal(bytes: Uint8Array): Uint8Array {
  write16(bytes, 2, foldChecksum(sumWords(bytes, 0, bytes.length)));
  return bytes;
}
