/**
 * Gets the bare kernel out of what a distribution packages. A virtual machine monitor that enters
 * an ELF kernel directly (PVH) spares the guest its own decompression, which emulation makes slow.
 * Layout of a bzImage: Documentation/arch/x86/boot.rst.
 */
import { decompress, startsWith } from './decompress.ts';
import { isElf64, readElfNotes } from './elf.ts';
import { decompressLz4Legacy, isLz4Legacy } from './lz4.ts';

/** Xen's ELF note that names the 32-bit PVH entry point (xen/include/public/elfnote.h). */
const pvhEntryNote = { owner: 'Xen', type: 18 };

/** boot.rst: sector count of the real-mode part, magic, version, place of the payload. */
const setupSectorsAt = 0x1f1;
const headerMagicAt = 0x202;
const versionAt = 0x206;
const payloadOffsetAt = 0x248;
const payloadLengthAt = 0x24c;
const versionWithPayload = 0x0208;

/**
 * The uncompressed kernel of an x86 bzImage, where it has a PVH entry; undefined where it has none
 * or is packed in a way that is not read here, and the bzImage has to be booted itself.
 */
export function extractPvhKernel(bzImage: Uint8Array): Uint8Array | undefined {
  const payload = findPayload(bzImage);
  if (payload === undefined) return undefined;
  const kernel = unpack(payload);
  if (kernel === undefined || !isElf64(kernel)) return undefined;
  const isPvh = readElfNotes(kernel).some(
    ({ owner, type }) => owner === pvhEntryNote.owner && type === pvhEntryNote.type,
  );
  return isPvh ? kernel : undefined;
}

function findPayload(image: Uint8Array): Uint8Array | undefined {
  if (image.length < payloadLengthAt + 4) return undefined;
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const hasHeader = view.getUint32(headerMagicAt, false) === 0x48647253; // "HdrS"
  if (!hasHeader || view.getUint16(versionAt, true) < versionWithPayload) return undefined;
  // A count of zero means four, for the oldest loaders.
  const setupSectors = view.getUint8(setupSectorsAt) || 4;
  const start = (setupSectors + 1) * 512 + view.getUint32(payloadOffsetAt, true);
  const end = start + view.getUint32(payloadLengthAt, true);
  return end <= image.length ? image.subarray(start, end) : undefined;
}

function unpack(payload: Uint8Array): Uint8Array | undefined {
  if (isElf64(payload)) return payload;
  // gzip carries the unpacked size itself; to the others the kernel's build appends it.
  if (startsWith(payload, [0x1f, 0x8b])) return decompress(payload);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const packed = payload.subarray(0, payload.length - 4);
  if (isLz4Legacy(packed)) {
    return decompressLz4Legacy(packed, view.getUint32(payload.length - 4, true));
  }
  const unpacked = decompress(packed);
  return unpacked === packed ? undefined : unpacked;
}
