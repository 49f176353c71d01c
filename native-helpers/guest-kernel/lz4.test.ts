import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompressLz4Legacy, isLz4Legacy } from './lz4.ts';

/** A legacy frame of one block. */
function frameOf(block: readonly number[]): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184c2102, 0);
  head.writeUInt32LE(block.length, 4);
  return Buffer.concat([head, Buffer.from(block)]);
}

const ascii = (text: string): number[] => [...Buffer.from(text)];
const unpack = (block: readonly number[], size: number): string =>
  Buffer.from(decompressLz4Legacy(frameOf(block), size)).toString();

describe('decompressLz4Legacy', () => {
  it('copies literals', () => {
    expect(unpack([0x30, ...ascii('abc')], 3)).toBe('abc');
  });

  it('reads a length that goes on in more bytes', () => {
    const text = 'x'.repeat(15 + 255 + 3);
    expect(unpack([0xf0, 255, 3, ...ascii(text)], text.length)).toBe(text);
  });

  it('repeats what came before, and what it is just writing', () => {
    // Two literals, then six bytes from two back, then the last literal.
    expect(unpack([0x22, ...ascii('ab'), 2, 0, 0x10, ...ascii('c')], 9)).toBe('ababababc');
  });

  it('reads several blocks', () => {
    const one = frameOf([0x20, ...ascii('ab')]);
    const two = frameOf([0x20, ...ascii('cd')]).subarray(4);
    expect(Buffer.from(decompressLz4Legacy(Buffer.concat([one, two]), 4)).toString()).toBe('abcd');
  });

  it.each([
    ['a match before the beginning', [0x12, ...ascii('a'), 2, 0, 0x10, ...ascii('c')]],
    ['a distance of nothing', [0x12, ...ascii('a'), 0, 0, 0x10, ...ascii('c')]],
    ['literals beyond the block', [0x90, ...ascii('abc')]],
    ['more than was announced', [0x90, ...ascii('abcdefghi')]],
  ])('refuses %s', (_, block) => {
    expect(() => unpack(block, 8)).toThrow('damaged');
  });

  it('refuses a frame that ends too soon', () => {
    expect(() => decompressLz4Legacy(frameOf([0x10, 97]), 2)).toThrow('damaged');
    expect(() => decompressLz4Legacy(Buffer.from('not a frame'), 2)).toThrow('not a legacy');
  });

  it('gives an answer or an error for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(256), (bytes, size) => {
        expect(isLz4Legacy(bytes)).toBe(false);
        try {
          expect(decompressLz4Legacy(frameOf([...bytes]), size)).toHaveLength(size);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect((error as Error).message).toContain('damaged');
        }
      }),
    );
  });
});
