/** Where the frames of zstd data end (RFC 8878, section 3.1). */

/** RFC 8878, 3.1.1 and 3.1.2; of the second the last four bits are free. */
const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;

/** Bytes of the dictionary's name and of the length of the content, by their flags. */
const dictionaryBytes = [0, 1, 2, 4];
const contentSizeBytes = [0, 2, 4, 8];

const checksumBytes = 4;
const blockHeaderBytes = 3;
/** A block of one byte that is repeated, and one of a type that does not exist. */
const repeatedBlock = 1;
const reservedBlock = 3;

/** What the number is that is being read; `nonsense` has no end. */
type Part = 'magic' | 'skippable-size' | 'descriptor' | 'block' | 'nonsense';

const partBytes: Readonly<Record<Exclude<Part, 'nonsense'>, number>> = {
  magic: 4,
  'skippable-size': 4,
  descriptor: 1,
  block: blockHeaderBytes,
};

/** Finds ends of frames in data that comes in pieces of any length. Decides nothing: that is for who decompresses it. */
export class ZstdFrames {
  #part: Part = 'magic';
  /** Little-endian, as far as it has come. */
  #number = 0;
  #numberBytes = 0;
  /** Bytes to pass over before the next number, and whether the frame ends with them. */
  #skip = 0;
  #endsAfterSkip = false;
  #hasChecksum = false;

  /** Cuts a piece after each frame that ends in it; every byte is in one of the parts. */
  split(piece: Buffer): Buffer[] {
    const parts: Buffer[] = [];
    let begin = 0;
    for (let at = 0; at < piece.length;) {
      if (this.#part === 'nonsense') break;
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, piece.length - at);
        this.#skip -= passed;
        at += passed;
      } else {
        this.#take(piece[at] ?? 0, this.#part);
        at += 1;
      }
      if (this.#skip > 0 || !this.#endsAfterSkip) continue;
      this.#endsAfterSkip = false;
      parts.push(piece.subarray(begin, at));
      begin = at;
    }
    // An empty piece is one, too: it may say that the rest is wanted.
    if (begin === 0) return [piece];
    if (begin < piece.length) parts.push(piece.subarray(begin));
    return parts;
  }

  #take(byte: number, part: Exclude<Part, 'nonsense'>): void {
    this.#number += byte * 2 ** (8 * this.#numberBytes);
    this.#numberBytes += 1;
    if (this.#numberBytes < partBytes[part]) return;
    const number = this.#number;
    this.#number = 0;
    this.#numberBytes = 0;
    switch (part) {
      case 'magic':
        this.#part =
          number === frameMagic
            ? 'descriptor'
            : number - (number % 16) === skippableMagic
              ? 'skippable-size'
              : 'nonsense';
        return;
      case 'skippable-size':
        this.#endFrame(number);
        return;
      case 'descriptor':
        this.#onDescriptor(number);
        return;
      case 'block':
        this.#onBlock(number);
        return;
    }
  }

  #onDescriptor(flags: number): void {
    const isSingleSegment = (flags & 0x20) !== 0;
    const contentSize = contentSizeBytes[flags >> 6] ?? 0;
    const window = isSingleSegment ? 0 : 1;
    const smallSize = isSingleSegment && contentSize === 0 ? 1 : 0;
    this.#hasChecksum = (flags & 0x04) !== 0;
    this.#skip = window + (dictionaryBytes[flags & 0x03] ?? 0) + contentSize + smallSize;
    this.#part = 'block';
  }

  #onBlock(header: number): void {
    const type = (header >> 1) & 0x03;
    if (type === reservedBlock) {
      this.#part = 'nonsense';
      return;
    }
    const contentBytes = type === repeatedBlock ? 1 : header >> 3;
    const isLast = (header & 0x01) !== 0;
    if (isLast) this.#endFrame(contentBytes + (this.#hasChecksum ? checksumBytes : 0));
    else this.#skip = contentBytes;
  }

  #endFrame(bytesBefore: number): void {
    this.#skip = bytesBefore;
    this.#endsAfterSkip = true;
    this.#part = 'magic';
  }
}
