/** TCP segments: RFC 9293, section 3.1; window scale: RFC 7323, section 2.2. */
import type { Address } from './address.ts';
import { read16, read32, write16, write32 } from './bytes.ts';
import { foldChecksum, pseudoHeaderSum, sumWords, swapSum } from './checksum.ts';
import { ipProtocol } from './ip-protocol.ts';

/** Bytes of a header without options: RFC 9293, section 3.1. */
const tcpHeaderBytes = 20;

/** Control bits: RFC 9293, section 3.1. */
export const tcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;

const option = { end: 0, noOperation: 1, mss: 2, windowScale: 3 } as const;
const mssBytes = 4;
const windowScaleBytes = 3;
/** RFC 7323, section 2.3: a larger one is taken for this. */
const maxWindowScale = 14;

/** Options that are understood: RFC 9293, section 3.2. */
export interface TcpOptions {
  /** Largest segment that the sender takes. Has a meaning with SYN only, as the other one. */
  readonly mss?: number;
  /** log2 of the unit of later windows; at most 14. */
  readonly windowScale?: number;
}

/** A header: RFC 9293, section 3.1. */
export interface TcpHeader extends TcpOptions {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  /** Bits of {@link tcpFlag}, and above them those of ECN (RFC 3168, section 6.1). */
  readonly flags: number;
  /** As it stands in the header, not scaled. */
  readonly window: number;
  readonly urgentPointer: number;
}

/**
 * Reads a segment between two addresses: RFC 9293, section 3.1. Undefined where the checksum, the
 * header's length or the length of an option is wrong; other options are skipped.
 */
export function parseTcp(
  payload: Uint8Array,
  source: Address,
  destination: Address,
): (TcpHeader & { payload: Uint8Array }) | undefined {
  if (payload.length < tcpHeaderBytes) return undefined;
  const headerBytes = ((payload[12] ?? 0) >>> 4) * 4;
  if (headerBytes < tcpHeaderBytes || headerBytes > payload.length) return undefined;
  const pseudo = pseudoHeaderSum(source, destination, ipProtocol.tcp, payload.length);
  if (foldChecksum(sumWords(payload, 0, payload.length, pseudo)) !== 0) return undefined;
  const options = headerBytes === tcpHeaderBytes ? noOptions : readOptions(payload, headerBytes);
  if (options === undefined) return undefined;
  return {
    sourcePort: read16(payload, 0),
    destinationPort: read16(payload, 2),
    sequence: read32(payload, 4),
    acknowledgment: read32(payload, 8),
    flags: payload[13] ?? 0,
    window: read16(payload, 14),
    urgentPointer: read16(payload, 18),
    payload: payload.subarray(headerBytes),
    ...options,
  };
}

/** Bytes that {@link writeTcp} writes for a header: RFC 9293, section 3.1, "Data Offset". */
export function tcpHeaderLength(header: TcpOptions): number {
  return (
    tcpHeaderBytes +
    (header.mss === undefined ? 0 : mssBytes) +
    (header.windowScale === undefined ? 0 : windowScaleBytes + 1)
  );
}

/**
 * Writes a header whose checksum covers the pieces of the payload, which are not written: RFC
 * 9293, section 3.1. Gives the bytes of the header.
 */
export function writeTcp(
  into: Uint8Array,
  offset: number,
  header: TcpHeader,
  source: Address,
  destination: Address,
  payload: readonly Uint8Array[],
): number {
  const headerBytes = tcpHeaderLength(header);
  write16(into, offset, header.sourcePort);
  write16(into, offset + 2, header.destinationPort);
  write32(into, offset + 4, header.sequence);
  write32(into, offset + 8, header.acknowledgment);
  into[offset + 12] = (headerBytes / 4) << 4;
  into[offset + 13] = header.flags;
  write16(into, offset + 14, header.window);
  write16(into, offset + 16, 0);
  write16(into, offset + 18, header.urgentPointer);
  writeOptions(into, offset + tcpHeaderBytes, header);
  const piecesSum = sumPieces(payload);
  const length = headerBytes + piecesSum.byteCount;
  const pseudo = pseudoHeaderSum(source, destination, ipProtocol.tcp, length);
  const sum = sumWords(into, offset, offset + headerBytes, pseudo + piecesSum.sum);
  write16(into, offset + 16, foldChecksum(sum));
  return headerBytes;
}

const noOptions: TcpOptions = {};

function readOptions(segment: Uint8Array, headerBytes: number): TcpOptions | undefined {
  const found: { mss?: number; windowScale?: number } = {};
  for (let at = tcpHeaderBytes; at < headerBytes;) {
    const kind = segment[at] ?? 0;
    if (kind === option.end) break;
    if (kind === option.noOperation) {
      at++;
      continue;
    }
    const length = at + 1 < headerBytes ? (segment[at + 1] ?? 0) : 0;
    if (length < 2 || at + length > headerBytes) return undefined;
    if (kind === option.mss) {
      if (length !== mssBytes) return undefined;
      found.mss = read16(segment, at + 2);
    } else if (kind === option.windowScale) {
      if (length !== windowScaleBytes) return undefined;
      found.windowScale = Math.min(segment[at + 2] ?? 0, maxWindowScale);
    }
    at += length;
  }
  return found;
}

function writeOptions(into: Uint8Array, offset: number, { mss, windowScale }: TcpOptions): void {
  let at = offset;
  if (mss !== undefined) {
    into[at] = option.mss;
    into[at + 1] = mssBytes;
    write16(into, at + 2, mss);
    at += mssBytes;
  }
  if (windowScale !== undefined) {
    into[at] = option.noOperation;
    into[at + 1] = option.windowScale;
    into[at + 2] = windowScaleBytes;
    into[at + 3] = windowScale;
  }
}

/** A piece that begins at an odd offset counts with its bytes swapped: RFC 1071, section 2 (B). */
function sumPieces(pieces: readonly Uint8Array[]): { sum: number; byteCount: number } {
  let sum = 0;
  let byteCount = 0;
  for (const piece of pieces) {
    const pieceSum = sumWords(piece, 0, piece.length);
    sum += byteCount % 2 === 0 ? pieceSum : swapSum(pieceSum);
    byteCount += piece.length;
  }
  return { sum, byteCount };
}
