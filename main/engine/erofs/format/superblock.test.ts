import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { sealSuperblock, serializeSuperblock, superblockOffset } from './superblock.ts';

const superblock = {
  rootNid: 36,
  inodeCount: 5,
  buildTime: { seconds: -2, nanoseconds: 7 },
  blockCount: 3,
  uuid: Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index),
  hasChunkedFiles: true,
};

describe('serializeSuperblock', () => {
  it('puts each field where the format has it', () => {
    expect(Buffer.from(serializeSuperblock(superblock)).toString('hex').match(/.{32}/g))
      .toMatchInlineSnapshot(`
        [
          "e2e1f5e000000000030000000c002400",
          "0500000000000000feffffffffffffff",
          "07000000030000000000000000000000",
          "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
          "00000000000000000000000000000000",
          "04000000000000000000000000000000",
          "00000000000000000000000000000000",
          "00000000000000000000000000000000",
        ]
      `);
  });
});

describe('sealSuperblock', () => {
  it('covers the first block from the superblock on', () => {
    const block = Buffer.alloc(4096, 0x11);
    block.set(serializeSuperblock(superblock), superblockOffset);
    sealSuperblock(block);
    const stored = block.readUInt32LE(superblockOffset + 4);
    block.writeUInt32LE(0, superblockOffset + 4);
    expect(stored).toBe(crc32c(block.subarray(superblockOffset)));
  });
});
