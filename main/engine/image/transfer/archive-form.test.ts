import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeTar } from '../../testing/tar.ts';
import { archiveForm, layerCompression } from './archive-form.ts';

const tar = makeTar([{ name: 'file', content: 'content' }]);

describe('archiveForm', () => {
  it.each([
    ['a tar', tar, { kind: 'tar' }],
    ['a tar without entries', makeTar([]), { kind: 'tar' }],
    ['a tar whose first name is a magic', makeTar([{ name: 'BZh' }]), { kind: 'tar' }],
    ['gzip', gzipSync(tar), { kind: 'gzip' }],
    ['zstd', zstdCompressSync(tar), { kind: 'zstd' }],
    ['zstd after a frame to pass over', Buffer.from('5e2a4d1800000000', 'hex'), { kind: 'zstd' }],
    ['xz', Buffer.from('fd377a585a0000', 'hex'), { kind: 'other', seems: 'xz' }],
    ['bzip2', Buffer.from('BZh91AY'), { kind: 'other', seems: 'bzip2' }],
    ['zip', Buffer.from('PK\u0003\u0004'), { kind: 'other', seems: 'zip' }],
    ['nothing', Buffer.alloc(0), { kind: 'empty' }],
    ['text', Buffer.from('#!/bin/sh\n'), { kind: 'other' }],
    ['a tar with a wrong checksum', Buffer.from(tar).fill('x', 0, 1), { kind: 'other' }],
    ['the beginning of a tar', tar.subarray(0, 511), { kind: 'other' }],
  ])('tells %s', (_, bytes, form) => {
    expect(archiveForm(bytes.subarray(0, 512))).toEqual(form);
  });

  it('takes any layer that is not compressed as it is', () => {
    expect(layerCompression(Buffer.from('BZh'))).toBe('none');
    expect(layerCompression(gzipSync(''))).toBe('gzip');
  });
});
