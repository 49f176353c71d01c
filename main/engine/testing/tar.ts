/** Tars for tests, entry by entry, the same bytes every time; honest ones and others. */

/** One entry. Names and targets are written as they are, however hostile. */
export interface TarEntry {
  readonly name: string;
  readonly type?: keyof typeof typeflags;
  readonly content?: string | Uint8Array;
  /** Target of a symlink or a hard link. */
  readonly target?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds; a fraction is written as a PAX record. */
  readonly mtime?: number;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: Readonly<Record<string, string | Uint8Array>>;
  /** PAX records besides those that the entry needs. */
  readonly pax?: Readonly<Record<string, string | Uint8Array>>;
  /** How names that do not fit the header are written. PAX by default. */
  readonly longNames?: 'pax' | 'gnu';
  /** The size that the header claims, where it is not that of the content. */
  readonly claimedSize?: number;
}

const typeflags = {
  file: '0',
  link: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
} as const;

const blockBytes = 512;
const defaultMtime = Date.UTC(2024, 0, 2, 3, 4, 5) / 1000;

/** Makes a tar of the entries, in their order, with its end marker. */
export function makeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(encodeEntry), Buffer.alloc(2 * blockBytes)]);
}

function encodeEntry(entry: TarEntry): Buffer[] {
  const type = entry.type ?? 'file';
  const content = Buffer.from(entry.content ?? '');
  const mtime = entry.mtime ?? defaultMtime;
  const name = type === 'directory' && !entry.name.endsWith('/') ? `${entry.name}/` : entry.name;
  const records: [name: string, value: string | Uint8Array][] = Object.entries(entry.pax ?? {});
  const prefix: Buffer[] = [];
  const useGnu = entry.longNames === 'gnu';
  const long = (text: string, paxName: string, gnuFlag: string): void => {
    if (Buffer.byteLength(text) <= 100 && (useGnu || isPlain(text))) return;
    if (useGnu) prefix.push(...encodeRaw('././@LongLink', gnuFlag, Buffer.from(`${text}\0`)));
    else records.push([paxName, text]);
  };
  long(name, 'path', 'L');
  if (entry.target !== undefined) long(entry.target, 'linkpath', 'K');
  for (const [key, value] of Object.entries(entry.xattrs ?? {})) {
    records.push([`SCHILY.xattr.${key}`, value]);
  }
  if (!Number.isInteger(mtime)) records.push(['mtime', String(mtime)]);
  for (const key of ['uid', 'gid'] as const) {
    const id = entry[key] ?? 0;
    if (id > 0o7777777) records.push([key, String(id)]);
  }
  if (records.length > 0) {
    const body = Buffer.concat(records.map(([key, value]) => encodeRecord(key, value)));
    prefix.push(...encodeRaw('PaxHeaders/entry', 'x', body));
  }
  const mode = entry.mode ?? (type === 'directory' ? 0o755 : type === 'symlink' ? 0o777 : 0o644);
  const header = encodeHeader({
    name,
    mode,
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    size: entry.claimedSize ?? content.length,
    mtime: Math.floor(mtime),
    typeflag: typeflags[type],
    target: entry.target ?? '',
    device: entry.device ?? { major: 0, minor: 0 },
  });
  return [...prefix, header, content, padding(content.length)];
}

/** An entry that describes the next one. */
function encodeRaw(name: string, typeflag: string, body: Buffer): Buffer[] {
  const device = { major: 0, minor: 0 };
  const size = body.length;
  const fields = {
    name,
    typeflag,
    size,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    target: '',
    device,
  };
  return [encodeHeader(fields), body, padding(size)];
}

/**
 * POSIX ustar header, offsets in bytes:
 * 0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 checksum 8 |
 * 156 typeflag 1 | 157 linkname 100 | 257 magic 6 | 263 version 2 | 329 devmajor 8 | 337 devminor 8
 */
function encodeHeader(fields: {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly typeflag: string;
  readonly target: string;
  readonly device: { readonly major: number; readonly minor: number };
}): Buffer {
  const header = Buffer.alloc(blockBytes);
  Buffer.from(fields.name).copy(header, 0, 0, 100);
  writeNumber(header, fields.mode, 100, 8);
  writeNumber(header, fields.uid, 108, 8);
  writeNumber(header, fields.gid, 116, 8);
  writeNumber(header, fields.size, 124, 12);
  writeNumber(header, fields.mtime, 136, 12);
  header.fill(' ', 148, 156);
  header.write(fields.typeflag, 156);
  Buffer.from(fields.target).copy(header, 157, 0, 100);
  header.write('ustar\0' + '00', 257);
  writeNumber(header, fields.device.major, 329, 8);
  writeNumber(header, fields.device.minor, 337, 8);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Octal digits and a NUL; where they do not fit, the base-256 form of GNU tar. */
function writeNumber(header: Buffer, value: number, offset: number, length: number): void {
  const digits = value.toString(8);
  if (value >= 0 && digits.length < length) {
    header.write(digits.padStart(length - 1, '0'), offset);
    return;
  }
  let rest = BigInt(value);
  for (let index = length - 1; index >= 0; index -= 1) {
    header[offset + index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  header[offset] = value < 0 ? 0xff : 0x80;
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function encodeRecord(key: string, value: string | Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) {
    length = String(length).length + rest.length;
  }
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function padding(size: number): Buffer {
  return Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);
}

/** Whether every tar reader agrees on the text. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
