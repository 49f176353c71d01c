/**
 * Extended attributes, all inline after their inode: a header of 12 zero bytes, then entries of
 * 4 bytes (name length, prefix index, value length), name and value, each padded to 4.
 */
import { alignUp } from './block.ts';

/** An extended attribute. The name's characters are its bytes. */
export interface Xattr {
  /** With its prefix: `security.capability`. */
  readonly name: string;
  readonly value: Uint8Array;
}

const headerBytes = 12;
const entryHeaderBytes = 4;

/** Prefixes that the kernel knows by number. The ACL ones are whole names. */
const prefixes: readonly { readonly text: string; readonly index: number }[] = [
  { text: 'user.', index: 1 },
  { text: 'trusted.', index: 4 },
  { text: 'security.', index: 6 },
];
const aclNames: ReadonlyMap<string, number> = new Map([
  ['system.posix_acl_access', 2],
  ['system.posix_acl_default', 3],
]);

/** Prefix index and the rest of the name; undefined where EROFS cannot hold the attribute. */
export function splitXattrName(name: string): { index: number; rest: string } | undefined {
  const acl = aclNames.get(name);
  if (acl !== undefined) return { index: acl, rest: '' };
  const prefix = prefixes.find(({ text }) => name.startsWith(text));
  if (prefix === undefined) return undefined;
  const rest = name.slice(prefix.text.length);
  return rest === '' || rest.length > 255 ? undefined : { index: prefix.index, rest };
}

/** Whether EROFS can hold the attribute. */
export function isStorableXattr(xattr: Xattr): boolean {
  return splitXattrName(xattr.name) !== undefined && xattr.value.length <= 0xffff;
}

/** Bytes that storable attributes take after their inode; a multiple of 4, 0 for none. */
export function xattrBytes(xattrs: readonly Xattr[]): number {
  if (xattrs.length === 0) return 0;
  let total = headerBytes;
  for (const xattr of xattrs) {
    const rest = splitXattrName(xattr.name)?.rest ?? '';
    total += alignUp(entryHeaderBytes + rest.length + xattr.value.length, 4);
  }
  return total;
}

/** What the inode says of the area's length: 0 for none, else words after the header, plus 1. */
export function xattrCountField(areaBytes: number): number {
  return areaBytes === 0 ? 0 : (areaBytes - headerBytes) / 4 + 1;
}

/** Writes storable attributes into zeroed bytes. */
export function serializeXattrs(xattrs: readonly Xattr[], into: Uint8Array): void {
  let at = headerBytes;
  for (const { name, value } of xattrs) {
    const split = splitXattrName(name);
    if (split === undefined) continue;
    const { index, rest } = split;
    into[at] = rest.length;
    into[at + 1] = index;
    into[at + 2] = value.length & 0xff;
    into[at + 3] = value.length >>> 8;
    for (let i = 0; i < rest.length; i++) into[at + 4 + i] = rest.charCodeAt(i);
    into.set(value, at + entryHeaderBytes + rest.length);
    at = alignUp(at + entryHeaderBytes + rest.length + value.length, 4);
  }
}
