const table = buildTable();

function buildTable(): Uint32Array {
  const entries = new Uint32Array(256);
  for (let index = 0; index < 256; index++) {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    entries[index] = value >>> 0;
  }
  return entries;
}

/**
 * CRC-32C (Castagnoli) from `seed`, without the inversion at the end: EROFS stores the register
 * as it is, seeded with all ones.
 */
export function crc32c(bytes: Uint8Array, seed = 0xffff_ffff): number {
  let register = seed;
  for (const byte of bytes) {
    register = (register >>> 8) ^ (table[(register ^ byte) & 0xff] ?? 0);
  }
  return register >>> 0;
}
