/**
 * The 512-byte header: POSIX.1-1988 (ustar), GNU and v7. Offsets: 0 name, 100 mode, 108 uid,
 * 116 gid, 124 size, 136 mtime, 148 checksum, 156 type, 157 link, 257 magic, 329 major, 337 minor,
 * 345 prefix; GNU in its place: 386 sparse map, 482 continues, 483 real size.
 */
import { corruptLayer } from '../layer-problem.ts';

/** Everything in a tar is counted in these. */
export const tarBlockBytes = 512;

/** A header as it stands, before extended headers change it. Text is bytes as Latin-1. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  /** The type's character; `\0` is an old regular file. */
  readonly type: string;
  readonly linkName: string;
  readonly major: number;
  readonly minor: number;
  readonly isGnu: boolean;
}

/** Reads a header; undefined for a block of zeros. Throws `image/layer-corrupt`. */
export function parseTarHeader(block: Buffer): TarHeader | undefined {
  const sums = checksums(block);
  if (sums.unsigned === 8 * 0x20) return undefined;
  const stated = parseNumber(block, 148, 8, 'checksum');
  if (stated !== sums.unsigned && stated !== sums.signed) {
    throw corruptLayer('A header of the tar has a wrong checksum.');
  }
  const magic = block.toString('latin1', 257, 265);
  const isUstar = magic.startsWith('ustar\0');
  const isGnu = magic === 'ustar  \0';
  const name = text(block, 0, 100);
  const prefix = isUstar ? text(block, 345, 155) : '';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: parseNumber(block, 100, 8, 'mode'),
    uid: parseNumber(block, 108, 8, 'uid'),
    gid: parseNumber(block, 116, 8, 'gid'),
    size: parseNumber(block, 124, 12, 'size'),
    mtime: parseNumber(block, 136, 12, 'mtime'),
    type: String.fromCharCode(block[156] ?? 0),
    linkName: text(block, 157, 100),
    major: isUstar || isGnu ? parseNumber(block, 329, 8, 'device') : 0,
    minor: isUstar || isGnu ? parseNumber(block, 337, 8, 'device') : 0,
    isGnu,
  };
}

/**
 * A numeric field: octal digits within spaces and NULs, or big-endian two's complement where the
 * first bit is set (base-256).
 */
export function parseNumber(block: Buffer, offset: number, length: number, what: string): number {
  const first = block[offset] ?? 0;
  if ((first & 0x80) !== 0) return parseBase256(block, offset, length, what);
  let start = offset;
  let end = offset + length;
  while (start < end && isPadding(block[start])) start++;
  while (end > start && isPadding(block[end - 1])) end--;
  let value = 0;
  for (let at = start; at < end && block[at] !== 0; at++) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) throw corruptLayer(`A header has a ${what} that is no number.`);
    value = value * 8 + digit;
  }
  return value;
}

function parseBase256(block: Buffer, offset: number, length: number, what: string): number {
  // The first bit is the mark, the second the sign.
  const negative = ((block[offset] ?? 0) & 0x40) !== 0;
  let value = BigInt((block[offset] ?? 0) & 0x7f);
  for (let at = offset + 1; at < offset + length; at++) {
    value = (value << 8n) | BigInt(block[at] ?? 0);
  }
  if (negative) value -= 1n << BigInt(length * 8 - 1);
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw corruptLayer(`A header has a ${what} beyond all bounds.`);
  return number;
}

function isPadding(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0;
}

function text(block: Buffer, offset: number, length: number): string {
  const end = block.indexOf(0, offset);
  return block.toString(
    'latin1',
    offset,
    end < 0 ? offset + length : Math.min(end, offset + length),
  );
}

/** Sum of all bytes, the checksum itself taken as spaces; some old writers summed signed bytes. */
function checksums(block: Buffer): { unsigned: number; signed: number } {
  let unsigned = 8 * 0x20;
  let high = 0;
  for (let at = 0; at < tarBlockBytes; at++) {
    if (at === 148) at = 156;
    const byte = block[at] ?? 0;
    unsigned += byte;
    high += byte >> 7;
  }
  return { unsigned, signed: unsigned - 256 * high };
}
