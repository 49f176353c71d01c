/**
 * The name in a TLS ClientHello, from the first bytes of a connection: RFC 8446, sections 4.1.2
 * and 5.1; RFC 6066, section 3. TLS from 1.0 on looks the same here.
 */
import { byteText, read16, read24 } from './bytes.ts';
import { isHostName } from './host-name.ts';

const handshakeRecord = 22;
const clientHello = 1;
const recordHeaderBytes = 5;
const maxRecordBytes = 2 ** 14;
const handshakeHeaderBytes = 4;
/** A ClientHello that says more than this is none that a client sends. */
const maxHelloBytes = 2 ** 15;
const randomBytes = 32;
const serverNameExtension = 0;
const hostNameType = 0;

/** What the bytes say: RFC 6066, section 3. `more` where they are too few to tell. */
export type ServerName =
  | { readonly state: 'name'; readonly name: string }
  | { readonly state: 'none' }
  | { readonly state: 'more' }
  | { readonly state: 'not-tls' }
  | { readonly state: 'malformed' };

/**
 * Reads the name that a client asks for, in lower case: RFC 6066, section 3. The ClientHello may
 * be in several records; what comes after it is not looked at.
 */
export function readServerName(bytes: Uint8Array): ServerName {
  // A record's type and the high byte of its version.
  if (bytes.length > 0 && bytes[0] !== handshakeRecord) return { state: 'not-tls' };
  if (bytes.length > 1 && bytes[1] !== 3) return { state: 'not-tls' };
  const hello = gatherHello(bytes);
  return hello instanceof Uint8Array ? readHello(hello) : { state: hello };
}

/** The ClientHello without its header, in one piece: RFC 8446, section 5.1. */
function gatherHello(bytes: Uint8Array): Uint8Array | 'more' | 'malformed' {
  const pieces: Uint8Array[] = [];
  const header = new Uint8Array(handshakeHeaderBytes);
  let gathered = 0;
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] !== handshakeRecord) return 'malformed';
    if (at + 1 < bytes.length && bytes[at + 1] !== 3) return 'malformed';
    if (at + recordHeaderBytes > bytes.length) return 'more';
    const length = read16(bytes, at + 3);
    if (length === 0 || length > maxRecordBytes) return 'malformed';
    const start = at + recordHeaderBytes;
    const piece = bytes.subarray(start, start + length);
    if (gathered < handshakeHeaderBytes) {
      header.set(piece.subarray(0, handshakeHeaderBytes - gathered), gathered);
    }
    pieces.push(piece);
    gathered += piece.length;
    if (gathered > 0 && header[0] !== clientHello) return 'malformed';
    if (gathered >= handshakeHeaderBytes) {
      const end = handshakeHeaderBytes + read24(header, 1);
      if (end > maxHelloBytes) return 'malformed';
      if (gathered >= end) return joined(pieces, gathered).subarray(handshakeHeaderBytes, end);
    }
    at = start + length;
  }
  return 'more';
}

function joined(pieces: readonly Uint8Array[], byteCount: number): Uint8Array {
  const [first] = pieces;
  if (first?.length === byteCount) return first;
  const whole = new Uint8Array(byteCount);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** RFC 8446, section 4.1.2. Before TLS 1.3 extensions may be missing as a whole. */
function readHello(hello: Uint8Array): ServerName {
  const afterSession = endOfVector(hello, 2 + randomBytes, 1, 0, 32);
  const afterSuites = endOfVector(hello, afterSession, 2, 2, 0xfffe);
  const afterCompression = endOfVector(hello, afterSuites, 1, 1, 0xff);
  if (afterCompression === hello.length) return { state: 'none' };
  const end = endOfVector(hello, afterCompression, 2, 0, 0xffff);
  if (end !== hello.length) return { state: 'malformed' };
  let result: ServerName = { state: 'none' };
  for (let at = afterCompression + 2; at < end;) {
    const next = endOfVector(hello, at + 2, 2, 0, 0xffff);
    if (Number.isNaN(next)) return { state: 'malformed' };
    if (read16(hello, at) === serverNameExtension) {
      if (result.state !== 'none') return { state: 'malformed' };
      result = readNameList(hello.subarray(at + 4, next));
      if (result.state === 'malformed') return result;
    }
    at = next;
  }
  return result;
}

/**
 * Where a vector that begins with its length ends: RFC 8446, section 3.4. NaN where it has a
 * length that it must not have, ends beyond the bytes, or begins at NaN.
 */
function endOfVector(
  bytes: Uint8Array,
  at: number,
  lengthBytes: 1 | 2,
  min: number,
  max: number,
): number {
  if (!(at + lengthBytes <= bytes.length)) return Number.NaN;
  const length = lengthBytes === 1 ? (bytes[at] ?? 0) : read16(bytes, at);
  const end = at + lengthBytes + length;
  return length < min || length > max || end > bytes.length ? Number.NaN : end;
}

/** RFC 6066, section 3: a list, not empty, with no two names of one type. */
function readNameList(list: Uint8Array): ServerName {
  if (endOfVector(list, 0, 2, 1, 0xffff) !== list.length) return { state: 'malformed' };
  let result: ServerName | undefined;
  for (let at = 2; at < list.length;) {
    const end = endOfVector(list, at + 1, 2, 1, 0xffff);
    if (Number.isNaN(end)) return { state: 'malformed' };
    if (list[at] === hostNameType) {
      const name = byteText(list, at + 3, end).toLowerCase();
      if (result !== undefined || !isHostName(name)) return { state: 'malformed' };
      result = { state: 'name', name };
    }
    at = end;
  }
  return result ?? { state: 'none' };
}
