/** Headers of a tar that has nothing but plain files and directories (POSIX.1-1988 ustar). Pure. */

/** A file, or a directory where the name ends with a slash. */
export interface UstarEntry {
  /** ASCII, at most 100 characters. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Everything in a tar is counted in these. */
export const tarBlockBytes = 512;

/** Octal digits that the size field has; larger sizes are written as GNU does, in base 256. */
const sizeDigits = 11;

/**
 * The header: owned by root, of 1970, so that the same files give the same bytes. Offsets: 0 name,
 * 100 mode, 108 uid, 116 gid, 124 size, 136 mtime, 148 checksum, 156 type, 257 magic and version.
 */
export function ustarHeader({ name, sizeBytes }: UstarEntry): Buffer {
  const isDirectory = name.endsWith('/');
  const block = Buffer.alloc(tarBlockBytes);
  block.write(name, 0, 100, 'ascii');
  block.write(isDirectory ? '0000755\0' : '0000644\0', 100, 'ascii');
  block.write('0000000\0', 108, 'ascii');
  block.write('0000000\0', 116, 'ascii');
  if (sizeBytes < 8 ** sizeDigits) {
    block.write(`${sizeBytes.toString(8).padStart(sizeDigits, '0')}\0`, 124, 'ascii');
  } else {
    block.writeUInt8(0x80, 124);
    block.writeBigUInt64BE(BigInt(sizeBytes), 128);
  }
  block.write(`${'0'.repeat(sizeDigits)}\0`, 136, 'ascii');
  block.write(' '.repeat(8), 148, 'ascii');
  block.write(isDirectory ? '5' : '0', 156, 'ascii');
  block.write('ustar\u000000', 257, 'ascii');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return block;
}

/** Zeros after the bytes of an entry. */
export function paddingOf(sizeBytes: number): Buffer {
  return Buffer.alloc((tarBlockBytes - (sizeBytes % tarBlockBytes)) % tarBlockBytes);
}
