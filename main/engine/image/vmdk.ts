/**
 * The descriptor of a VMDK disk that is the concatenation of files (VMware Virtual Disk Format 5.0,
 * twoGbMaxExtentFlat). Nothing is copied: QEMU reads the files where they are.
 */
import { AppError } from '../base/app-error.ts';
import type { RootExtent } from './types.ts';

const sectorBytes = 512;
const maxPieceBytes = 2 ** 31;

/** Builds the descriptor. Throws `image/unsupported` for a path that the format cannot quote. */
export function buildVmdkDescriptor(extents: readonly RootExtent[]): string {
  const lines = extents.flatMap(extentLines);
  return [
    '# Disk DescriptorFile',
    'version=1',
    'CID=fffffffe',
    'parentCID=ffffffff',
    'createType="twoGbMaxExtentFlat"',
    // Invariant: no blank line before the first extent. QEMU 7.2 would count that extent twice.
    '# Extent description',
    ...lines,
    '# The Disk Data Base',
    'ddb.virtualHWVersion = "4"',
    'ddb.adapterType = "ide"',
    '',
  ].join('\n');
}

function extentLines({ path, sizeBytes }: RootExtent): string[] {
  if (/["\n\r\0]/.test(path)) {
    throw new AppError(
      'image/unsupported',
      `The path ${JSON.stringify(path)} cannot be in a VMDK.`,
      {
        hint: 'Keep the images in a directory whose path has no quotes and no line breaks.',
      },
    );
  }
  if (sizeBytes % sectorBytes !== 0) {
    throw new RangeError(`${path} has ${String(sizeBytes)} bytes, which is no number of sectors.`);
  }
  const lines: string[] = [];
  for (let offset = 0; offset < sizeBytes; offset += maxPieceBytes) {
    const sectors = Math.min(maxPieceBytes, sizeBytes - offset) / sectorBytes;
    lines.push(`RW ${String(sectors)} FLAT "${path}" ${String(offset / sectorBytes)}`);
  }
  return lines;
}
