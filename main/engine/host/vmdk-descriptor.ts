/** The text form of a VMDK, which names the files with its data. VMware's "Virtual Disk Format 5.0". Pure. */
import { findParent } from './disk-format.ts';

/** As QEMU has it, block/vmdk.c: what comes after it is not read. */
export const maxDescriptorBytes = 1024 * 1024 - 1;
const maxExtents = 4096;

/** A file that a descriptor names. */
export interface VmdkExtent {
  /** Of a file beside the descriptor. */
  readonly name: string;
  /** Whether the file has a header of its own, as a VMDK with its data has. */
  readonly isSparse: boolean;
}

/** The files of a descriptor, or what is wrong with it. */
export type DescriptorReading =
  { readonly extents: readonly VmdkExtent[] } | { readonly problem: string };

/**
 * Reads a descriptor strictly: a line that QEMU might read in another way is a problem. Names are
 * plain, so that they lead nowhere else.
 */
export function readVmdkDescriptor(text: string): DescriptorReading {
  const nul = text.indexOf('\0');
  const content = nul < 0 ? text : text.slice(0, nul);
  if (/[^\0]/.test(text.slice(content.length))) return { problem: 'its text holds binary data' };
  const parent = findParent(content);
  if (parent !== undefined) return { problem: parent };
  const extents: VmdkExtent[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    const words = line.trim();
    if (words === '' || words.startsWith('#') || /^[A-Za-z][\w.:]*\s*=[^\r]*$/.test(words))
      continue;
    const extent = readExtent(words);
    if (typeof extent === 'string') {
      return { problem: `line ${String(index + 1)} of its text ${extent}` };
    }
    if (extent === undefined) continue;
    if (extents.length === maxExtents) {
      return { problem: `it names more than ${String(maxExtents)} files` };
    }
    extents.push(extent);
  }
  if (extents.length === 0) return { problem: 'it names no file with its data' };
  return { extents };
}

/** One line of extents; undefined where it names no file, words where it is not one that is read. */
function readExtent(line: string): VmdkExtent | string | undefined {
  if (/^(?:RW|RDONLY|NOACCESS) \d{1,15} ZERO$/.test(line)) return undefined;
  const match = /^RW \d{1,15} (FLAT|VMFS|SPARSE) "([^"\r]*)"(?: \d{1,15})?$/.exec(line);
  const [, type, name] = match ?? [];
  if (type === undefined || name === undefined) return 'is not one that is known';
  if (!isPlainName(name)) return `names ${JSON.stringify(name)}, which is not a file beside it`;
  return { name, isSparse: type === 'SPARSE' };
}

function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.length > 255) return false;
  // eslint-disable-next-line no-control-regex -- they are what is refused
  return !/[/:\\\x00-\x1f\x7f]/.test(name);
}
