/** What a file is, told by its first bytes and never by its name. Pure. */

/** Bytes that {@link archiveForm} wants to see, where the file has as many. */
export const formBytes = 512;

/** What the file is; `other` where it is no archive that is read, with a word for what it seems. */
export type ArchiveForm =
  | { readonly kind: 'tar' | 'gzip' | 'zstd' | 'empty' }
  | { readonly kind: 'other'; readonly seems?: string };

const magics: readonly { readonly bytes: readonly number[]; readonly form: ArchiveForm }[] = [
  // RFC 1952, 2.3.1
  { bytes: [0x1f, 0x8b], form: { kind: 'gzip' } },
  // RFC 8878, 3.1.1
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], form: { kind: 'zstd' } },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], form: { kind: 'other', seems: 'xz' } },
  { bytes: [0x42, 0x5a, 0x68], form: { kind: 'other', seems: 'bzip2' } },
  { bytes: [0x50, 0x4b, 0x03, 0x04], form: { kind: 'other', seems: 'zip' } },
];

/** POSIX.1-1988: where the header of a tar has its checksum. */
const checksumField = { offset: 148, length: 8 };

/** Tells a form by the first bytes of a file. */
export function archiveForm(head: Uint8Array): ArchiveForm {
  if (head.length === 0) return { kind: 'empty' };
  // A tar can begin with any name, and so with any magic: its checksum is the better evidence.
  if (isTarHeader(head)) return { kind: 'tar' };
  if (isSkippableFrame(head)) return { kind: 'zstd' };
  const found = magics.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  return found?.form ?? { kind: 'other' };
}

/** How a layer is compressed; `none` for whatever is neither. */
export function layerCompression(head: Uint8Array): 'none' | 'gzip' | 'zstd' {
  const { kind } = archiveForm(head);
  return kind === 'gzip' || kind === 'zstd' ? kind : 'none';
}

/** RFC 8878, 3.1.2: several programs begin with one, to find their frames again. */
function isSkippableFrame(head: Uint8Array): boolean {
  const [first = 0, ...rest] = head.subarray(0, 4);
  return first >> 4 === 0x5 && Buffer.from(rest).toString('hex') === '2a4d18';
}

function isTarHeader(head: Uint8Array): boolean {
  if (head.length < formBytes) return false;
  const { offset, length } = checksumField;
  const text = Buffer.from(head.subarray(offset, offset + length)).toString('latin1');
  const stated = /^ *([0-7]+)[ \0]*$/.exec(text)?.[1];
  if (stated === undefined) {
    // An archive without entries: the two blocks of zeros that end it.
    return head.subarray(0, formBytes).every((byte) => byte === 0);
  }
  let sum = 0;
  for (let index = 0; index < formBytes; index++) {
    const isOfChecksum = index >= offset && index < offset + length;
    sum += isOfChecksum ? 0x20 : (head[index] ?? 0);
  }
  return sum === Number.parseInt(stated, 8);
}
