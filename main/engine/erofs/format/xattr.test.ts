import { describe, expect, it } from 'vitest';
import {
  isStorableXattr,
  serializeXattrs,
  splitXattrName,
  xattrBytes,
  xattrCountField,
} from './xattr.ts';

const value = Uint8Array.of(1, 2, 255);

describe('xattrs', () => {
  it('stores names by the number of their prefix', () => {
    expect(splitXattrName('user.comment')).toEqual({ index: 1, rest: 'comment' });
    expect(splitXattrName('trusted.a')).toEqual({ index: 4, rest: 'a' });
    expect(splitXattrName('security.capability')).toEqual({ index: 6, rest: 'capability' });
    expect(splitXattrName('system.posix_acl_default')).toEqual({ index: 3, rest: '' });
  });

  it.each(['system.nfs4_acl', 'user.', 'other', `user.${'x'.repeat(256)}`])(
    'says that it cannot hold %s',
    (name) => {
      expect(isStorableXattr({ name, value })).toBe(false);
    },
  );

  it('pads each entry to 4 bytes, after a header of 12', () => {
    const xattrs = [{ name: 'user.ab', value }];
    const bytes = Buffer.alloc(xattrBytes(xattrs));
    serializeXattrs(xattrs, bytes);
    expect(bytes.toString('hex')).toBe('00'.repeat(12) + '02010300' + '6162' + '0102ff' + '000000');
    expect(xattrCountField(bytes.length)).toBe(4);
  });

  it('takes no room where there are none', () => {
    expect(xattrBytes([])).toBe(0);
    expect(xattrCountField(0)).toBe(0);
  });
});
