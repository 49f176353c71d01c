/**
 * The little of ELF64, little-endian, that is needed of kernels and kernel modules: the sections
 * and the notes. Figures from the System V ABI, chapters 4 and 5.
 */

/** A section with its content. */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array;
}

/** A note: who defined it, its number there, and its content. */
export interface ElfNote {
  readonly owner: string;
  readonly type: number;
  readonly data: Uint8Array;
}

const sectionTypeNote = 7;
const sectionTypeNoBits = 8;

/** Whether the bytes are an ELF file of 64 bits, little-endian. */
export function isElf64(bytes: Uint8Array): boolean {
  return [0x7f, 0x45, 0x4c, 0x46, 2, 1].every((byte, index) => bytes[index] === byte);
}

/** Every section. @throws Error where the file is not ELF64 or its tables lie outside it */
export function readElfSections(bytes: Uint8Array): ElfSection[] {
  if (!isElf64(bytes)) throw new Error('This is not a 64-bit little-endian ELF file.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tableOffset = Number(view.getBigUint64(0x28, true));
  const entrySize = view.getUint16(0x3a, true);
  const count = view.getUint16(0x3c, true);
  const headers = Array.from({ length: count }, (_, index) => {
    const at = tableOffset + index * entrySize;
    return {
      nameOffset: view.getUint32(at, true),
      type: view.getUint32(at + 4, true),
      offset: Number(view.getBigUint64(at + 0x18, true)),
      size: Number(view.getBigUint64(at + 0x20, true)),
    };
  });
  const contentOf = (header: (typeof headers)[number] | undefined): Uint8Array => {
    if (header === undefined || header.type === sectionTypeNoBits) return new Uint8Array();
    if (header.offset + header.size > bytes.length) throw new Error('An ELF section is cut off.');
    return bytes.subarray(header.offset, header.offset + header.size);
  };
  const names = contentOf(headers[view.getUint16(0x3e, true)]);
  return headers.map((header) => ({
    name: textAt(names, header.nameOffset),
    type: header.type,
    data: contentOf(header),
  }));
}

/** Every note of every note section. */
export function readElfNotes(bytes: Uint8Array): ElfNote[] {
  const notes: ElfNote[] = [];
  for (const section of readElfSections(bytes)) {
    if (section.type !== sectionTypeNote) continue;
    const { data } = section;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at + 12 <= data.length;) {
      const ownerSize = view.getUint32(at, true);
      const size = view.getUint32(at + 4, true);
      const dataAt = at + 12 + aligned(ownerSize);
      notes.push({
        owner: textAt(data, at + 12),
        type: view.getUint32(at + 8, true),
        data: data.subarray(dataAt, dataAt + size),
      });
      at = dataAt + aligned(size);
    }
  }
  return notes;
}

function aligned(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/** The text up to the next zero byte. */
function textAt(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  return Buffer.from(bytes.subarray(offset, end === -1 ? undefined : end)).toString('utf8');
}
