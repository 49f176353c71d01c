import { describe, expect, it } from 'vitest';
import { buildVmdkDescriptor } from './vmdk.ts';

describe('buildVmdkDescriptor', () => {
  it('names each file in pieces of at most 2 GiB', () => {
    const descriptor = buildVmdkDescriptor([
      { path: '/store/roots/a.erofs', sizeBytes: 8192 },
      { path: '/store/layers/b/data', sizeBytes: 2 ** 31 + 4096 },
    ]);
    expect(descriptor).toMatchInlineSnapshot(`
      "# Disk DescriptorFile
      version=1
      CID=fffffffe
      parentCID=ffffffff
      createType="twoGbMaxExtentFlat"
      # Extent description
      RW 16 FLAT "/store/roots/a.erofs" 0
      RW 4194304 FLAT "/store/layers/b/data" 0
      RW 8 FLAT "/store/layers/b/data" 4194304
      # The Disk Data Base
      ddb.virtualHWVersion = "4"
      ddb.adapterType = "ide"
      "
    `);
  });

  it('never has a blank line before an extent, which QEMU 7.2 would count twice', () => {
    const lines = buildVmdkDescriptor([{ path: '/a', sizeBytes: 4096 }]).split('\n');
    const first = lines.findIndex((line) => line.startsWith('RW '));
    expect(lines[first - 1]).toMatch(/^#/);
    expect(lines.slice(0, first)).not.toContain('');
  });

  it.each(['/a"b', '/a\nRW 1 FLAT "/etc/shadow" 0', '/a\0'])('refuses the path %j', (path) => {
    expect(() => buildVmdkDescriptor([{ path, sizeBytes: 4096 }])).toThrow(
      expect.objectContaining({ code: 'image/unsupported' }),
    );
  });

  it('refuses a length that is no number of sectors', () => {
    expect(() => buildVmdkDescriptor([{ path: '/a', sizeBytes: 100 }])).toThrow(RangeError);
  });
});
