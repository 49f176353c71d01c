/**
 * A reader for the legacy LZ4 frame that the Linux kernel build uses for its own image
 * (lz4 doc/lz4_Frame_format.md, "Legacy frame", and lz4_Block_format.md). Node has no LZ4.
 */

const legacyMagic = 0x184c2102;

/** Whether the bytes begin as a legacy LZ4 frame. */
export function isLz4Legacy(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === legacyMagic;
}

/**
 * The `size` bytes that a legacy frame holds.
 * @throws Error where the frame is damaged or holds another amount
 */
export function decompressLz4Legacy(frame: Uint8Array, size: number): Uint8Array {
  if (!isLz4Legacy(frame)) throw new Error('This is not a legacy LZ4 frame.');
  const view = viewOf(frame);
  const output = new Uint8Array(size);
  let input = 4;
  let written = 0;
  while (written < size) {
    if (input + 4 > frame.length) throw damaged(input);
    const blockEnd = input + 4 + view.getUint32(input, true);
    if (blockEnd > frame.length) throw damaged(input);
    written = decompressBlock(frame, input + 4, blockEnd, output, written);
    input = blockEnd;
  }
  return output;
}

function decompressBlock(
  frame: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  outputStart: number,
): number {
  let input = start;
  let written = outputStart;
  const byte = (): number => {
    const value = frame[input++];
    if (value === undefined || input > end) throw damaged(input);
    return value;
  };
  const longLength = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15) {
      let more: number;
      do length += more = byte();
      while (more === 255);
    }
    return length;
  };
  while (input < end) {
    const token = byte();
    const literals = longLength(token >> 4);
    if (input + literals > end || written + literals > output.length) throw damaged(input);
    output.set(frame.subarray(input, input + literals), written);
    input += literals;
    written += literals;
    // The last sequence of a block is literals alone.
    if (input === end) break;
    const distance = byte() | (byte() << 8);
    const matchLength = longLength(token & 15) + 4;
    const from = written - distance;
    if (distance === 0 || from < outputStart || written + matchLength > output.length) {
      throw damaged(input);
    }
    if (distance >= matchLength) output.copyWithin(written, from, from + matchLength);
    else repeat(output, from, written, matchLength);
    written += matchLength;
  }
  return written;
}

/** A match that overlaps itself repeats what it has just written. */
function repeat(output: Uint8Array, from: number, to: number, length: number): void {
  for (let index = 0; index < length; index++) output[to + index] = output[from + index] ?? 0;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(offset: number): Error {
  return new Error(`The LZ4 frame is damaged near byte ${String(offset)}.`);
}
