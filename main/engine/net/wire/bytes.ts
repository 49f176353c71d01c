/** Big-endian fields, as every header of the wire has them. A byte that is not there reads as 0. */

/** The 16-bit number at `at`. */
export function read16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** The 24-bit number at `at`. */
export function read24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | read16(bytes, at + 1);
}

/** The 32-bit number at `at`, unsigned. */
export function read32(bytes: Uint8Array, at: number): number {
  return ((read16(bytes, at) << 16) | read16(bytes, at + 2)) >>> 0;
}

/** Puts a 16-bit number at `at`. */
export function write16(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 8;
  into[at + 1] = value;
}

/** Puts a 32-bit number at `at`. */
export function write32(into: Uint8Array, at: number, value: number): void {
  write16(into, at, value >>> 16);
  write16(into, at + 2, value);
}

/** The bytes from `start` to `end` as text, one character for each byte. */
export function byteText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** Whether a packet may be written: a caller that asks for more than a length field says is wrong. */
export function assertLength(length: number, max: number): void {
  if (length > max) throw new RangeError(`${String(length)} bytes where ${String(max)} fit.`);
}
