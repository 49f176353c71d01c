/**
 * A writer for the cpio format "newc", which the Linux kernel unpacks as an initramfs
 * (Documentation/driver-api/early-userspace/buffer-format.rst). The same entries always give the
 * same bytes: sorted, owned by root, dated 1970. It does not read archives.
 */

/** One entry of an archive; `path` is relative, without a leading slash. */
export type CpioEntry =
  | { readonly type: 'directory'; readonly path: string; readonly mode: number }
  | {
      readonly type: 'file';
      readonly path: string;
      readonly mode: number;
      readonly data: Uint8Array;
    }
  | {
      readonly type: 'character-device';
      readonly path: string;
      readonly mode: number;
      readonly major: number;
      readonly minor: number;
    };

const typeBits = { directory: 0o040000, file: 0o100000, 'character-device': 0o020000 } as const;
const noBytes = new Uint8Array();

/** The archive of these entries. Directories must be among the entries of what lies in them. */
export function buildCpio(entries: readonly CpioEntry[]): Uint8Array {
  // By path, so that a directory comes before its content.
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const chunks: Uint8Array[] = [];
  sorted.forEach((entry, index) => {
    const data = entry.type === 'file' ? entry.data : noBytes;
    const device = entry.type === 'character-device' ? [entry.major, entry.minor] : [0, 0];
    chunks.push(
      header({
        inode: index + 1,
        mode: typeBits[entry.type] | entry.mode,
        links: entry.type === 'directory' ? 2 : 1,
        size: data.length,
        device,
        name: entry.path,
      }),
      data,
      padding(data.length),
    );
  });
  chunks.push(header({ inode: 0, mode: 0, links: 1, size: 0, device: [0, 0], name: 'TRAILER!!!' }));
  return Buffer.concat(chunks);
}

interface HeaderFields {
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly size: number;
  readonly device: readonly number[];
  readonly name: string;
}

function header({ inode, mode, links, size, device, name }: HeaderFields): Uint8Array {
  const nameBytes = Buffer.from(`${name}\0`);
  const owner = [0, 0];
  const modified = 0;
  const fileSystem = [0, 0];
  const checksum = 0;
  const numbers = [
    ...[inode, mode, ...owner, links, modified, size],
    ...[...fileSystem, ...device, nameBytes.length, checksum],
  ];
  const digits = numbers.map((number) => number.toString(16).toUpperCase().padStart(8, '0'));
  const head = Buffer.from(`070701${digits.join('')}`);
  return Buffer.concat([head, nameBytes, padding(head.length + nameBytes.length)]);
}

/** Header with name, and data, each end on a multiple of four. */
function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
