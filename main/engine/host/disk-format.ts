/** What the first bytes of a disk image say, as far as it decides whether QEMU may see it. Pure. */

/** Formats of disk images. */
export type DiskFormat = 'raw' | 'qcow2' | 'vmdk';

/** How many bytes of a file the functions here look at. */
export const diskHeadBytes = 16 * 1024;

const sectorBytes = 512;
const qcowMagic = Buffer.from('QFI\xfb', 'latin1');
const vmdkMagic = Buffer.from('KDMV', 'latin1');
const descriptorMagic = Buffer.from('# Disk DescriptorFile', 'latin1');
const luksMagic = Buffer.from('LUKS\xba\xbe', 'latin1');

/** The format of a disk by its content; what is not known is raw. */
export function detectDiskFormat(head: Buffer): DiskFormat {
  if (startsWith(head, qcowMagic)) return 'qcow2';
  if (startsWith(head, vmdkMagic) || startsWith(head, descriptorMagic)) return 'vmdk';
  return 'raw';
}

/** Whether it is a disk of LUKS, which looks raw. */
export function isLuks(head: Buffer): boolean {
  return startsWith(head, luksMagic);
}

/** Whether a VMDK is a text that names the files with its data. */
export function isVmdkDescriptor(head: Buffer): boolean {
  return startsWith(head, descriptorMagic);
}

/**
 * What is wrong with the header of a qcow2, or nothing. The layout is that of
 * docs/interop/qcow2.txt of QEMU; all else in it is judged by qemu-img.
 */
export function findQcow2Problem(head: Buffer): string | undefined {
  if (!startsWith(head, qcowMagic)) return 'it does not begin as a qcow2 does';
  if (head.length < 72) return 'its header ends early';
  const version = head.readUInt32BE(4);
  if (version !== 2 && version !== 3) {
    return `it is version ${String(version)} of its format; versions 2 and 3 are known`;
  }
  if (head.readUInt32BE(32) !== 0) return 'it is encrypted';
  if (version === 2) return undefined;
  if (head.length < 104) return 'its header ends early';
  const incompatible = head.readBigUInt64BE(72);
  // An external data file is opened by whoever opens the image, were it only to look at it.
  if ((incompatible & 4n) !== 0n) return 'it keeps its data in another file';
  if ((incompatible & 2n) !== 0n) return 'it is marked as corrupt; see `qemu-img check`';
  return undefined;
}

/**
 * What is wrong with the header of a VMDK that has its data itself, or nothing. The layout is that
 * of SparseExtentHeader in VMware's "Virtual Disk Format 5.0"; QEMU, block/vmdk.c.
 */
export function findSparseVmdkProblem(head: Buffer): string | undefined {
  if (!startsWith(head, vmdkMagic)) return 'it does not begin as a VMDK does';
  if (head.length < sectorBytes) return 'its header ends early';
  const version = head.readUInt32LE(4);
  if (version < 1 || version > 3) return `it is version ${String(version)} of its format`;
  // Without a capacity QEMU takes the text in it for one that names the files with the data.
  if (head.readBigUInt64LE(12) === 0n) return 'its header has no capacity';
  // QEMU looks for a parent here, wherever the header says that the text is.
  const text = head.subarray(sectorBytes, 21 * sectorBytes).toString('latin1');
  return findParent(text);
}

/** Whether the text of a VMDK names a disk that it rests on. */
export function findParent(text: string): string | undefined {
  // From the beginning of its own line: from those before it, many empty ones would take hours.
  const parent = /^[^\S\r\n\u2028\u2029]*parentCID\s*=\s*([0-9a-fA-F]+)/m.exec(text)?.[1];
  const hasParent = parent !== undefined && parent.toLowerCase() !== 'ffffffff';
  if (!hasParent && !text.includes('parentFileNameHint')) return undefined;
  return 'it rests on another VMDK; copy it to one file with `qemu-img convert`';
}

function startsWith(bytes: Buffer, magic: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic);
}
