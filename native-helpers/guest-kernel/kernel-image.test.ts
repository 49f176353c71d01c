import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readElfNotes } from './elf.ts';
import { extractPvhKernel } from './kernel-image.ts';

const pvhNote = { owner: 'Xen', type: 18, data: Buffer.from('entry!!!') };

/** An ELF file that holds nothing but notes, in a section of their own. */
function elfWith(notes: readonly { owner: string; type: number; data: Buffer }[]): Buffer {
  const content = Buffer.concat(
    notes.map(({ owner, type, data }) => {
      const head = Buffer.alloc(12);
      head.writeUInt32LE(owner.length + 1, 0);
      head.writeUInt32LE(data.length, 4);
      head.writeUInt32LE(type, 8);
      const name = Buffer.alloc(Math.ceil((owner.length + 1) / 4) * 4);
      name.write(owner);
      return Buffer.concat([head, name, data]);
    }),
  );
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01', 'latin1');
  header.writeBigUInt64LE(64n, 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(1, 0x3c);
  const section = Buffer.alloc(64);
  section.writeUInt32LE(7, 4);
  section.writeBigUInt64LE(128n, 0x18);
  section.writeBigUInt64LE(BigInt(content.length), 0x20);
  return Buffer.concat([header, section, content]);
}

/** A bzImage with one sector of setup and this payload directly after it. */
function bzImageOf(payload: Uint8Array): Buffer {
  const setup = Buffer.alloc(2 * 512);
  setup.writeUInt8(1, 0x1f1);
  setup.write('HdrS', 0x202);
  setup.writeUInt16LE(0x020f, 0x206);
  setup.writeUInt32LE(0, 0x248);
  setup.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([setup, payload]);
}

/** As the kernel's build does for everything but gzip. */
function withSize(packed: Uint8Array, size: number): Buffer {
  const end = Buffer.alloc(4);
  end.writeUInt32LE(size);
  return Buffer.concat([packed, end]);
}

describe('extractPvhKernel', () => {
  const kernel = elfWith([{ owner: 'GNU', type: 3, data: Buffer.from('id__') }, pvhNote]);

  it('unpacks a kernel, however it is packed', () => {
    const packed = [gzipSync(kernel), withSize(zstdCompressSync(kernel), kernel.length), kernel];
    for (const payload of packed) {
      const extracted = extractPvhKernel(bzImageOf(payload));
      expect(extracted && Buffer.from(extracted).equals(kernel)).toBe(true);
    }
  });

  it('leaves a kernel that cannot be entered directly', () => {
    const without = elfWith([
      { ...pvhNote, owner: 'Xem' },
      { ...pvhNote, type: 17 },
    ]);
    expect(extractPvhKernel(bzImageOf(gzipSync(without)))).toBeUndefined();
    expect(extractPvhKernel(bzImageOf(gzipSync(Buffer.from('no ELF'))))).toBeUndefined();
  });

  it('leaves what is packed in another way, and what is no bzImage', () => {
    expect(extractPvhKernel(bzImageOf(withSize(Buffer.from('BZh9'), 4)))).toBeUndefined();
    expect(extractPvhKernel(kernel)).toBeUndefined();
    const cut = bzImageOf(gzipSync(kernel)).subarray(0, 1030);
    expect(extractPvhKernel(cut)).toBeUndefined();
  });
});

describe('readElfNotes', () => {
  it('reads owner, type and content of each note', () => {
    const read = readElfNotes(elfWith([pvhNote, { ...pvhNote, owner: 'Linux', type: 1 }]));
    expect(read.map(({ owner, type }) => [owner, type])).toEqual([
      ['Xen', 18],
      ['Linux', 1],
    ]);
    expect(Buffer.from(read[0]?.data ?? []).toString()).toBe('entry!!!');
  });

  it('ends for any bytes after the headers', () => {
    const elf = elfWith([pvhNote]);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 28, maxLength: 28 }), (content) => {
        const damaged = Buffer.concat([elf.subarray(0, 128), content]);
        expect(readElfNotes(damaged).length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
